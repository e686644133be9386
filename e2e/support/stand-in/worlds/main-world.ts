import type { PageHost } from "./messages.ts";
import type { WorldBridge } from "./world-bridge.ts";

/**
 * The main world's half: puts the exposed API on `window`, and routes what Electron would ask the application
 * about (new windows, permissions) to it. Runs before the page's first script.
 * Runs as source text: it must not refer to anything outside itself.
 */
export function runMainWorld(bridge: WorldBridge): void {
  let host: PageHost | null = null;
  bridge.receive("host", (value) => {
    host = value as PageHost;
  });
  bridge.receive("expose", (value) => {
    const { key, api } = value as { key: string; api: unknown };
    Object.defineProperty(window, key, { value: api, writable: false, configurable: false, enumerable: true });
  });

  const openWindow = (url: string): null => {
    host?.openWindow(new URL(url, location.href).href);
    return null;
  };
  window.open = (url = "") => openWindow(String(url));
  const opensElsewhere = (element: HTMLAnchorElement | HTMLFormElement): boolean =>
    element.target !== "" && !["_self", "_top", "_parent"].includes(element.target);
  window.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || event.defaultPrevented || !opensElsewhere(link)) return;
    event.preventDefault();
    openWindow(link.href);
  });
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented || !opensElsewhere(form)) return;
    event.preventDefault();
    openWindow(form.action);
  });

  const allowed = (permission: string, check: boolean): Promise<boolean> =>
    host?.askPermission(permission, check) ?? Promise.resolve(false);
  const refusal = (): DOMException => new DOMException("Permission denied", "NotAllowedError");

  /** Replaces a promise-returning method by one that asks first. */
  function gate(owner: object | undefined, method: string, permission: string): void {
    const original = owner === undefined ? undefined : (Reflect.get(owner, method) as unknown);
    if (typeof original !== "function" || owner === undefined) return;
    Object.defineProperty(owner, method, {
      configurable: true,
      writable: true,
      value: async (...args: unknown[]): Promise<unknown> => {
        if (!(await allowed(permission, false))) throw refusal();
        return Reflect.apply(original, owner, args) as unknown;
      },
    });
  }
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  const clipboard = navigator.clipboard as Clipboard | undefined;
  gate(devices, "getUserMedia", "media");
  gate(devices, "getDisplayMedia", "display-capture");
  gate(clipboard, "read", "clipboard-read");
  gate(clipboard, "readText", "clipboard-read");
  gate(clipboard, "write", "clipboard-sanitized-write");
  gate(clipboard, "writeText", "clipboard-sanitized-write");
  gate(navigator, "requestMIDIAccess", "midi");

  if (typeof Notification === "function") {
    const answer = async (): Promise<NotificationPermission> =>
      (await allowed("notifications", false)) ? "granted" : "denied";
    Object.defineProperty(Notification, "requestPermission", { configurable: true, value: answer });
  }
  const geolocation = navigator.geolocation as Geolocation | undefined;
  if (geolocation !== undefined) {
    const locate = (ok: PositionCallback, fail?: PositionErrorCallback | null, options?: PositionOptions): void => {
      void allowed("geolocation", false).then((yes) => {
        if (yes) return Geolocation.prototype.getCurrentPosition.call(geolocation, ok, fail, options);
        const error = { code: 1, message: "User denied Geolocation" };
        return fail?.(error as GeolocationPositionError);
      });
    };
    Object.defineProperty(geolocation, "getCurrentPosition", { configurable: true, value: locate });
  }
}
