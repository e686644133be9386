import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import styles from "./disclosure.module.css";

interface Part {
  name: string;
  /** There only while it is open. */
  content: ReactNode;
}

/** Things that are folded away, side by side, each with a button that shows it below. */
export function Disclosures({ about, parts }: { about: string; parts: readonly Part[] }) {
  const id = useId();
  const [open, setOpen] = useState<readonly string[]>([]);
  const toggle = (name: string) =>
    setOpen(open.includes(name) ? open.filter((other) => other !== name) : [...open, name]);
  return (
    <div className={styles.disclosures}>
      <div className={styles.buttons}>
        {parts.map(({ name }, index) => (
          <button
            key={name}
            type="button"
            className={styles.button}
            aria-expanded={open.includes(name)}
            aria-controls={open.includes(name) ? `${id}-${index}` : undefined}
            aria-label={`${name}: ${about}`}
            onClick={() => toggle(name)}
          >
            <ChevronRight size={12} strokeWidth={2.25} aria-hidden className={styles.chevron} />
            {name}
          </button>
        ))}
      </div>
      {parts.map(
        ({ name, content }, index) =>
          open.includes(name) && (
            <div key={name} id={`${id}-${index}`} className={styles.content}>
              {content}
            </div>
          ),
      )}
    </div>
  );
}
