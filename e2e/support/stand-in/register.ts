import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

/**
 * Makes `import "electron"` mean the stand-in in this process, and shows the versions that the project is pinned to.
 * @param module the stand-in's module, relative to this file
 */
export function registerElectron(module: string): void {
  const url = new URL(module, import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      /^electron(\/(main|common|utility))?$/.test(specifier)
        ? { url, format: "module-typescript", shortCircuit: true }
        : next(specifier, context),
  });
  const pinned = new URL("../../../node_modules/electron/package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(pinned, "utf8")) as { version: string };
  Object.defineProperty(process.versions, "electron", { value: version, enumerable: true });
}
