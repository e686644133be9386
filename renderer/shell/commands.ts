import type { AppCommand } from "#contract/ipc.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { inspectChosenFile } from "./inspect-file.ts";
import { SEARCH_FIELD_ID } from "#renderer/timeline/timeline-toolbar.tsx";

/** Everything the application menu and the keyboard can ask for. */
export type Command = AppCommand | "close";

interface CommandTargets {
  stores: Stores;
  /** Shows or hides the list of shortcuts. */
  showShortcuts: (open: boolean) => void;
}

/** Carries a command out, whether it came from the menu or from a key. */
export function runCommand(command: Command, { stores, showShortcuts }: CommandTargets): void {
  const { app, timeline } = stores;
  const run: Record<Command, () => void> = {
    find: () => {
      if (app.state.getState().history.here.section !== "timeline") app.go("timeline");
      requestAnimationFrame(() => {
        const field = document.getElementById(SEARCH_FIELD_ID);
        if (field instanceof HTMLInputElement) {
          field.focus();
          field.select();
        }
      });
    },
    "toggle-live": () => timeline.setLive(!timeline.state.getState().live),
    "show-timeline": () => app.go("timeline"),
    "show-findings": () => app.go("findings"),
    "show-posture": () => app.go("posture"),
    "show-coverage": () => app.go("coverage"),
    "show-settings": () => app.go("settings"),
    "show-shortcuts": () => showShortcuts(true),
    "toggle-inspector": () => app.setInspectorOpen(!app.state.getState().inspectorOpen),
    "inspect-file": () => void inspectChosenFile(stores),
    back: () => app.back(),
    forward: () => app.forward(),
    close: () => closeInnermost(stores),
  };
  run[command]();
}

/** Esc: the inspector first, then the selection. Panels and fields inside take Esc before it comes here. */
function closeInnermost({ app, timeline }: Stores): void {
  const { inspectorOpen, history } = app.state.getState();
  const wasInside = document.getElementById("inspector")?.contains(document.activeElement) === true;
  if (inspectorOpen && history.here.selection !== null) {
    app.setInspectorOpen(false);
    if (wasInside) document.querySelector<HTMLElement>("main [role=grid], main [role=listbox]")?.focus();
  } else if (history.here.selection !== null) {
    app.select(null);
    timeline.hold(false);
  }
}
