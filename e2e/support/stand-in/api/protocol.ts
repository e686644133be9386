import { isRegisteredScheme, registerScheme } from "../scheme-urls.ts";
import { strictObject } from "../strict.ts";
import { partOf } from "../surface.ts";
import { appState } from "../app-state.ts";
import type * as Electron from "electron";

type Handler = Parameters<Electron.Protocol["handle"]>[1];
const handlers = new Map<string, Handler>();

export const protocol = strictObject(
  "protocol",
  partOf<Electron.Protocol>()({
    registerSchemesAsPrivileged(customSchemes: Electron.CustomScheme[]): void {
      if (appState.ready) {
        throw new Error("protocol.registerSchemesAsPrivileged should be called before app is ready");
      }
      for (const { scheme, privileges } of customSchemes) {
        if (privileges?.standard !== true || privileges.secure !== true) {
          throw new Error(`stand-in: scheme ${scheme} must be standard and secure (only such pages can be presented)`);
        }
        if (privileges.bypassCSP === true) throw new Error("stand-in: bypassCSP is not implemented");
        registerScheme(scheme);
      }
    },
    handle(scheme: string, handler: Handler): void {
      if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
      if (!isRegisteredScheme(scheme)) throw new Error(`stand-in: scheme ${scheme} was not registered as privileged`);
      handlers.set(scheme, handler);
    },
    unhandle(scheme: string): void {
      handlers.delete(scheme);
    },
    isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
  }),
);

export function handlerOf(scheme: string): Handler | undefined {
  return handlers.get(scheme);
}
