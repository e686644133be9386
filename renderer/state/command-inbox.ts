import type { AppCommand } from "#contract/ipc.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";

/** More than these are not waited for; nobody presses so many menu items before a window is drawn. */
const WAITING_MAX = 20;

/**
 * Takes the menu's commands from the first moment on. A command that opens the window comes before the window is drawn,
 * so it waits here until there is somebody to carry it out.
 */
export function createCommandInbox(bridge: Bridge) {
  let listener: ((command: AppCommand) => void) | null = null;
  let waiting: AppCommand[] = [];
  const stop = bridge.on("command", (command) => {
    if (listener !== null) listener(command);
    else waiting = [...waiting, command].slice(-WAITING_MAX);
  });
  return {
    stop,
    /** One listener at a time; it gets what has been waiting. @returns how to stop listening */
    listen(next: (command: AppCommand) => void): () => void {
      listener = next;
      const commands = waiting;
      waiting = [];
      for (const command of commands) next(command);
      return () => {
        if (listener === next) listener = null;
      };
    },
  };
}
