import { ShieldQuestionMark } from "lucide-react";
import { useStore } from "zustand";
import type { PostureSetting } from "#contract/posture.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { EmptyState } from "#renderer/ui/empty-state.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { Page } from "#renderer/ui/page.tsx";
import { PostureGlyph } from "#renderer/ui/state-glyph.tsx";
import { sentenceTime } from "#renderer/ui/time-format.ts";
import { RowTime, SentenceTime } from "#renderer/ui/time-text.tsx";
import { POSTURE_SETTING_WORDS, postureWord } from "#renderer/ui/words.ts";
import { verdict } from "./verdict.ts";
import styles from "./posture-view.module.css";

/** The protections that check seals: what holds now, what the next restart brings, and what says so. */
export function PostureView({ stores }: { stores: Stores }) {
  const posture = useStore(stores.app.state, (state) => state.monitor?.posture);
  if (posture === undefined || posture.settings.every(({ readAt }) => readAt === null)) {
    return (
      <EmptyState Icon={ShieldQuestionMark} title="No protection has been read yet">
        SIP, Gatekeeper and the startup settings appear here once a probe or a recording has told them. Until then
        nothing is known about them.
      </EmptyState>
    );
  }
  const now = stores.now();
  const { osVersion, osBuild, bootTime } = posture;
  const mac = osVersion === null ? null : `macOS ${osVersion}${osBuild === null ? "" : ` (${osBuild})`}`;
  const boot = bootTime === null ? null : `started ${sentenceTime(bootTime, now)}`;
  const facts = [mac, boot].filter((fact) => fact !== null).join(", ");
  return (
    <Page title={verdict(posture.settings)} lead={facts === "" ? undefined : <HostileText text={facts} />}>
      {posture.weakenedSince !== null && (
        <p className={styles.weak}>
          Weaker than expected since <SentenceTime at={posture.weakenedSince} now={now} />.
        </p>
      )}
      <ul className={styles.settings}>
        {posture.settings.map((setting) => (
          <li key={setting.id}>
            <Setting setting={setting} now={now} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function Setting({ setting, now }: { setting: PostureSetting; now: number }) {
  const { name, meaning } = POSTURE_SETTING_WORDS[setting.id];
  return (
    <section className={styles.setting} aria-label={name}>
      <div className={styles.top}>
        <h3 className={styles.name} title={meaning}>
          {name}
        </h3>
        <PostureGlyph id={setting.id} value={setting.inForce} />
      </div>
      <p className={styles.detail}>
        <HostileText text={setting.detail === "" ? meaning : setting.detail} limit={600} expandable />
      </p>
      <dl className={styles.facts}>
        <div>
          <dt>After next restart</dt>
          <dd>
            {setting.afterBoot === null ? (
              <span className={styles.quiet}>No change known</span>
            ) : (
              <PostureGlyph id={setting.id} value={setting.afterBoot} />
            )}
          </dd>
        </div>
        <div>
          <dt>Expected</dt>
          <dd>{postureWord(setting.id, setting.expected)}</dd>
        </div>
        <div>
          <dt>Since</dt>
          <dd>
            {setting.since === null ? (
              <span className={styles.quiet}>Not known</span>
            ) : (
              <SentenceTime at={setting.since} now={now} />
            )}
          </dd>
        </div>
      </dl>
      {setting.evidence.length > 0 && (
        <details className={styles.evidence}>
          <summary>Evidence</summary>
          {setting.evidence.map((evidence) => (
            <div key={`${evidence.probe} ${evidence.readAt}`}>
              <p className={styles.quiet}>
                <HostileText text={evidence.probe} limit={100} />, read <RowTime at={evidence.readAt} />
              </p>
              <pre>
                {evidence.text === ""
                  ? "No answer."
                  : evidence.text.split("\n").map((line, index) => (
                      // Lines of one answer never move.
                      // oxlint-disable-next-line react/no-array-index-key
                      <div key={index}>
                        <HostileText text={line.replaceAll("\t", "    ")} limit={500} />
                      </div>
                    ))}
              </pre>
            </div>
          ))}
        </details>
      )}
    </section>
  );
}
