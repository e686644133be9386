import { MousePointerClick } from "lucide-react";
import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { Stores } from "#renderer/state/stores.ts";
import { EmptyState } from "#renderer/ui/empty-state.tsx";
import { EventInspector } from "./event-inspector.tsx";
import { FileInspector } from "./file-inspector.tsx";
import { FindingInspector } from "./finding-inspector.tsx";

/** What is selected, in full. */
export function Inspector({ stores }: { stores: Stores }) {
  const selection = useStore(stores.app.state, ({ history }) => history.here.selection);
  const scrolled = useRef("");
  // Whatever is shown next is read from its beginning.
  useEffect(() => {
    const shown = JSON.stringify(selection);
    if (shown !== scrolled.current) document.getElementById("inspector")?.scrollTo({ top: 0 });
    scrolled.current = shown;
  }, [selection]);
  if (selection === null) {
    return (
      <EmptyState Icon={MousePointerClick} title="Nothing selected">
        Select a row to see what is known about it, or drop a file to inspect its signature.
      </EmptyState>
    );
  }
  if (selection.kind === "event")
    return <EventInspector key={selection.rowId} stores={stores} rowId={selection.rowId} />;
  if (selection.kind === "file") return <FileInspector key={selection.path} stores={stores} path={selection.path} />;
  return <FindingInspector key={selection.id} stores={stores} id={selection.id} />;
}
