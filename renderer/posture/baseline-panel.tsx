import { useRef, useState } from "react";
import { useStore } from "zustand";
import type { PostureSnapshot } from "#contract/posture.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { exactTime, sentenceTime } from "#renderer/ui/time-format.ts";
import { BaselineForm } from "./baseline-form.tsx";
import { baselineSentence } from "./posture-text.ts";
import styles from "./baseline.module.css";

/** What this Mac is compared with, who said so, and the way to say that it is as it should be. */
export function BaselinePanel({ posture, stores }: { posture: PostureSnapshot; stores: Stores }) {
  const { baseline } = posture;
  const recorded = useStore(stores.app.state, ({ monitor }) => (monitor?.recording ?? null) !== null);
  const [asking, setAsking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setAsking(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  const when = baseline.at === null ? "" : sentenceTime(baseline.at, stores.now());
  return (
    <section className={styles.panel} aria-label="Baseline">
      <div className={styles.top}>
        <div className={styles.words} title={baseline.at === null ? undefined : exactTime(baseline.at)}>
          <h3 className={styles.heading}>Baseline</h3>
          <p>
            <HostileText text={baselineSentence(baseline, when)} limit={700} expandable />
          </p>
        </div>
        {(!asking || recorded) && (
          <Button
            ref={button}
            disabled={recorded}
            aria-describedby={recorded ? "why-no-baseline" : undefined}
            onClick={() => setAsking(true)}
          >
            Accept as baseline…
          </Button>
        )}
      </div>
      {recorded && (
        <p id="why-no-baseline" className={styles.quiet}>
          A recording is shown, and a baseline is about this Mac. Close the recording to accept one.
        </p>
      )}
      {asking && !recorded && <BaselineForm posture={posture} stores={stores} onDone={close} />}
    </section>
  );
}
