import type { Rectangle } from "electron";
import type { AppCommand } from "#contract/ipc.ts";

/** What the menus can do; failures are shown where they happen. */
export interface AppActions {
  open(): void;
  chooseRecording(): void;
  playDemo(): void;
  closeRecording(): void;
  command(command: AppCommand): void;
  /** @param below bounds of the status item, in screen coordinates */
  togglePopover(below: Rectangle): void;
  quit(): void;
}
