import { strictEmitter } from "../strict.ts";
import type { PartOf } from "../surface.ts";
import type * as Electron from "electron";

/** A Mac that is in use; tests emit `suspend` and `resume`. */
class PowerMonitor extends strictEmitter("powerMonitor") implements PartOf<Electron.PowerMonitor> {
  getSystemIdleTime(): number {
    return 0;
  }

  isOnBatteryPower(): boolean {
    return false;
  }
}

export const powerMonitor = new PowerMonitor();
