import type { AppCommand } from "#contract/ipc.ts";

/** What the menus can do; failures are shown where they happen. */
export interface AppActions {
  open(): void;
  chooseRecording(): void;
  playDemo(): void;
  closeRecording(): void;
  command(command: AppCommand): void;
  quit(): void;
}
