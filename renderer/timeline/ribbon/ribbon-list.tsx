import type { Ribbon } from "#contract/ribbon.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { SeverityGlyph } from "#renderer/ui/severity-glyph.tsx";
import { SentenceTime } from "#renderer/ui/time-text.tsx";
import { ORIGIN_WORDS } from "#renderer/ui/words.ts";
import { POSTURE_STATE_WORDS, SOURCE_STATE_WORDS, stretchTitle, stretchWords, textOf } from "./words.ts";
import styles from "./ribbon-list.module.css";

interface Stretch {
  name: string;
  word: string;
  from: number;
  to: number;
  words: string;
}

const SECOND_MICROS = 1_000_000;

/** Where nobody was watching yet, or any more, for less than a second: the edge of a session, and nothing to read about. */
const isEdge = ({ from, to, state }: { from: number; to: number; state: string }): boolean =>
  (state === "unknown" || state === "off") && to - from < SECOND_MICROS;

/** What the drawing shows, in words: each line shows the rows of its time. What is as it should be is left out. */
export function RibbonList({ stores, ribbon }: { stores: Stores; ribbon: Ribbon }) {
  const { timeline, app } = stores;
  const now = stores.now();
  const posture = ribbon.posture
    .filter((span) => !isEdge(span))
    .map((span): Stretch => ({ ...span, name: "Protection", word: POSTURE_STATE_WORDS[span.state] }));
  const sources = ribbon.sources.flatMap(({ source, spans }) =>
    spans
      .filter((span) => span.state !== "running" && !isEdge(span))
      .map((span): Stretch => ({ ...span, name: ORIGIN_WORDS[source].long, word: SOURCE_STATE_WORDS[span.state] })),
  );
  return (
    <div className={styles.list}>
      <Stretches label="Protection" stretches={posture} now={now} onShow={(range) => timeline.setFilter({ range })} />
      <Stretches
        label="When sources did not see"
        none="Every source saw all the time."
        stretches={sources}
        now={now}
        onShow={(range) => timeline.setFilter({ range })}
      />
      <section aria-label="Restarts and findings">
        <h3>Restarts and findings</h3>
        <ul>
          {ribbon.boots.map((boot) => (
            <li key={`boot ${boot}`} className={styles.line}>
              <span>The Mac restarted</span>
              <SentenceTime at={textOf(boot)} now={now} />
            </li>
          ))}
          {ribbon.findings.map(({ findingId, at, severity, title }) => (
            <li key={findingId}>
              <button
                type="button"
                className={styles.line}
                onClick={() => app.follow({ kind: "finding", id: findingId })}
              >
                <SeverityGlyph severity={severity} word={false} />
                <span className={styles.words}>
                  <HostileText text={title} limit={120} />
                </span>
                <SentenceTime at={textOf(at)} now={now} />
              </button>
            </li>
          ))}
          {ribbon.boots.length + ribbon.findings.length === 0 && <li className={styles.none}>None in this time.</li>}
        </ul>
        {ribbon.moreFindings > 0 && (
          <p className={styles.none}>{ribbon.moreFindings.toLocaleString()} less severe findings are not listed.</p>
        )}
      </section>
    </div>
  );
}

function Stretches({
  label,
  stretches,
  none = "Nothing is known.",
  now,
  onShow,
}: {
  label: string;
  stretches: readonly Stretch[];
  none?: string;
  now: number;
  onShow: (range: { from: number; to: number }) => void;
}) {
  return (
    <section aria-label={label}>
      <h3>{label}</h3>
      <ul>
        {stretches.map(({ name, word, from, to, words }) => (
          <li key={`${name} ${from}`}>
            <button
              type="button"
              className={styles.line}
              title="Show only the rows of this time"
              onClick={() => onShow({ from, to })}
            >
              <span className={styles.words}>
                {name === label ? "" : `${name}: `}
                {word}
              </span>{" "}
              <span className={styles.time} title={stretchTitle(from, to)}>
                {stretchWords(from, to, now)}
              </span>{" "}
              {words !== "" && (
                <span className={styles.why}>
                  <HostileText text={words} limit={160} />
                </span>
              )}
            </button>
          </li>
        ))}
        {stretches.length === 0 && <li className={styles.none}>{none}</li>}
      </ul>
    </section>
  );
}
