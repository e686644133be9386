import path from "node:path";

export interface AppPathsInput {
  packaged: boolean;
  /** The project's root or the packed archive. */
  appPath: string;
  /** Where a packaged app keeps what is not code. */
  resourcesPath: string;
  userData: string;
}

/** Everything the app reads and writes, as absolute paths. Resources have the same names packed and in development. */
export function appPaths(input: AppPathsInput) {
  const resources = input.packaged ? input.resourcesPath : input.appPath;
  return {
    renderer: path.join(input.appPath, "out/renderer"),
    preload: path.join(input.appPath, "out/preload/preload.cjs"),
    monitor: path.join(input.appPath, "out/main/monitor.js"),
    rules: path.join(resources, "rules"),
    demo: path.join(resources, "assets/demo/demo.sealcap.jsonl"),
    trayIcons: path.join(resources, "assets/icons/tray"),
    settings: path.join(input.userData, "settings.json"),
    windowBounds: path.join(input.userData, "window.json"),
    // Beside the app's own executable, where Apple places helper tools.
    helper: input.packaged
      ? path.join(input.resourcesPath, "../MacOS/sealbar-helper")
      : path.join(input.appPath, "native/build/host/sealbar-helper"),
    data: path.join(input.userData, "monitor"),
  } as const;
}
