import type { App, Session } from "electron";
import type { Logger } from "#core/base/logger.ts";
import { APP_ORIGIN } from "#contract/ipc-names.ts";

/** Sealbar's window needs no permission and no device. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

/** There is nothing to download: what the user saves goes through a dialog of the main process. */
export function denyDownloads(session: Session, log: Logger): void {
  session.on("will-download", (event) => {
    event.preventDefault();
    log.warn("refused a download");
  });
}

/** The window is one page for its whole life: it goes nowhere, opens nothing and embeds nothing. */
export function denyNavigation(app: App, log: Logger): void {
  app.on("web-contents-created", (_event, contents) => {
    const stop = (what: string) => (event: { preventDefault: () => void }) => {
      event.preventDefault();
      log.warn(`refused ${what}`);
    };
    contents.on("will-navigate", stop("a navigation"));
    contents.on("will-redirect", stop("a redirect"));
    contents.on("will-attach-webview", stop("a webview"));
    // Preventing this event lets the page go: it is the page's veto that is refused.
    contents.on("will-prevent-unload", stop("a page's wish to stay"));
    contents.setWindowOpenHandler(() => {
      log.warn("refused a new window");
      return { action: "deny" };
    });
  });
}

/**
 * Whether the window may load this at all.
 * @param developerTools true where the developer tools may be opened; they load their own pages
 */
export function isAllowedRequest(url: string, developerTools: boolean): boolean {
  if (url.startsWith(`${APP_ORIGIN}/`)) return true;
  return developerTools && url.startsWith("devtools://");
}

/** Nothing but the app's own files is ever requested, whatever the page says. */
export function blockRequests(session: Session, developerTools: boolean, log: Logger): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    const allowed = isAllowedRequest(details.url, developerTools);
    if (!allowed) log.warn(`refused a ${details.resourceType} request to another place`);
    answer({ cancel: !allowed });
  });
}
