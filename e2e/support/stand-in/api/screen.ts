import { environment } from "../environment.ts";
import { strictEmitter } from "../strict.ts";
import { asElectron, type PartOf } from "../surface.ts";
import type * as Electron from "electron";

const size = { width: 1440, height: 900 };
const MENU_BAR_HEIGHT = 25;

export const PRIMARY_DISPLAY = {
  id: 1,
  bounds: { x: 0, y: 0, ...size },
  workArea: { x: 0, y: MENU_BAR_HEIGHT, width: size.width, height: size.height - MENU_BAR_HEIGHT },
  size,
  workAreaSize: { width: size.width, height: size.height - MENU_BAR_HEIGHT },
  rotation: 0,
  internal: true,
};

/** One built-in display, as a laptop has. */
class Screen extends strictEmitter("screen") implements PartOf<Electron.Screen> {
  getPrimaryDisplay(): Electron.Display {
    const { deviceScaleFactor: scaleFactor } = environment();
    return asElectron<Electron.Display>({ ...PRIMARY_DISPLAY, scaleFactor });
  }

  getAllDisplays(): Electron.Display[] {
    return [this.getPrimaryDisplay()];
  }

  getDisplayMatching(): Electron.Display {
    return this.getPrimaryDisplay();
  }

  getDisplayNearestPoint(): Electron.Display {
    return this.getPrimaryDisplay();
  }

  getCursorScreenPoint(): Electron.Point {
    return { x: size.width / 2, y: MENU_BAR_HEIGHT / 2 };
  }
}

export const screen = new Screen();
