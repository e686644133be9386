import { useState } from "react";
import type { Problem } from "#contract/inspection.ts";
import { cx } from "#renderer/ui/cx.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { type Tone, toneClass } from "#renderer/ui/tone.ts";
import inspector from "./inspector.module.css";
import styles from "./inspection.module.css";

const SHOWN = 8;

interface SentencesProps {
  title: string;
  items: readonly Problem[];
  /** Of the mark before each; without one they are plain. */
  tone?: Tone;
  level?: 3 | 4;
}

/** Problems or notes under a heading, a sentence each; many are folded away, and how many is said. */
export function Sentences({ title, items, tone, level = 3 }: SentencesProps) {
  const [all, setAll] = useState(false);
  if (items.length === 0) return null;
  const shown = all ? items : items.slice(0, SHOWN);
  const Heading = level === 3 ? "h3" : "h4";
  return (
    <section className={inspector.section}>
      <Heading className={inspector.heading}>{title}</Heading>
      <ul className={styles.sentences}>
        {shown.map(({ id, message }, index) => (
          // The same may be said of two files, and what was found never moves.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={`${id} ${index}`} className={styles.sentence}>
            <span className={cx(styles.mark, tone && toneClass(tone))} aria-hidden />
            <HostileText text={message} limit={300} expandable />
          </li>
        ))}
      </ul>
      {items.length > shown.length && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          Show {(items.length - shown.length).toLocaleString()} more
        </button>
      )}
    </section>
  );
}
