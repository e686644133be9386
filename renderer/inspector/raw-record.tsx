import { CopyButton } from "#renderer/ui/copy-button.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import styles from "./inspector.module.css";

/** More makes the window slow, and nobody reads it here; it can be copied. */
const SHOWN_CHARACTERS = 20_000;
const LONGEST_PRETTY = 1_000_000;

/** Lays JSON out over lines; anything else stays as it is. */
export function prettyRecord(raw: string): string {
  if (raw.length > LONGEST_PRETTY) return raw;
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}

interface RawRecordProps {
  raw: string;
  truncated: boolean;
  copy: (text: string) => Promise<boolean>;
}

/** The source's own words. */
export function RawRecord({ raw, truncated, copy }: RawRecordProps) {
  return (
    <div className={styles.section}>
      <div className={styles.line}>
        <p className={styles.note}>
          {truncated
            ? "The beginning of the record; the rest was too long to keep here."
            : "As the source gave it, laid out over lines."}
        </p>
        <span className={styles.push} />
        <CopyButton wide label="Copy record" text={() => raw} copy={copy} />
      </div>
      <pre className={styles.raw}>
        <RawLines text={prettyRecord(raw)} />
      </pre>
    </div>
  );
}

/** Line breaks are the layout's own; every other control character is boxed. */
function RawLines({ text }: { text: string }) {
  const lines = text.slice(0, SHOWN_CHARACTERS).split("\n");
  return (
    <>
      {lines.map((line, index) => (
        // Lines of one record never move.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index}>
          <HostileText text={line} limit={SHOWN_CHARACTERS} />
        </div>
      ))}
      {text.length > SHOWN_CHARACTERS && <p className={styles.note}>Cut here. “Copy record” copies all of it.</p>}
    </>
  );
}
