import { recordedCall, records } from "../records.ts";
import { strictEmitter, strictObject } from "../strict.ts";
import { asElectron, type PartOf, partOf } from "../surface.ts";
import { protocol } from "./protocol.ts";
import type * as Electron from "electron";

// Parameters<> sees the last overload, which is the one without a filter.
type BeforeRequest = NonNullable<Parameters<Electron.WebRequest["onBeforeRequest"]>[0]>;
type RequestHandler = Parameters<Electron.Session["setPermissionRequestHandler"]>[0];
type CheckHandler = Parameters<Electron.Session["setPermissionCheckHandler"]>[0];

interface Hooks {
  beforeRequest: { filter: Electron.WebRequestFilter; listener: BeforeRequest } | null;
  permissionRequest: RequestHandler;
  permissionCheck: CheckHandler;
}

/** What the application asked to be asked about. */
export const hooks: Hooks = {
  beforeRequest: null,
  permissionRequest: null,
  permissionCheck: null,
};

const EVERYTHING: Electron.WebRequestFilter = { urls: ["<all_urls>"] };

const webRequest = strictObject(
  "webRequest",
  partOf<Electron.WebRequest>()({
    /** Both of Electron's call shapes: `(listener)` and `(filter, listener)`; null removes. */
    onBeforeRequest(first: Electron.WebRequestFilter | BeforeRequest | null, second?: BeforeRequest | null): void {
      const [filter, listener] = typeof first === "function" ? [EVERYTHING, first] : [first, second ?? null];
      hooks.beforeRequest = filter === null || listener === null ? null : { filter, listener };
    },
  }),
);

class Session extends strictEmitter("session") implements PartOf<Electron.Session> {
  readonly webRequest = asElectron<Electron.WebRequest>(webRequest);
  readonly protocol = asElectron<Electron.Protocol>(protocol);
  readonly setSpellCheckerEnabled = recordedCall("session.setSpellCheckerEnabled");

  setPermissionRequestHandler(handler: RequestHandler): void {
    hooks.permissionRequest = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    hooks.permissionCheck = handler;
  }

  setDevicePermissionHandler(handler: Parameters<Electron.Session["setDevicePermissionHandler"]>[0]): void {
    records.systemCalls.push({ verb: "session.setDevicePermissionHandler", args: [handler === null] });
  }

  setDisplayMediaRequestHandler(handler: Parameters<Electron.Session["setDisplayMediaRequestHandler"]>[0]): void {
    records.systemCalls.push({ verb: "session.setDisplayMediaRequestHandler", args: [handler === null] });
  }
}

const defaultSession = asElectron<Electron.Session>(new Session());

export const session = strictObject("session", partOf<typeof Electron.session>()({ defaultSession }));

/** Chrome's match patterns as far as the application may use them: `<all_urls>` and `*` as a wildcard. */
export function matchesFilter(filter: Electron.WebRequestFilter, url: string): boolean {
  const matches = (pattern: string): boolean => {
    if (pattern === "<all_urls>") return true;
    const source = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
    return new RegExp(`^${source.join(".*")}$`, "s").test(url);
  };
  return filter.urls.some(matches) && !(filter.excludeUrls ?? []).some(matches);
}
