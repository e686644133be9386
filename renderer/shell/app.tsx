import { CircleAlert } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { CoverageView } from "#renderer/coverage/coverage-view.tsx";
import { FindingsView } from "#renderer/findings/findings-view.tsx";
import { Inspector } from "#renderer/inspector/inspector.tsx";
import { Onboarding } from "#renderer/onboarding/onboarding.tsx";
import { PostureView } from "#renderer/posture/posture-view.tsx";
import { SettingsView } from "#renderer/settings/settings-view.tsx";
import type { Section } from "#renderer/state/navigation.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { TimelineView } from "#renderer/timeline/timeline-view.tsx";
import { Button } from "#renderer/ui/button.tsx";
import { EmptyState } from "#renderer/ui/empty-state.tsx";
import { Skeleton } from "#renderer/ui/skeleton.tsx";
import { Banners } from "./banners.tsx";
import { runCommand } from "./commands.ts";
import { DropZone } from "./drop-zone.tsx";
import { InspectorPane } from "./inspector-pane.tsx";
import { ShortcutsDialog } from "./shortcuts-dialog.tsx";
import { commandFor } from "./shortcuts.ts";
import { Sidebar } from "./sidebar.tsx";
import { TitleBar } from "./title-bar.tsx";
import styles from "./app.module.css";

const VIEWS: Record<Section, (props: { stores: Stores }) => React.ReactNode> = {
  timeline: TimelineView,
  findings: FindingsView,
  posture: PostureView,
  coverage: CoverageView,
  settings: SettingsView,
};

/** The window: three panes, and what holds for all of them. */
export function App({ stores }: { stores: Stores }) {
  const { app } = stores;
  const section = useStore(app.state, ({ history }) => history.here.section);
  const phase = useStore(app.state, (state) => state.phase);
  const failure = useStore(app.state, (state) => state.failure);
  const waitingForMonitor = useStore(app.state, (state) => state.monitor === null);
  const inspectorOpen = useStore(app.state, (state) => state.inspectorOpen);
  const nothingSelected = useStore(app.state, ({ history }) => history.here.selection === null);
  const showsFile = useStore(app.state, ({ history }) => history.here.selection?.kind === "file");
  const announcement = useStore(app.state, (state) => state.announcement);
  const theme = useStore(app.state, (state) => state.settings.theme);
  const platform = useStore(app.state, (state) => state.info?.platform);
  const firstRun = useStore(
    app.state,
    ({ info, settings, monitor }) =>
      info?.liveCollection === true && !settings.onboardingDone && monitor !== null && monitor.recording === null,
  );
  const [shortcuts, showShortcuts] = useState(false);

  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);

  useEffect(() => {
    const targets = { stores, showShortcuts };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
      const command = commandFor(event);
      if (command === null) return;
      if (command !== "close") event.preventDefault();
      runCommand(command, targets);
    };
    document.addEventListener("keydown", onKeyDown);
    const stop = stores.commands.listen((command) => runCommand(command, targets));
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      stop();
    };
  }, [stores]);

  // Leaving a section takes its list away, and the focus with it: the next one takes over.
  const before = useRef(section);
  useEffect(() => {
    if (before.current === section) return;
    before.current = section;
    if (document.activeElement === document.body) document.querySelector<HTMLElement>("main [tabindex='0']")?.focus();
  }, [section]);

  // In place of the timeline, not of its emptiness: rows arrive within seconds, before anyone has read it.
  const welcomes = firstRun && section === "timeline";
  const View = welcomes ? Onboarding : VIEWS[section];
  const inspects = (section === "timeline" || section === "findings" || showsFile) && (!welcomes || showsFile);
  return (
    <div className={styles.window}>
      <Sidebar stores={stores} />
      <div className={styles.side}>
        <TitleBar stores={stores} />
        <Banners stores={stores} />
        <div className={styles.panes}>
          <main className={styles.content}>
            {phase === "failed" ? (
              <EmptyState
                Icon={CircleAlert}
                title="Sealbar’s monitor does not answer"
                actions={<Button onClick={() => stores.reload()}>Try again</Button>}
              >
                {failure} While this lasts, nothing is read and nothing is shown. It is tried again every few seconds.
              </EmptyState>
            ) : waitingForMonitor && section !== "settings" ? (
              <Skeleton label="Waiting for the monitor" />
            ) : (
              <View stores={stores} />
            )}
          </main>
          {inspects && inspectorOpen && (showsFile || !waitingForMonitor) && (
            <InspectorPane empty={nothingSelected} onClose={() => app.setInspectorOpen(false)}>
              <Inspector stores={stores} />
            </InspectorPane>
          )}
        </div>
      </div>
      <div className="visually-hidden" aria-live="polite">
        {announcement}
      </div>
      <DropZone stores={stores} />
      {shortcuts && <ShortcutsDialog mac={platform === "darwin"} onClose={() => showShortcuts(false)} />}
    </div>
  );
}
