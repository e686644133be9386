import { strictEmitter } from "../strict.ts";
import type { PartOf } from "../surface.ts";
import type * as Electron from "electron";

type ThemeSource = Electron.NativeTheme["themeSource"];

/** The system's appearance is light until a test says otherwise. */
class NativeTheme extends strictEmitter("nativeTheme") implements PartOf<Electron.NativeTheme> {
  #source: ThemeSource = "system";
  static systemIsDark = false;

  get themeSource(): ThemeSource {
    return this.#source;
  }

  set themeSource(source: ThemeSource) {
    if (source === this.#source) return;
    this.#source = source;
    this.emit("updated");
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === "system" ? NativeTheme.systemIsDark : this.#source === "dark";
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return NativeTheme.systemIsDark;
  }

  get shouldUseHighContrastColors(): boolean {
    return false;
  }

  get prefersReducedTransparency(): boolean {
    return false;
  }
}

export const nativeTheme = new NativeTheme();
// Every window follows it.
nativeTheme.setMaxListeners(0);

/** For tests: what the user's System Settings say. */
export function setSystemAppearance(dark: boolean): void {
  NativeTheme.systemIsDark = dark;
  nativeTheme.emit("updated");
}
