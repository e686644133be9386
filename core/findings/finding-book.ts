import { severityRank } from "#contract/severity.ts";
import { DAY, type Micros } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "#core/enrich/bounded-table.ts";
import { shortText } from "#core/enrich/cap-text.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { evidenceNote } from "./evidence-note.ts";
import type { CorrelationInput, FindingRecord, HitMember, RuleInfo } from "./finding-input.ts";
import { severityInContext } from "./finding-severity.ts";
import { groupValuesOf } from "./finding-subject.ts";
import { beginFinding, continueFinding, type Hit, type OpenFinding } from "./open-finding.ts";
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
  readonly #window: Micros;

  constructor(entries: readonly StateEntry[], options: FindingOptions = {}) {
    this.#open = new BoundedTable(PREFIX, MAX_OPEN, entries);
    this.#index = new StoryIndex(() => this.#findings());
    this.#window = options.window ?? DEFAULT_WINDOW;
  }

  /** Findings no longer updated because newer ones took their place; their next hit starts a new one. */
  get evicted(): number {
    return this.#open.evicted;
  }

  /**
   * A rule matched. The caller leaves out Sealbar's own tools (`enriched.own`).
   * @param member the record as the correlator keeps it, so that its note is made only once
   */
  applyRule(rule: RuleInfo, enriched: EnrichedEvent, member: Pick<HitMember, "id" | "time" | "note">): FindingRecord {
    const { id, time, note } = member;
    return this.#apply(rule, groupValuesOf(rule, enriched), [{ rule: rule.id, id, time, note }], enriched, false);
  }

  /** A correlation is complete with this event. The caller leaves out Sealbar's own tools (`enriched.own`). */
  applyCorrelation(hit: CorrelationInput, enriched: EnrichedEvent): FindingRecord {
    const { id, time } = enriched.event;
    const members = hit.members.some((member) => sameEvent(member.id, id))
      ? hit.members
      : [...hit.members, { rule: hit.correlation.id, id, time, note: evidenceNote(enriched) }];
    return this.#apply(hit.correlation, hit.groupValues, members, enriched, true);
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
    return this.#open.drainChanges();
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
      if (open === undefined || "into" in open || open.closed || (open.joined && hit.joined)) continue;
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
