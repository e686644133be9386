/** A unit of time in which a setting is shown; `size` in what the setting counts. */
export interface Unit {
  word: string;
  size: number;
}

export const SECONDS: readonly Unit[] = [
  { word: "seconds", size: 1 },
  { word: "minutes", size: 60 },
  { word: "hours", size: 3_600 },
  { word: "days", size: 86_400 },
];

/** The greatest unit that shows the amount as a whole number. */
export function unitFor(amount: number, units: readonly Unit[]): Unit {
  const fitting = units.filter(({ size }) => amount >= size && amount % size === 0);
  return fitting.at(-1) ?? units[0] ?? { word: "", size: 1 };
}

/** "10 minutes", "1 hour". */
export function amountWords(amount: number, units: readonly Unit[]): string {
  const { word, size } = unitFor(amount, units);
  const count = amount / size;
  return `${count.toLocaleString("en-US")} ${count === 1 ? word.replace(/s$/, "") : word}`;
}

export const DAYS: readonly Unit[] = [{ word: "days", size: 1 }];
export const RESTARTS: readonly Unit[] = [{ word: "restarts", size: 1 }];
export const BYTES: readonly Unit[] = [
  { word: "MB", size: 1_000_000 },
  { word: "GB", size: 1_000_000_000 },
];

export interface Range {
  min: number;
  /** Infinity: no limit. */
  max: number;
}

/** The amount that was typed, or why it will not do in a sentence. */
export function readAmount(
  typed: string,
  unit: Unit,
  { min, max }: Range,
  units: readonly Unit[],
): { amount: number } | { problem: string } {
  const text = typed.trim();
  const count = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  const amount = count * unit.size;
  if (Number.isNaN(amount) || amount < min || amount > max) {
    const from = amountWords(min, units);
    const range = max === Number.POSITIVE_INFINITY ? `at least ${from}` : `from ${from} to ${amountWords(max, units)}`;
    return { problem: `Give a whole number, ${range}.` };
  }
  return { amount };
}
