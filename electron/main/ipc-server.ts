import type { Logger } from "#core/base/logger.ts";
import { channelOf, INVOKE_NAMES, type InvokeName, MENU_BAR_INVOKES } from "#contract/ipc-names.ts";
import { type Envelope, type IpcHandlers, ipcSchema } from "#contract/ipc.ts";
import { MonitorRefusal, MonitorUnavailable } from "./monitor-errors.ts";
import { isTrustedSender, type Sender } from "./trusted-sender.ts";

/** The part of Electron's ipcMain that is used; nothing else in the project touches it. */
interface IpcMainPort {
  handle(channel: string, listener: (event: Sender, ...args: unknown[]) => Promise<unknown>): void;
}

export interface IpcServerDeps {
  ipcMain: IpcMainPort;
  handlers: IpcHandlers;
  /** The webContents id of the window. */
  windowId: () => number | null;
  /** The webContents id of the menu bar's popover, which may ask for its own things only. Nobody else is listened to. */
  menuBarId: () => number | null;
  log: Logger;
}

type Answer = Envelope<unknown>;

const refuse = (code: "bad-request" | "forbidden" | "unavailable" | "failed", message: string): Answer => ({
  ok: false,
  error: { code, message },
});

/** Registers one handler for every invoke of the contract: sender checked, payload parsed, answer in an envelope. */
export function serveIpc(deps: IpcServerDeps): void {
  for (const name of INVOKE_NAMES) {
    deps.ipcMain.handle(channelOf(name), (event, ...args) => answer(deps, name, event, args));
  }
}

async function answer(deps: IpcServerDeps, name: InvokeName, event: Sender, args: unknown[]): Promise<Answer> {
  const asker = MENU_BAR_INVOKES.includes(name) ? deps.menuBarId() : deps.windowId();
  if (!isTrustedSender(event, asker)) {
    deps.log.warn(`refused ${name} from a sender that is not Sealbar's window`);
    return refuse("forbidden", "Only Sealbar's own window may ask this.");
  }
  const payload = ipcSchema[name].request.safeParse(args[0]);
  if (!payload.success || args.length > 1) {
    deps.log.warn(`refused ${name}: its payload is not of the contract`);
    return refuse("bad-request", "Sealbar's window asked for something that cannot be read.");
  }
  try {
    const handle = deps.handlers[name] as (request: unknown) => Promise<unknown>;
    return { ok: true, value: await handle(payload.data) };
  } catch (error) {
    return refusalOf(error, name, deps.log);
  }
}

/** One sentence crosses; the rest stays in the log. */
function refusalOf(error: unknown, name: InvokeName, log: Logger): Answer {
  if (error instanceof MonitorUnavailable) return refuse("unavailable", error.message);
  if (error instanceof MonitorRefusal) return refuse("failed", error.message);
  log.error(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return refuse("failed", "Something went wrong in Sealbar, so this was not done.");
}
