import type { WebPreferences } from "electron";

/** What every page of ours may do, which is as little as Electron lets it. */
export function pagePreferences({
  preload,
  developerTools,
}: {
  preload: string;
  developerTools: boolean;
}): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
    devTools: developerTools,
  };
}
