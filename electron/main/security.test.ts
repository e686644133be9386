import type { App, Session } from "electron";
import { describe, expect, it } from "vitest";
import { silentLogger } from "#core/base/logger.ts";
import { blockRequests, denyDownloads, denyNavigation, denyPermissions, isAllowedRequest } from "./security.ts";

type Handler = (...args: unknown[]) => unknown;

describe("isAllowedRequest", () => {
  it.each([
    ["app://sealbar/index.html", true],
    ["data:image/png;base64,AA==", false],
    ["app://other/index.html", false],
    ["app://sealbar.example/", false],
    ["https://example.com/", false],
    ["file:///etc/passwd", false],
    ["data:text/html,x", false],
    ["blob:app://sealbar/1", false],
    ["ws://127.0.0.1:9222/", false],
    ["devtools://devtools/bundled/x.js", false],
  ])("%s: %s", (url, allowed) => {
    expect(isAllowedRequest(url, false)).toBe(allowed);
  });

  it("lets the developer tools load their pages where they may be opened", () => {
    expect(isAllowedRequest("devtools://devtools/bundled/x.js", true)).toBe(true);
    expect(isAllowedRequest("https://example.com/", true)).toBe(false);
  });
});

describe("what the session is told", () => {
  it("grants no permission and no device", () => {
    const answers: unknown[] = [];
    const ask: Handler = (handler) => (handler as Handler)({}, "media", (granted: boolean) => answers.push(granted));
    const check: Handler = (handler) => answers.push((handler as Handler)({}));
    denyPermissions({
      setPermissionRequestHandler: ask,
      setPermissionCheckHandler: check,
      setDevicePermissionHandler: check,
    } as unknown as Session);
    expect(answers).toEqual([false, false, false]);
  });

  it("downloads nothing", () => {
    let prevented = false;
    const on = (name: string, listener: Handler) => {
      if (name === "will-download") listener({ preventDefault: () => (prevented = true) });
    };
    denyDownloads({ on } as unknown as Session, silentLogger);
    expect(prevented).toBe(true);
  });

  it("cancels requests to another place only", () => {
    let handler: Handler = () => undefined;
    const session = { webRequest: { onBeforeRequest: (given: Handler) => (handler = given) } };
    blockRequests(session as unknown as Session, false, silentLogger);
    const cancelled = (url: string) => {
      let answer: unknown;
      handler({ url, resourceType: "xhr" }, (given: unknown) => (answer = given));
      return answer;
    };
    expect(cancelled("app://sealbar/x.js")).toEqual({ cancel: false });
    expect(cancelled("https://example.com/")).toEqual({ cancel: true });
  });
});

describe("denyNavigation", () => {
  it("stops navigations, redirects, webviews and a page's wish to stay, and opens no window", () => {
    const listeners = new Map<string, Handler>();
    let open: Handler = () => undefined;
    const contents = {
      on: (name: string, listener: Handler) => listeners.set(name, listener),
      setWindowOpenHandler: (given: Handler) => (open = given),
    };
    const app = { on: (_name: string, created: Handler) => created({}, contents) };
    denyNavigation(app as unknown as App, silentLogger);
    const prevented = ["will-navigate", "will-redirect", "will-attach-webview", "will-prevent-unload"].map((name) => {
      let stopped = false;
      listeners.get(name)?.({ preventDefault: () => (stopped = true) });
      return stopped;
    });
    expect(prevented).toEqual([true, true, true, true]);
    expect(open()).toEqual({ action: "deny" });
  });
});
