import { MousePointerClick } from "lucide-react";
import { useStore } from "zustand";
import type { Stores } from "#renderer/state/stores.ts";
import { EmptyState } from "#renderer/ui/empty-state.tsx";
import { EventInspector } from "./event-inspector.tsx";
import { FindingInspector } from "./finding-inspector.tsx";

/** What is selected, in full. */
export function Inspector({ stores }: { stores: Stores }) {
  const selection = useStore(stores.app.state, ({ history }) => history.here.selection);
  if (selection === null) {
    return (
      <EmptyState Icon={MousePointerClick} title="Nothing selected">
        Select a row to see what is known about it.
      </EmptyState>
    );
  }
  return selection.kind === "event" ? (
    <EventInspector key={selection.rowId} stores={stores} rowId={selection.rowId} />
  ) : (
    <FindingInspector key={selection.id} stores={stores} id={selection.id} />
  );
}
