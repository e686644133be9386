import { useStore } from "zustand";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { Page } from "#renderer/ui/page.tsx";
import { rateWords, sourceHealth } from "#renderer/ui/source-health.ts";
import { HealthGlyph } from "#renderer/ui/state-glyph.tsx";
import { RowTime } from "#renderer/ui/time-text.tsx";
import { ORIGIN_WORDS } from "#renderer/ui/words.ts";
import styles from "./onboarding.module.css";

/** The first run: the two tiers in plain words, and each source proving itself by what it delivers. Asks for nothing. */
export function Onboarding({ stores: { app } }: { stores: Stores }) {
  const coverage = useStore(app.state, (state) => state.monitor?.coverage);
  const tier = coverage?.helper?.tier ?? null;
  const isFull = tier === "full";
  const reason = coverage?.helper?.reason ?? null;
  const changes = coverage?.formatChanges ?? [];
  return (
    <Page
      title="What Sealbar can see on this Mac"
      lead="It only watches: it never changes a protection, removes a quarantine mark or stops a program."
    >
      <div className={styles.tiers}>
        <section aria-labelledby="tier-standard">
          <h3 id="tier-standard" className={styles.heading}>
            Standard{tier === "standard" && <span className={styles.aside}>Already started</span>}
          </h3>
          <dl className={styles.facts}>
            <dt>Sees</dt>
            <dd>
              What Gatekeeper, AMFI and XProtect decide, programs while they run, quarantine marks that change where
              downloads and apps lie, and whether SIP and Gatekeeper are on.
            </dd>
            <dt>Misses</dt>
            <dd>Programs that run for a moment only, and what happens before you log in.</dd>
            <dt>Needs</dt>
            <dd>Nothing. macOS lets only administrators follow its log; other users see the rest.</dd>
          </dl>
        </section>
        <section aria-labelledby="tier-full">
          <h3 id="tier-full" className={styles.heading}>
            Full{isFull && <span className={styles.aside}>Running</span>}
          </h3>
          <dl className={styles.facts}>
            <dt>Sees</dt>
            <dd>
              All of that, and every launch with its signature and who started it, from the start of this Mac, through
              Apple’s Endpoint Security.
            </dd>
            <dt>Needs</dt>
            <dd>An administrator who allows a background service, and Full Disk Access for it.</dd>
            <dt>Undo</dt>
            <dd>Both can be taken back at any time in System Settings. The standard tier then goes on.</dd>
          </dl>
        </section>
      </div>
      <h3 className={styles.heading}>Each source proves itself</h3>
      <p className={styles.note}>
        “Working” means that something was delivered or an answer came just now, not that a permission looks right.
      </p>
      {reason !== null && (
        <p>
          <HostileText text={reason} limit={300} />
        </p>
      )}
      {coverage === undefined || coverage.sources.length === 0 ? (
        <p className={styles.note}>No source has started yet.</p>
      ) : (
        <ul className={styles.sources} aria-label="Sources">
          {coverage.sources.map((source) => {
            const rate = rateWords(source.ratePerMinute);
            return (
              <li key={source.source} className={styles.source}>
                <span className={styles.name}>{ORIGIN_WORDS[source.source].long}</span>
                <HealthGlyph health={sourceHealth(source, changes)} state={source.state} />
                <span className={styles.proof}>
                  {source.lastEventAt !== null && (
                    <>
                      Last event <RowTime at={source.lastEventAt} />
                      {rate !== null && `, ${rate}`}
                    </>
                  )}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      <div className={styles.actions}>
        <Button look="primary" onClick={() => void app.changeSettings({ onboardingDone: true })}>
          {isFull ? "Show the timeline" : "Start with standard"}
        </Button>
        <span className={styles.note}>
          {isFull
            ? "Coverage always says what can be seen."
            : "Nothing is asked. The full tier can be turned on later."}
        </span>
      </div>
    </Page>
  );
}
