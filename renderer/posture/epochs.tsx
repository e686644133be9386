import { ShieldAlert } from "lucide-react";
import type { PostureEpoch } from "#contract/posture.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { Section } from "#renderer/ui/page.tsx";
import { SentenceTime } from "#renderer/ui/time-text.tsx";
import styles from "./posture-view.module.css";

/** The periods in which the Mac was weaker than expected, newest first. */
export function Epochs({ epochs, now }: { epochs: readonly PostureEpoch[]; now: number }) {
  if (epochs.length === 0) return null;
  return (
    <Section title="Weaker than expected">
      <ol>
        {epochs.map((epoch) => (
          <li key={`${epoch.since} ${epoch.how}`} className={styles.epoch}>
            <ShieldAlert
              size={14}
              strokeWidth={2}
              aria-hidden
              className={epoch.until === null ? styles.lasting : styles.past}
            />
            <span>
              <span className={styles.period}>
                {epoch.firstSeen ? "From before the first look, " : "From "}
                <SentenceTime at={epoch.since} now={now} />
                {epoch.until === null ? (
                  " until now"
                ) : (
                  <>
                    {" to "}
                    <SentenceTime at={epoch.until} now={now} />
                  </>
                )}
              </span>
              <HostileText className={styles.how} text={epoch.how} limit={300} expandable />
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
