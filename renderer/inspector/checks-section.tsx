import { Check as CheckMark, CircleDashed } from "lucide-react";
import { CHECK_WORDS } from "#contract/inspection-words.ts";
import type { Check, NotChecked } from "#contract/inspection.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import inspector from "./inspector.module.css";
import styles from "./inspection.module.css";

/** What the verdict rests on, and what nobody looked at. Checked says that it was looked at, not that it was good. */
export function ChecksSection({
  checked,
  notChecked,
}: {
  checked: readonly Check[];
  notChecked: readonly NotChecked[];
}) {
  return (
    <>
      {notChecked.length > 0 && (
        <section className={inspector.section}>
          <h3 className={inspector.heading}>Not checked</h3>
          <ul className={styles.unchecked}>
            {notChecked.map(({ check, why }) => (
              <li key={check} className={styles.check}>
                <CircleDashed size={14} aria-hidden className={styles.violet} />
                <span>
                  {CHECK_WORDS[check]}
                  <span className={styles.why}>
                    <HostileText text={why} limit={300} expandable />
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {checked.length > 0 && (
        <section className={inspector.section}>
          <h3 className={inspector.heading}>Checked</h3>
          <ul>
            {checked.map((check) => (
              <li key={check} className={styles.check}>
                <CheckMark size={14} aria-hidden className={styles.grey} />
                {CHECK_WORDS[check]}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
