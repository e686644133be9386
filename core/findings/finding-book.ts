import { severityRank } from "#contract/severity.ts";
import type { EventId } from "#contract/source.ts";
import { DAY, type Micros } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "#core/enrich/bounded-table.ts";
import { shortText } from "#core/enrich/cap-text.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { evidenceNote } from "./evidence-note.ts";
import { MemberRecords, recall, remember } from "./member-records.ts";
import type { CorrelationInput, FindingRecord, HitMember, RuleInfo } from "./finding-input.ts";
import { severityInContext } from "./finding-severity.ts";
import { groupValuesOf, hitValuesOf, startToldOf } from "./finding-subject.ts";
import { beginFinding, continueFinding, type Hit, type OpenFinding, tellsMac } from "./open-finding.ts";
import { aboutPath, sameEvent, sharesRecord, tellsBehaviour } from "./story.ts";
import { StoryIndex } from "./story-index.ts";

interface FindingOptions {
  /** A rule that stays silent this long starts a new finding when it comes back. */
  window?: Micros;
}

/** A rule's group whose hits another finding tells, by that finding's place in the table. */
interface Told {
  into: string;
}

const DEFAULT_WINDOW: Micros = DAY;
const MAX_OPEN = 4096;
const PREFIX = "finding:";
const MAX_GROUP_VALUE = 1024;

/**
 * Turns rule hits into findings: one a group and episode, updated instead of repeated. Hits of several rules that tell
 * one story are one finding: it takes the words and the severity of the strongest and the tags of all. Bounded and
 * durable.
 */
export class FindingBook {
  readonly #open: BoundedTable<OpenFinding | Told>;
  readonly #index: StoryIndex;
  readonly #members: MemberRecords;
  readonly #window: Micros;
  #unreadable = 0;

  constructor(entries: readonly StateEntry[], options: FindingOptions = {}) {
    this.#open = new BoundedTable(PREFIX, MAX_OPEN, entries);
    this.#members = new MemberRecords(entries);
    this.#index = new StoryIndex(() => this.#findings());
    this.#window = options.window ?? DEFAULT_WINDOW;
  }

  /** Findings no longer updated because newer ones took their place; their next hit starts a new one. */
  get evicted(): number {
    return this.#open.evicted;
  }

  /** Hits that waited and could not be told, because what was stored of them is damaged; since construction. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /**
   * A rule matched. The caller leaves out Sealbar's own tools (`enriched.own`).
   * @param member the record as the correlator keeps it, so that its note is made only once
   */
  applyRule(rule: RuleInfo, enriched: EnrichedEvent, member: Pick<HitMember, "id" | "time" | "note">): FindingRecord {
    const { id, time, note } = member;
    const { bootOrdinal } = enriched.posture;
    const members = [{ rule: rule.id, id, time, bootOrdinal, note }];
    return this.#apply(rule, groupValuesOf(rule, enriched), members, enriched, false);
  }

  /** Keeps a record that may be part of a window which another one completes. */
  keepMember(enriched: EnrichedEvent): void {
    this.#members.add(enriched);
  }

