import type { EventFact } from "#contract/timeline.ts";
import { visibleText } from "#contract/visible-text.ts";
import { CopyButton } from "#renderer/ui/copy-button.tsx";
import { cx } from "#renderer/ui/cx.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import styles from "./inspector.module.css";

interface FactListProps {
  facts: readonly EventFact[];
  copy: (text: string) => Promise<boolean>;
}

/**
 * Labelled facts in reading order; what is code can be copied. It may be pasted into a shell, so nothing that would run
 * or hide there is copied as it is.
 */
export function FactList({ facts, copy }: FactListProps) {
  return (
    <dl className={styles.facts}>
      {facts.map((fact, index) => (
        // A record may say the same thing twice, and its facts never move.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={styles.fact}>
          <dt>{fact.label}</dt>
          <dd>
            <HostileText className={cx(fact.code && styles.code)} text={fact.value} limit={600} expandable />
            {fact.code && <CopyButton label={`Copy ${fact.label}`} text={() => visibleText(fact.value)} copy={copy} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
