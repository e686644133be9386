import { APP_ORIGIN } from "#contract/ipc-names.ts";

/** What is asked of an IPC event; Electron's IpcMainInvokeEvent is one. */
export interface Sender {
  readonly sender: { readonly id: number };
  readonly senderFrame: { readonly parent: unknown; readonly origin: string } | null;
}

/**
 * Whether a message comes from the main frame of our one window, loaded from our origin and no other.
 * @param windowId the webContents id of the window; null while there is none
 */
export function isTrustedSender(event: Sender, windowId: number | null): boolean {
  const frame = event.senderFrame;
  return (
    windowId !== null &&
    event.sender.id === windowId &&
    frame !== null &&
    frame.parent === null &&
    frame.origin === APP_ORIGIN
  );
}
