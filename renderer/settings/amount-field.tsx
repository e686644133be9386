import { useId, useState } from "react";
import { amountWords, type Range, readAmount, type Unit, unitFor } from "./amount.ts";
import styles from "./detection.module.css";

interface AmountFieldProps {
  label: string;
  amount: number;
  /** Smallest first. */
  units: readonly Unit[];
  range: Range;
  /** @returns whether it is in force now */
  onChange: (amount: number) => Promise<boolean>;
}

/** A number with its unit; it applies when the field is left or Return is pressed. */
export function AmountField({ label, amount, units, range, onChange }: AmountFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Unit | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const unit = chosen !== null && (typed !== null || amount % chosen.size === 0) ? chosen : unitFor(amount, units);
  const shown = typed ?? String(amount / unit.size);

  const apply = (text: string, inUnit: Unit) => {
    const read = readAmount(text, inUnit, range, units);
    if ("problem" in read) {
      setTyped(text);
      setProblem(read.problem);
      return;
    }
    setProblem(null);
    setTyped(null);
    if (read.amount !== amount) void onChange(read.amount);
  };
  const offered = units.filter(({ size }) => size <= range.max);
  const limits =
    range.max === Number.POSITIVE_INFINITY
      ? `At least ${amountWords(range.min, units)}`
      : `${amountWords(range.min, units)} to ${amountWords(range.max, units)}`;
  return (
    <div className={styles.amount}>
      <label htmlFor={id}>{label}</label>
      <span className={styles.input}>
        <input
          id={id}
          className={styles.number}
          inputMode="numeric"
          value={shown}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-note`}
          onChange={(event) => {
            setTyped(event.target.value);
            setProblem(null);
          }}
          onBlur={() => typed !== null && apply(typed, unit)}
          onKeyDown={(event) => {
            if (event.key === "Enter") apply(shown, unit);
            if (event.key !== "Escape" || typed === null) return;
            event.preventDefault();
            setTyped(null);
            setProblem(null);
          }}
        />
        {offered.length === 1 ? (
          <span className={styles.unit}>{unit.word}</span>
        ) : (
          <select
            className={styles.select}
            aria-label={`Unit of ${label}`}
            value={unit.word}
            onChange={(event) => {
              const next = units.find(({ word }) => word === event.target.value);
              if (next === undefined) return;
              setChosen(next);
              apply(shown, next);
            }}
          >
            {offered.map(({ word }) => (
              <option key={word} value={word}>
                {word}
              </option>
            ))}
          </select>
        )}
      </span>
      <span id={`${id}-note`} className={problem === null ? styles.limits : styles.problem}>
        {problem ?? limits}
      </span>
    </div>
  );
}