  /** What has to be known again of a window when its hit is told later; `enriched` is the record just taken. */
  memoryOf(members: readonly Pick<HitMember, "id" | "note">[], enriched: EnrichedEvent): string {
    return remember(this.#teller(members, enriched));
  }

  /**
   * A correlation is complete with this event. Which of its records came last says nothing: the finding is about the last
   * one by time. The caller leaves out Sealbar's own tools (`enriched.own`).
   */
  applyCorrelation(hit: CorrelationInput, enriched: EnrichedEvent): FindingRecord {
    const { id, time } = enriched.event;
    const { bootOrdinal } = enriched.posture;
    const members = hit.members.some((member) => sameEvent(member.id, id))
      ? hit.members
      : [...hit.members, { rule: hit.correlation.id, id, time, bootOrdinal, note: evidenceNote(enriched) }];
    // In whatever order they came: who erases traces after a run is not whom the finding is about.
    const start = startToldOf(hit);
    const teller = this.#teller(start === null ? members : [start], enriched);
    return this.#apply(hit.correlation, hitValuesOf(hit), members, teller, true);
  }

  /**
   * A correlation's hit that waited. It stands on what was known when its window was complete; the record that decided
   * it is no part of it. @returns null when `memory` is not what {@link memoryOf} gave
   */
  applyWaited(hit: CorrelationInput, memory: string): FindingRecord | null {
    const enriched = recall(memory);
    // One record of which only had to be seen how it ends joins nothing: it is told as a rule's match is.
    const joined = hit.members.length > 1;
    if (enriched !== null) return this.#apply(hit.correlation, hitValuesOf(hit), hit.members, enriched, joined);
    this.#unreadable += 1;
    return null;
  }

  /** The user closed it: what comes back is a new finding. `key` is the finding's. */
  close(key: string): void {
    for (const [base, open] of this.#open.entries()) {
      if ("into" in open || open.record.key !== key || open.closed) continue;
      this.#open.set(base, { ...open, closed: true });
      return;
    }
  }

  drainChanges(): StateChange[] {
    return [...this.#open.drainChanges(), ...this.#members.drainChanges()];
  }

  /**
   * The record that a window's finding is about: the last one, but a line of the log tells of what another record shows,
   * and two sources may write of one moment in either order.
   */
  #teller(members: readonly Pick<HitMember, "id" | "note">[], enriched: EnrichedEvent): EnrichedEvent {
    const find = (id: EventId) => (sameEvent(id, enriched.event.id) ? enriched : this.#members.find(id));
    const newestFirst = members.toReversed();
    for (const { id, note } of newestFirst) {
      const found = note["kind"] === "log" ? null : find(id);
      if (found !== null) return found;
    }
    for (const { id } of newestFirst) {
      const found = find(id);
      if (found !== null) return found;
    }
    return enriched;
  }

  #apply(
    rule: RuleInfo,
    values: readonly string[],
    members: readonly HitMember[],
    enriched: EnrichedEvent,
    joined: boolean,
  ): FindingRecord {
    const group = values.map((value) => shortText(value, MAX_GROUP_VALUE));
    const base = JSON.stringify([rule.id, ...group]);
    const epoch = enriched.posture.weakenedSince;
    const hit: Hit = { rule, group, members, enriched, severity: severityInContext(rule, enriched), joined };
    const place = this.#placeOf(base, hit);
    const before = this.#open.get(place);
    const open = before === undefined || "into" in before ? beginFinding(hit) : continueFinding(before, hit);
    const own = this.#open.get(base);
    // The rule's own finding may live on beside the one that tells this hit.
    const stays = own !== undefined && !("into" in own) && !this.#isNewEpisode(own, hit);
    if (place !== base && !stays) this.#open.set(base, { into: place });
    const now = { ...open, epoch };
    this.#open.set(place, now);
    this.#index.add(place, now);
    return open.record;
  }

  *#findings(): Generator<[string, OpenFinding]> {
    for (const [place, open] of this.#open.entries()) if (!("into" in open)) yield [place, open];
  }

  /** Where the finding stands that this hit goes on with; a place without one: it begins there. */
  #placeOf(base: string, hit: Hit): string {
    const behaves = tellsBehaviour(hit.rule);
    const teller = behaves && !hit.joined ? this.#joinedTeller(hit) : null;
    if (teller !== null) return teller;
    const own = this.#open.get(base);
    const told = own !== undefined && "into" in own ? own.into : base;
    const known = this.#open.get(told);
    if (known !== undefined && !("into" in known) && !this.#isNewEpisode(known, hit)) return told;
    const story = behaves ? this.#storyOf(hit) : null;
    if (story !== null) return story;
    // An older episode's finding stays told; this place is taken by the new one.
    this.#open.delete(base);
    return base;
  }

  /** The open finding of a correlation that has told this very record; of several, the most severe, then the oldest. */
  #joinedTeller({ members }: Hit): string | null {
    const records = members.map((member) => member.id);
    let best: { place: string; open: OpenFinding } | null = null;
    for (const place of this.#index.find(null, records)) {
      const open = this.#open.get(place);
      if (open === undefined || "into" in open || open.closed || !open.joined) continue;
      if (open.record.behaviours.length === 0 || !sharesRecord(open.record.evidence, members)) continue;
      if (best === null || isBefore(open, best.open)) best = { place, open };
    }
    return best?.place ?? null;
  }

  /** An open finding that tells the same story; of several, the most severe, then the oldest. */
  #storyOf(hit: Hit): string | null {
    const about = aboutPath(hit.group);
    const records = hit.members.map((member) => member.id);
    let best: { place: string; open: OpenFinding } | null = null;
    for (const place of this.#index.find(about, records)) {
      const open = this.#open.get(place);
      if (open === undefined || "into" in open || open.closed) continue;
      // Two correlations share a record by chance, e.g. one tool run on many apps; not when both are about this Mac.
      if (open.joined && hit.joined && !(open.mac === true && tellsMac(hit))) continue;
      if (open.record.behaviours.length === 0) continue;
      const sameCode = about !== null && about === open.about && !this.#isNewEpisode(open, hit);
      if (!sameCode && !sharesRecord(open.record.evidence, hit.members)) continue;
      if (best === null || isBefore(open, best.open)) best = { place, open };
    }
    return best?.place ?? null;
  }

  #isNewEpisode(before: OpenFinding, { enriched }: Hit): boolean {
    const epoch = enriched.posture.weakenedSince;
    if (before.closed || enriched.time - before.lastTime > this.#window) return true;
    return epoch !== null && epoch !== before.epoch;
  }
}

function isBefore(a: OpenFinding, b: OpenFinding): boolean {
  const worse = severityRank(a.record.severity) - severityRank(b.record.severity);
  if (worse !== 0) return worse > 0;
  return a.record.firstSeen === b.record.firstSeen
    ? a.record.key < b.record.key
    : a.record.firstSeen < b.record.firstSeen;
}
