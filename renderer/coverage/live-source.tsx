import { useState } from "react";
import type { CoverageAction, FormatChange, GapCounts, SourceCoverage } from "#contract/coverage.ts";
import type { AppStore } from "#renderer/state/app-store.ts";
import { Button } from "#renderer/ui/button.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { rateWords, sourceHealth } from "#renderer/ui/source-health.ts";
import { HealthGlyph } from "#renderer/ui/state-glyph.tsx";
import { RowTime } from "#renderer/ui/time-text.tsx";
import { ORIGIN_WORDS } from "#renderer/ui/words.ts";
import styles from "./live-source.module.css";

interface LiveSourceProps {
  source: SourceCoverage;
  changes: readonly FormatChange[];
  app: AppStore;
}

/** One source of this Mac: how it does, what proves it, what was lost, what is blind and the next step. */
export function LiveSource({ source, changes, app }: LiveSourceProps) {
  const { long, meaning } = ORIGIN_WORDS[source.source];
  const health = sourceHealth(source, changes);
  const behaviours = source.blindBehaviours ?? [];
  const isBlind = (source.blind !== null && source.blind !== "") || behaviours.length > 0;
  const look = isBlind && health !== "outside" ? styles.blind : styles.plain;
  const hasNotes = isBlind || source.nextStep !== null || source.detail !== null;
  return (
    <section className={styles.source} aria-label={long} data-health={health}>
      <div className={styles.top}>
        <h3 className={styles.name}>{long}</h3>
        <HealthGlyph health={health} state={source.state} />
      </div>
      <p className={styles.meaning}>{meaning}</p>
      {health !== "outside" && (
        <>
          <Proof source={source} />
          <Counts source={source} />
        </>
      )}
      {hasNotes && (
        <div className={look}>
          {source.blind !== null && source.blind !== "" && (
            <p>
              <strong>Not seen: </strong>
              <HostileText text={source.blind} limit={600} expandable />
            </p>
          )}
          {behaviours.length > 0 && (
            <ul className={styles.behaviours} aria-label={`What ${long} would show`}>
              {behaviours.map(({ id, words }) => (
                <li key={id}>
                  <span className={styles.id}>{id}</span>
                  <span>{words}</span>
                </li>
              ))}
            </ul>
          )}
          {source.nextStep !== null && (
            <p className={styles.next}>
              <span>
                <strong>Next step: </strong>
                <HostileText text={source.nextStep} limit={600} expandable />
              </span>
              <ActionButton source={source} app={app} />
            </p>
          )}
          {source.detail !== null && (
            <p>
              <HostileText className={styles.technical} text={source.detail} limit={300} expandable />
            </p>
          )}
        </div>
      )}
    </section>
  );
}

function Proof({ source }: { source: SourceCoverage }) {
  const { lastEventAt, provedAt, provedBy, limitSeconds } = source;
  const rate = rateWords(source.ratePerMinute);
  return (
    <p className={styles.proof}>
      {lastEventAt === null ? (
        "No event yet"
      ) : (
        <>
          Last event <RowTime at={lastEventAt} />
        </>
      )}
      {rate !== null && `, ${rate}`}
      {provedAt === null || provedAt === undefined ? (
        ". Not proved yet."
      ) : (
        <>
          . Proved <RowTime at={provedAt} />
          {provedBy === "heartbeat" ? " by an answered heartbeat" : provedBy === "event" ? " by an event" : ""}
          {limitSeconds !== null && limitSeconds !== undefined && `, good for ${span(limitSeconds)}`}.
        </>
      )}
    </p>
  );
}

const span = (seconds: number): string =>
  seconds >= 120 ? `${Math.round(seconds / 60).toLocaleString()} min` : `${seconds.toLocaleString()} s`;

function Counts({ source }: { source: SourceCoverage }) {
  return (
    <dl className={styles.counts}>
      {[["Events", source.events] as const, ...lossesOf(source.gaps)].map(([name, count]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={count === 0 ? styles.zero : undefined}>{count.toLocaleString()}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Exact counts, each under who lost it. What is not told apart is not shown apart. */
function lossesOf({ lost, shed, shedByUs, unreadable, unknown }: GapCounts): (readonly [string, number])[] {
  const shedParts: (readonly [string, number])[] =
    shedByUs === undefined
      ? [["Shed by helper or us", shed]]
      : [
          ["Shed by helper", shed - shedByUs],
          ["Shed by us", shedByUs],
        ];
  const parts = [["Lost by macOS", lost] as const, ...shedParts, ["Unreadable", unreadable] as const];
  return unknown > 0 ? [...parts, ["Times uncounted", unknown]] : parts;
}

/** What the app can do itself; the other steps are words only. */
function ActionButton({ source, app }: { source: SourceCoverage; app: AppStore }) {
  const [busy, setBusy] = useState(false);
  const offered = OFFERED[source.action ?? "none"];
  if (offered === null) return null;
  const run = async () => {
    setBusy(true);
    await offered.run(app, source);
    setBusy(false);
  };
  return (
    <Button
      disabled={busy}
      aria-label={`${offered.label}: ${ORIGIN_WORDS[source.source].long}`}
      onClick={() => void run()}
    >
      {offered.label}
    </Button>
  );
}

interface Offer {
  label: string;
  run: (app: AppStore, source: SourceCoverage) => Promise<void>;
}

const OFFERED: Record<CoverageAction | "none", Offer | null> = {
  retry: { label: "Try again", run: (app, { source }) => app.retrySource(source) },
  "open-full-disk-access-settings": { label: "Open System Settings", run: (app) => app.openFullDiskAccessSettings() },
  "enable-full-tier": { label: "Turn on the full tier", run: (app) => app.enableFullTier() },
  "update-sealbar": null,
  none: null,
};
