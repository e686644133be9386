import type { Coverage } from "#contract/coverage.ts";
import type { LiveStatus } from "#contract/monitor-port.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { RowTime, SentenceTime } from "#renderer/ui/time-text.tsx";
import { oldestProof } from "./live-verdict.ts";
import styles from "./live-source.module.css";

const TIER_WORDS = {
  standard: "Standard tier: it runs as you, and nothing was asked for.",
  full: "Full tier: it runs as root, from the start of this Mac.",
} as const;

/** Under the first sentence: what it stands on, in which tier, and why not in another. */
export function LiveSummary({
  coverage,
  live,
  now,
}: {
  coverage: Coverage;
  live: LiveStatus | undefined;
  now: number;
}) {
  const { helper, sources, looks } = coverage;
  const proof = live?.allGood === true ? oldestProof(sources) : null;
  const unlooked = looks === undefined ? 0 : Object.values(looks.notInspected).reduce((sum, count) => sum + count, 0);
  return (
    <div className={styles.summary}>
      <p>
        {proof === null ? (
          "An empty timeline is only good news from a source that is working: one that proved itself by what it delivered."
        ) : (
          <>
            Proved by every source, the oldest proof at <RowTime at={proof} />.
          </>
        )}
      </p>
      {helper?.tier !== null && helper?.tier !== undefined && <p>{TIER_WORDS[helper.tier]}</p>}
      {helper !== undefined && helper.reason !== null && (
        <p className={styles.reason}>
          <HostileText text={helper.reason} limit={400} expandable />
          {helper.retryAt !== null && (
            <>
              {" "}
              It is tried again by itself, <SentenceTime at={helper.retryAt} now={now} />.
            </>
          )}
        </p>
      )}
      {looks !== undefined && looks.skipped + unlooked > 0 && (
        <p>
          Files that ran and were not looked at because too many ran at once: {looks.skipped.toLocaleString()}. Kept
          without Sealbar’s own look at their signature: {unlooked.toLocaleString()}.
        </p>
      )}
    </div>
  );
}
