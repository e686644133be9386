import type { InspectionDepth } from "#contract/inspection.ts";
import { Button } from "#renderer/ui/button.tsx";
import { byteCount } from "#renderer/ui/byte-count.ts";
import { READING_WORDS } from "./inspection-words.ts";
import styles from "./inspection.module.css";

interface ReadingProgressProps {
  running: { depth: InspectionDepth; progress: { done: number; total: number | null } | null };
  onCancel: () => void;
}

/** What is being read and how far; appears only when it takes long enough to be noticed. */
export function ReadingProgress({ running: { depth, progress }, onCancel }: ReadingProgressProps) {
  const total = progress?.total ?? null;
  // What is hashed more than once is counted each time.
  const done = progress === null || total === null ? (progress?.done ?? 0) : Math.min(progress.done, total);
  const known = progress !== null && total !== null && total > 0;
  return (
    <div className={styles.reading}>
      <div className={styles.readingText}>
        <span>{READING_WORDS[depth]}</span>
        {done > 0 && (
          <span className={styles.amount}>{known ? `${byteCount(done)} of ${byteCount(total)}` : byteCount(done)}</span>
        )}
      </div>
      <div className={styles.readingBar}>
        <progress aria-label={READING_WORDS[depth]} {...(known ? { value: done, max: total } : {})} />
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
