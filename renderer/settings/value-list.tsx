import { X } from "lucide-react";
import { type SyntheticEvent, useId, useRef, useState } from "react";
import { Button } from "#renderer/ui/button.tsx";
import { cx } from "#renderer/ui/cx.ts";
import { HostileText, hoverText } from "#renderer/ui/hostile-text.tsx";
import styles from "./detection.module.css";

const SHOWN = 60;

interface ValueListProps {
  /** What one of them is, e.g. "team id". */
  noun: string;
  values: readonly string[];
  /** Said while there are none. */
  none: string;
  placeholder: string;
  /** Paths and ids are set as code; names are not. */
  code?: boolean;
  /** One a line, as paths want it. */
  stacked?: boolean;
  /** Several at once, as they are pasted. */
  split?: (typed: string) => string[];
  /** @returns why it will not do, in a sentence; null: it will */
  check: (value: string) => string | null;
  /** @returns whether it is in force now */
  onChange: (values: string[]) => Promise<boolean>;
}

/** Values that can be taken away one by one, and a field to add more. */
export function ValueList(props: ValueListProps) {
  const { noun, values, none, placeholder, code = false, stacked = false, check, onChange } = props;
  const split = props.split ?? ((typed: string) => [typed.trim()]);
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    void add();
  };
  const add = async () => {
    const wanted = split(typed).filter((value) => value !== "");
    if (wanted.length === 0) return;
    const wrong = wanted.map((value) => ({ value, why: check(value) })).find(({ why }) => why !== null);
    const twice = wanted.find((value) => values.includes(value));
    if (wrong !== undefined) return setProblem(`“${wrong.value}” ${wrong.why}`);
    if (twice !== undefined) return setProblem(`“${twice}” is in the list already.`);
    setProblem(null);
    if (await onChange([...values, ...new Set(wanted)])) setTyped("");
  };
  const remove = (value: string) => {
    field.current?.focus();
    void onChange(values.filter((other) => other !== value));
  };
  const shown = all ? values : values.slice(0, SHOWN);
  return (
    <>
      {values.length === 0 ? (
        <p className={styles.none}>{none}</p>
      ) : (
        <ul className={cx(styles.values, stacked && styles.stacked)}>
          {shown.map((value) => (
            <li key={value} className={cx(styles.value, code && styles.code)} title={hoverText(value)}>
              <HostileText className={styles.text} text={value} limit={300} />
              <button
                type="button"
                className={styles.remove}
                aria-label={`Remove ${value}`}
                title="Remove"
                onClick={() => remove(value)}
              >
                <X size={12} strokeWidth={2.25} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {shown.length < values.length && (
        <Button look="quiet" onClick={() => setAll(true)}>
          Show {(values.length - shown.length).toLocaleString()} more
        </Button>
      )}
      <form className={styles.add} onSubmit={submit}>
        <input
          ref={field}
          id={id}
          className={cx(styles.field, code && styles.code)}
          aria-label={`New ${noun}`}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          placeholder={placeholder}
          value={typed}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setTyped(event.target.value);
            setProblem(null);
          }}
        />
        <Button type="submit" disabled={typed.trim() === ""} aria-label={`Add ${noun}`}>
          Add
        </Button>
      </form>
      {problem !== null && (
        <p id={`${id}-problem`} className={styles.problem} role="alert">
          <HostileText text={problem} limit={400} />
        </p>
      )}
    </>
  );
}
