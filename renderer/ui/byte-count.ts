const UNITS = ["bytes", "KB", "MB", "GB", "TB"] as const;
const STEP = 1_000;

/** "12.3 MB", as the Finder counts: in thousands. */
export function byteCount(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= STEP - 0.5 && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const digits = unit < 2 ? 0 : 1;
  return `${value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${UNITS[unit]}`;
}
