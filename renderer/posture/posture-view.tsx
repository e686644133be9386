import { ShieldQuestionMark } from "lucide-react";
import { useStore } from "zustand";
import type { PostureFact, PostureSnapshot } from "#contract/posture.ts";
import { WHOLE_MAC } from "#renderer/state/posture-store.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { CopyButton } from "#renderer/ui/copy-button.tsx";
import { EmptyState } from "#renderer/ui/empty-state.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { Page, Section } from "#renderer/ui/page.tsx";
import { sentenceTime } from "#renderer/ui/time-format.ts";
import { SentenceTime } from "#renderer/ui/time-text.tsx";
import { POSTURE_FACT_WORDS } from "#renderer/ui/words.ts";
import { BaselinePanel } from "./baseline-panel.tsx";
import { Epochs } from "./epochs.tsx";
import { Journal } from "./journal.tsx";
import { postureText } from "./posture-text.ts";
import { Setting } from "./setting.tsx";
import { verdict } from "./verdict.ts";
import styles from "./posture-view.module.css";

/** The protections that check seals: what holds now, what the next restart brings, what should be, and how it came so. */
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
  return (
    <Page title={verdict(posture.settings)} lead={<Lead posture={posture} now={now} />}>
      <div className={styles.summary}>
        <Facts facts={posture.facts} now={now} />
        <CopyButton wide label="Copy as text" text={() => postureText(posture)} copy={stores.app.copy} />
      </div>
      <BaselinePanel posture={posture} stores={stores} />
      <ul className={styles.settings}>
        {posture.settings.map((setting) => (
          <li key={setting.id}>
            <Setting setting={setting} stores={stores} />
          </li>
        ))}
      </ul>
      <Epochs epochs={posture.epochs} now={now} />
      <Section title="History">
        <Journal stores={stores} about={WHOLE_MAC} />
      </Section>
    </Page>
  );
}

function Lead({ posture, now }: { posture: PostureSnapshot; now: number }) {
  const { osVersion, osBuild, bootTime, weakenedSince, facts: others } = posture;
  const saidBelow = others.some(({ id, value }) => id === "os" && value !== null);
  const mac = osVersion === null || saidBelow ? null : `macOS ${osVersion}${osBuild === null ? "" : ` (${osBuild})`}`;
  const started = mac === null ? "Started" : "started";
  const boot = bootTime === null ? null : `${started} ${sentenceTime(bootTime, now)}`;
  const facts = [mac, boot].filter((fact) => fact !== null).join(", ");
  return (
    <>
      {facts !== "" && <HostileText text={`${facts}. `} />}
      {weakenedSince !== null && (
        <span className={styles.weak}>
          Weaker than expected since <SentenceTime at={weakenedSince} now={now} />.
        </span>
      )}
    </>
  );
}

function Facts({ facts, now }: { facts: readonly PostureFact[]; now: number }) {
  return (
    <dl className={styles.row}>
      {facts.map(({ id, value, since }) => (
        <div key={id}>
          <dt title={POSTURE_FACT_WORDS[id].meaning}>{POSTURE_FACT_WORDS[id].name}</dt>
          <dd>
            {value === null ? (
              <span className={styles.quiet}>Not known</span>
            ) : (
              <HostileText text={value} limit={120} />
            )}
          </dd>
          {since !== null && (
            <dd className={styles.quiet}>
              since <SentenceTime at={since} now={now} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
