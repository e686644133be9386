import { clockTime, exactTime, momentWords, sentenceTime } from "./time-format.ts";
import styles from "./time-text.module.css";

/** "14:32:07"; the exact value with its zone on hover. */
export function RowTime({ at }: { at: string }) {
  return (
    <time className={styles.time} dateTime={at} title={exactTime(at)}>
      {clockTime(at)}
    </time>
  );
}

/** "today 14:32"; the exact value with its zone on hover. */
export function SentenceTime({ at, now }: { at: string; now: number }) {
  return (
    <time className={styles.time} dateTime={at} title={exactTime(at)}>
      {sentenceTime(at, now)}
    </time>
  );
}

/** "14:32 today", for after "at" and "since"; the exact value with its zone on hover. */
export function MomentTime({ at, now }: { at: string; now: number }) {
  return (
    <time className={styles.time} dateTime={at} title={exactTime(at)}>
      {momentWords(at, now)}
    </time>
  );
}
