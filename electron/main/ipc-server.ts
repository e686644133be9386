import type { Logger } from "#core/base/logger.ts";
import { channelOf, INVOKE_NAMES, type InvokeName } from "#contract/ipc-names.ts";
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
  /** The webContents id of the window, the only one that is listened to. */
  windowId: () => number | null;
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
  if (!isTrustedSender(event, deps.windowId())) {
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
