import { ChevronLeft, ChevronRight, PanelRight } from "lucide-react";
import { useStore } from "zustand";
import type { Stores } from "#renderer/state/stores.ts";
import { TimelineToolbar } from "#renderer/timeline/timeline-toolbar.tsx";
import { Button } from "#renderer/ui/button.tsx";
import { SECTION_LOOKS } from "./sections.ts";
import styles from "./title-bar.module.css";

/** The window's title bar: where one is, what can be done there. */
export function TitleBar({ stores }: { stores: Stores }) {
  const { app } = stores;
  const section = useStore(app.state, ({ history }) => history.here.section);
  const canGoBack = useStore(app.state, ({ history }) => history.back.length > 0);
  const canGoForward = useStore(app.state, ({ history }) => history.forward.length > 0);
  const inspectorOpen = useStore(app.state, (state) => state.inspectorOpen);
  const word = SECTION_LOOKS.find((look) => look.section === section)?.word;
  const showsFile = useStore(app.state, ({ history }) => history.here.selection?.kind === "file");
  const inspects = section === "timeline" || section === "findings" || showsFile;
  return (
    <header className={styles.bar}>
      <div className={styles.nav}>
        <Button look="icon" aria-label="Back" disabled={!canGoBack} onClick={() => app.back()}>
          <ChevronLeft size={18} aria-hidden />
        </Button>
        <Button look="icon" aria-label="Forward" disabled={!canGoForward} onClick={() => app.forward()}>
          <ChevronRight size={18} aria-hidden />
        </Button>
      </div>
      <h1 className={styles.title}>{word}</h1>
      <div className={styles.space} />
      {section === "timeline" && <TimelineToolbar stores={stores} />}
      {inspects && (
        <Button
          look="icon"
          aria-label="Inspector"
          aria-pressed={inspectorOpen}
          onClick={() => app.setInspectorOpen(!inspectorOpen)}
        >
          <PanelRight size={16} aria-hidden />
        </Button>
      )}
    </header>
  );
}
