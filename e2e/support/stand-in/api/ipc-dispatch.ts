import { electronEvent } from "../electron-event.ts";
import { createCodec } from "../worlds/codec.ts";
import type { HostMessage } from "../worlds/messages.ts";
import { IpcMain, ipcMain } from "./ipc-main.ts";
import type * as Electron from "electron";

const codec = createCodec();

export interface IpcSender {
  contents: Electron.WebContents;
  /** Null when the frame went away before its message was read. */
  frame: Electron.WebFrameMain | null;
  ipc: IpcMain;
  answer: (text: string) => void;
}

function eventOf(sender: IpcSender) {
  return electronEvent({
    type: "frame" as const,
    sender: sender.contents,
    senderFrame: sender.frame,
    frameId: sender.frame?.routingId ?? -1,
    processId: sender.frame?.processId ?? -1,
    ports: [],
    reply: (channel: string, ...args: unknown[]) => sender.frame?.send(channel, ...args),
  });
}

export function dispatchSend(sender: IpcSender, channel: string, args: unknown[]): void {
  const event = eventOf(sender);
  sender.contents.emit("ipc-message", event, channel, ...args);
  sender.ipc.emit(channel, event, ...args);
  ipcMain.emit(channel, event, ...args);
}

/** Runs the handler and answers; what it throws crosses as Electron words it, and is logged like there. */
export async function dispatchInvoke(sender: IpcSender, id: number, channel: string, args: unknown[]): Promise<void> {
  const fail = (error: unknown): string => {
    const words = `Error invoking remote method '${channel}': ${String(error)}`;
    return codec.pack({ t: "answer", id, ok: false, error: words } satisfies HostMessage);
  };
  const handler = IpcMain.handlerOf(sender.ipc, channel) ?? IpcMain.handlerOf(ipcMain, channel);
  let text: string;
  try {
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    const value: unknown = await handler(eventOf(sender), ...args);
    text = codec.pack({ t: "answer", id, ok: true, value } satisfies HostMessage);
  } catch (error) {
    process.stderr.write(`Error occurred in handler for '${channel}': ${String(error)}\n`);
    text = fail(error);
  }
  sender.answer(text);
}
