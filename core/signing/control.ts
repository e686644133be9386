import { Cancelled } from "./problem.ts";

/** How whoever asked follows long work and ends it. Called often: must be cheap. */
export interface Control {
  cancelled(): boolean;
  /** Bytes that were hashed since the last call. */
  progress(bytes: number): void;
}

export const NO_CONTROL: Control = { cancelled: () => false, progress: () => {} };

/** @throws Cancelled */
export function step(control: Control, bytes: number): void {
  if (control.cancelled()) throw new Cancelled();
  control.progress(bytes);
}
