import type { PostureSetting } from "#contract/posture.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Disclosures } from "#renderer/ui/disclosure.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { isWeakened } from "#contract/posture-rank.ts";
import { PartGlyph, PostureGlyph } from "#renderer/ui/state-glyph.tsx";
import { RowTime, SentenceTime } from "#renderer/ui/time-text.tsx";
import { POSTURE_SETTING_WORDS, postureWord } from "#renderer/ui/words.ts";
import { Journal } from "./journal.tsx";
import styles from "./posture-view.module.css";

/** One protection: what holds now, after the next restart, what should hold, since when, and what says so. */
export function Setting({ setting, stores }: { setting: PostureSetting; stores: Stores }) {
  const { id, inForce, afterBoot, expected, expectedByBaseline, since, parts, detail, evidence } = setting;
  const { name, meaning } = POSTURE_SETTING_WORDS[id];
  const now = stores.now();
  return (
    <section className={styles.setting} aria-label={name}>
      <div className={styles.top}>
        <h3 className={styles.name} title={meaning}>
          {name}
        </h3>
        <PostureGlyph id={id} value={inForce} {...(isWeakened(setting) ? {} : { expected })} />
      </div>
      <p className={styles.detail}>
        <HostileText text={detail === "" ? meaning : detail} limit={600} expandable />
      </p>
      <dl className={styles.facts}>
        <div>
          <dt>After next restart</dt>
          <dd>
            {afterBoot === null ? (
              <span className={styles.quiet}>No change known</span>
            ) : (
              <PostureGlyph id={id} value={afterBoot} expected={expected} />
            )}
          </dd>
        </div>
        <div>
          <dt>Expected</dt>
          <dd>
            {postureWord(id, expected)}
            <span className={styles.quiet}>{expectedByBaseline ? " (accepted)" : " (Apple’s default)"}</span>
          </dd>
        </div>
        <div>
          <dt>Since</dt>
          <dd className={styles.since}>
            {since === null ? <span className={styles.quiet}>Not known</span> : <SentenceTime at={since} now={now} />}
          </dd>
        </div>
      </dl>
      {parts.length > 0 && (
        <ul className={styles.parts} aria-label={`Parts of ${name}`}>
          {parts.map((part) => (
            <li key={part.name}>
              <HostileText text={part.name} limit={80} />
              <PartGlyph value={part.value} accepted={!isWeakened(setting)} />
            </li>
          ))}
        </ul>
      )}
      <Disclosures
        about={name}
        parts={[
          ...(evidence.length === 0 ? [] : [{ name: "Evidence", content: <Evidence evidence={evidence} /> }]),
          { name: "History", content: <Journal stores={stores} about={id} /> },
        ]}
      />
    </section>
  );
}

function Evidence({ evidence }: { evidence: PostureSetting["evidence"] }) {
  return evidence.map(({ probe, readAt, text }) => (
    <div key={`${probe} ${readAt}`} className={styles.evidence}>
      <p className={styles.quiet}>
        <HostileText text={probe} limit={100} />, read <RowTime at={readAt} />
      </p>
      <pre>
        {text === ""
          ? "No answer."
          : text.split("\n").map((line, index) => (
              // Lines of one answer never move.
              // oxlint-disable-next-line react/no-array-index-key
              <div key={index}>
                <HostileText text={line.replaceAll("\t", "    ")} limit={500} />
              </div>
            ))}
      </pre>
    </div>
  ));
}
