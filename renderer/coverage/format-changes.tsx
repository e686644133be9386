import type { FormatChange } from "#contract/coverage.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { Section } from "#renderer/ui/page.tsx";
import styles from "./live-source.module.css";

/** Lines that macOS writes differently now, and what is off because of it. */
export function FormatChanges({ changes }: { changes: readonly FormatChange[] }) {
  if (changes.length === 0) return null;
  return (
    <Section title="Format changed: these detections are off">
      <ul>
        {changes.map((change) => (
          <li key={`${change.source}:${change.sender}`} className={styles.change}>
            <strong>
              <HostileText text={change.sender} limit={120} />
            </strong>
            <HostileText text={change.sentence} limit={600} expandable />
            <span className={styles.quiet}>
              {change.behaviours.length > 0 && `Off: ${change.behaviours.join(", ")}. `}
              At least {change.misses.toLocaleString()} lines in a row could not be read
              {change.osBuild !== null && (
                <>
                  {" "}
                  on macOS build <HostileText text={change.osBuild} limit={40} />
                </>
              )}
              {change.wasReadable ? "; such lines could be read before." : "."}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
