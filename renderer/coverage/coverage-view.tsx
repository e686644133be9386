import { EyeOff } from "lucide-react";
import { useStore } from "zustand";
import type { Coverage, SourceCoverage } from "#contract/coverage.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { EmptyState } from "#renderer/ui/empty-state.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { Page, Section } from "#renderer/ui/page.tsx";
import { PathText } from "#renderer/ui/path-text.tsx";
import { CoverageGlyph } from "#renderer/ui/state-glyph.tsx";
import { SentenceTime } from "#renderer/ui/time-text.tsx";
import { ORIGIN_WORDS } from "#renderer/ui/words.ts";
import { FormatChanges } from "./format-changes.tsx";
import { LiveSource } from "./live-source.tsx";
import { LiveSummary } from "./live-summary.tsx";
import { liveVerdict } from "./live-verdict.ts";
import { UnreadSettings } from "./unread-settings.tsx";
import styles from "./coverage-view.module.css";

/** What can be seen, what cannot, and the one next step for each source. */
export function CoverageView({ stores }: { stores: Stores }) {
  const coverage = useStore(stores.app.state, (state) => state.monitor?.coverage);
  const live = useStore(stores.app.state, (state) => state.monitor?.live);
  const isLive = coverage?.helper !== undefined;
  if (coverage === undefined || (!isLive && coverage.sources.every(({ state }) => state === "absent"))) {
    return (
      <EmptyState Icon={EyeOff} title="Nothing is being watched">
        No source is connected, so an empty timeline says nothing about this Mac.
      </EmptyState>
    );
  }
  const now = stores.now();
  const changes = coverage.formatChanges ?? [];
  return (
    <Page
      title={isLive ? liveVerdict(coverage, live) : verdict(coverage)}
      {...(isLive ? {} : { lead: "An empty timeline is only good news where the sources below are running." })}
    >
      {isLive && <LiveSummary coverage={coverage} live={live} now={now} />}
      <FormatChanges changes={changes} />
      <ul className={styles.sources}>
        {coverage.sources.map((source) => (
          <li key={source.source}>
            {isLive ? (
              <LiveSource source={source} changes={changes} app={stores.app} />
            ) : (
              <Source source={source} now={now} />
            )}
          </li>
        ))}
      </ul>
      {coverage.journalDoubt !== undefined && (
        <Section title="The posture history is in doubt">
          <p>
            <HostileText text={coverage.journalDoubt} limit={600} expandable />
          </p>
          <p className={styles.quiet}>The Posture page has the history and what its chain proves.</p>
        </Section>
      )}
      <UnreadSettings settings={coverage.unreadSettings ?? []} />
      {countSentences(coverage).map((sentence) => (
        <p key={sentence} className={styles.quiet}>
          {sentence}
        </p>
      ))}
      {coverage.skippedRules.length > 0 && (
        <Section
          title={
            coverage.skippedRules.length === 1
              ? "One rule does not run"
              : `${coverage.skippedRules.length} rules do not run`
          }
        >
          <ul>
            {coverage.skippedRules.map(({ file, line, reason }) => (
              <li key={`${file}:${line}:${reason}`} className={styles.rule}>
                <PathText path={`${file}:${line}`} />
                <HostileText className={styles.reason} text={reason} limit={400} expandable />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}

function countSentences({ faults, duplicates, forgotten, ungrouped, regexGaveUp }: Coverage): string[] {
  const records = (count: number) => `${count.toLocaleString()} ${count === 1 ? "record" : "records"}`;
  return [
    faults > 0 ? `${records(faults)} could not be read; the timeline shows where.` : "",
    duplicates > 0 ? `${records(duplicates)} came again and added nothing.` : "",
    forgotten > 0
      ? `${forgotten.toLocaleString()} remembered facts were given up to stay within bounds, so a connection between far-apart events may be missed.`
      : "",
    ungrouped > 0
      ? `${records(ungrouped)} matched a step of a sequence but did not say which program or file, so nothing could be joined to ${ungrouped === 1 ? "it" : "them"}.`
      : "",
    regexGaveUp > 0
      ? `${regexGaveUp.toLocaleString()} texts were too long for a rule’s pattern and counted as not matched.`
      : "",
  ].filter((sentence) => sentence !== "");
}

function verdict({ sources }: Coverage): string {
  const blind = sources.filter(({ blind }) => blind !== null && blind !== "").length;
  if (blind === 0) {
    const needed = sources.filter(({ state }) => state !== "absent");
    if (needed.every(({ state }) => state === "running")) return "Everything that is watched is seen";
    return needed.every(({ state }) => state === "stopped") ? "Watching has ended" : "Not every source is running";
  }
  return blind === 1 ? "One source is partly blind" : `${blind} sources are partly blind`;
}

const GAP_WORDS = {
  lost: "lost by macOS",
  shed: "shed by Sealbar",
  unreadable: "not readable",
} as const;

function Source({ source, now }: { source: SourceCoverage; now: number }) {
  const { long, meaning } = ORIGIN_WORDS[source.source];
  const counted = (Object.keys(GAP_WORDS) as (keyof typeof GAP_WORDS)[]).filter((name) => source.gaps[name] > 0);
  const gaps = counted.map((name) => `${source.gaps[name].toLocaleString()} ${GAP_WORDS[name]}`);
  if (source.gaps.unknown > 0)
    gaps.push(
      `an unknown number lost (${source.gaps.unknown === 1 ? "once" : `${source.gaps.unknown.toLocaleString()} times`})`,
    );
  return (
    <section className={styles.source} aria-label={long}>
      <div className={styles.top}>
        <h3 className={styles.name}>{long}</h3>
        <CoverageGlyph state={source.state} needed={source.state !== "absent" || source.blind !== null} />
      </div>
      <p className={styles.meaning}>{meaning}</p>
      <dl className={styles.facts}>
        <div>
          <dt>Last event</dt>
          <dd>
            {source.lastEventAt === null ? (
              <span className={styles.quiet}>None yet</span>
            ) : (
              <SentenceTime at={source.lastEventAt} now={now} />
            )}
          </dd>
        </div>
        <div>
          <dt>Events</dt>
          <dd>{source.events.toLocaleString()}</dd>
        </div>
        <div>
          <dt>Gaps</dt>
          <dd>{gaps.length === 0 ? <span className={styles.quiet}>None counted</span> : gaps.join(", ")}</dd>
        </div>
      </dl>
      {source.blind !== null && source.blind !== "" && (
        <div className={styles.blind}>
          <p>
            <strong>Not seen: </strong>
            <HostileText text={source.blind} limit={600} expandable />
          </p>
          {source.nextStep !== null && (
            <p>
              <strong>Next step: </strong>
              <HostileText text={source.nextStep} limit={600} expandable />
            </p>
          )}
          {source.detail !== null && (
            <HostileText className={styles.technical} text={source.detail} limit={300} expandable />
          )}
        </div>
      )}
    </section>
  );
}
