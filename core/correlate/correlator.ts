import { must } from "#core/base/assert-never.ts";
import { type Micros, MINUTE } from "#core/base/clock.ts";
import type { FieldSource, FieldValue } from "#core/base/fields.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import type { CompiledCorrelation } from "#core/rules/correlation.ts";
import { groupValues } from "#core/rules/group-key.ts";
import type { CompiledRule } from "#core/rules/rule.ts";
import { type CorrelationHit, hitOf } from "./correlation-hit.ts";
import { type CorrelatorStats, newStats, restoreStats } from "./correlator-stats.ts";
import { allRules, follows, memorySpan, supersedes } from "./decision.ts";
import { addMember, dropExpired, evictMembers, type GroupState, sortedMembers } from "./group-state.ts";
import { StoredGroups } from "./correlator-state.ts";
import { ActorShares } from "./actor-shares.ts";
import { couldComplete, leastNeeded } from "./eviction.ts";
import { groupsJoined, type JoinedGroup } from "./joined-groups.ts";
import type { Member, MemberInput } from "./member.ts";
import { boundedMembers, DISORDER, type WaitingHit, WaitingHits } from "./waiting-hits.ts";
import { completedWindows } from "./windows.ts";

/** What the caller wants to know again of a window whose hit is told later. */
export type Remember = (members: readonly Member[]) => string;

export interface CorrelatorLimits {
  groupsPerCorrelation: number;
  /** Of each rule in a group; counting correlations keep what their condition needs. */
  membersPerRule: number;
  /** Hits that wait for what would stop them; when there are more, the oldest are told early. */
  waiting?: number;
}

export const DEFAULT_LIMITS: CorrelatorLimits = { groupsPerCorrelation: 2_000, membersPerRule: 32 };
const DEFAULT_WAITING = 1_000;

const STATS_KEY = "stats";
const NOTHING: readonly CorrelationHit[] = [];
const REMEMBER_NOTHING: Remember = () => "";

/** How late a record may arrive and still find all the members it belongs with. */
export const LATENESS: Micros = 10 * MINUTE;

/**
 * Joins matched records into hits, by event time. Every open window is durable: built from the entries of an earlier
 * run, a correlator goes on as if it had never stopped, whatever the batch boundaries were.
 */
export class Correlator {
  readonly stats = newStats();
  readonly #byRule = new Map<string, CompiledCorrelation[]>();
  readonly #correlations: readonly CompiledCorrelation[];
  /** By correlation id, then group key; each in order of use. */
  readonly #groups = new Map<string, Map<string, GroupState>>();
  /** By correlation id. */
  readonly #shares = new Map<string, ActorShares>();
  readonly #limits: CorrelatorLimits;
  /** Changed keys, each with its correlation's id. */
  readonly #dirty = new Map<string, string>();
  readonly #stored = new StoredGroups();
  readonly #waiting: WaitingHits;
  readonly #byId = new Map<string, CompiledCorrelation>();
  readonly #places = new Map<string, number>();
  /** By the id of a correlation: those that it makes superfluous. */
  readonly #waitingFor = new Map<string, CompiledCorrelation[]>();
  /** Stored keys that nothing here answers for. */
  #forgotten: string[] = [];
  #touches = 0;

  /** `correlations` as the library orders them: those that others wait for first. */
  constructor(
    correlations: readonly CompiledCorrelation[],
    entries: readonly StateEntry[],
    limits: CorrelatorLimits = DEFAULT_LIMITS,
  ) {
    this.#correlations = correlations;
    this.#limits = limits;
    this.#waiting = new WaitingHits(limits.waiting ?? DEFAULT_WAITING);
    for (const [place, correlation] of correlations.entries()) {
      this.#places.set(correlation.id, place);
      this.#groups.set(correlation.id, new Map());
      this.#shares.set(correlation.id, new ActorShares(limits.groupsPerCorrelation));
      this.#byId.set(correlation.id, correlation);
      if (correlation.unlessId !== null) addTo(this.#waitingFor, correlation.unlessId, correlation);
      for (const rule of correlation.rules) addTo(this.#byRule, rule.id, correlation);
      if (correlation.absent !== null) addTo(this.#byRule, correlation.absent.rule.id, correlation);
    }
    this.#restore(entries);
  }

  /**
   * Whether a record that matched these may be part of a window that another record completes: then the caller should
   * remember what it knows of it.
   */
  asksFor(matchedRules: readonly CompiledRule[]): boolean {
    return matchedRules.some((rule) => this.#byRule.has(rule.id));
  }

  /**
   * A record came, whatever it matched: hits that waited for this moment are told. Call it with every record, before
   * {@link push}. It costs nothing while nothing waits.
   */
  advance(time: Micros, bootOrdinal: number): readonly CorrelationHit[] {
    if (this.#waiting.size === 0) return NOTHING;
    return this.#decide(this.#waiting.due(time, bootOrdinal));
  }

  /** Nothing more will come, e.g. at the session's end: every hit that waits is told. */
  finish(): readonly CorrelationHit[] {
    return this.#waiting.size === 0 ? NOTHING : this.#decide(this.#waiting.all());
  }

  /**
   * Adds a record under the rules it matched; at most one hit told at once for each correlation and group.
   * @param remember asked when a hit has to wait; the answer comes back with it
   */
  push(
    fields: FieldSource,
    input: MemberInput,
    matchedRules: readonly CompiledRule[],
    remember: Remember = REMEMBER_NOTHING,
  ): readonly CorrelationHit[] {
    if (matchedRules.length === 0) return NOTHING;
    const matched = new Map<CompiledCorrelation, CompiledRule[]>();
    for (const rule of matchedRules) {
      for (const correlation of this.#byRule.get(rule.id) ?? []) {
        const rules = matched.get(correlation);
        if (rules === undefined) matched.set(correlation, [rule]);
        else rules.push(rule);
      }
    }
    if (matched.size === 0) return NOTHING;
    const inOrder = [...matched].sort(([a], [b]) => this.#placeOf(a) - this.#placeOf(b));
    return inOrder.flatMap(([correlation, rules]) => this.#pushOne(correlation, rules, fields, input, remember));
  }

  /** The windows that changed since the last call, for the same commit as the records. */
  drainChanges(): StateChange[] {
    const changes: StateChange[] = [];
    for (const [key, id] of this.#dirty) {
      const isGroup = key !== STATS_KEY;
      if (isGroup) changes.push(...this.#stored.changes(key, this.#groups.get(id)?.get(key)));
      else changes.push({ key, value: JSON.stringify(this.stats) });
    }
    changes.push(...this.#waiting.drainChanges());
    for (const key of this.#forgotten) changes.push({ key, value: null });
    this.#dirty.clear();
    this.#forgotten = [];
    return changes;
  }

  #placeOf({ id }: CompiledCorrelation): number {
    return this.#places.get(id) ?? 0;
  }

  #pushOne(
    correlation: CompiledCorrelation,
    matched: readonly CompiledRule[],
    fields: FieldSource,
    input: MemberInput,
    remember: Remember,
  ): CorrelationHit[] {
    const told: CorrelationHit[] = [];
    const { absent } = correlation;
    const values = this.#countedValues(correlation, matched, fields);
    // What lacks the counted value may still stop a hit.
    const counted = values === null ? matched.filter((rule) => rule === absent?.rule) : matched;
    const rules = absent === null || absent.by === null ? counted : counted.filter((rule) => rule !== absent.rule);
    const key = absent?.by == null ? undefined : keyText(fields.get(absent.by));
    if (rules.length < counted.length && key !== undefined) this.#stopMember(correlation, key, input);
    if (rules.length === 0) return told;
    let grouped = false;
    let complete = false;
    for (const [index, grouping] of correlation.groupings.entries()) {
      const windows: Completed[] = [];
      for (const joined of groupsJoined(grouping, rules, fields)) {
        grouped = true;
        windows.push(...this.#completed(correlation, index, joined, input, { values: values ?? [], key }));
      }
      // A later grouping is another way to see the same thing: told only when the earlier ones saw nothing.
      if (!complete) for (const window of windows) told.push(...this.#tell(correlation, window, remember));
      complete ||= windows.length > 0;
    }
    if (!grouped) this.#count("ungroupable");
    return told;
  }

  /** What a value_count counts of this record; null when it has nothing to count. */
  #countedValues(
    { type, condition, absent }: CompiledCorrelation,
    matched: readonly CompiledRule[],
    fields: FieldSource,
  ): string[] | null {
    if (type !== "value_count" || condition === null) return [];
    const rows = groupValues(fields, condition.fields);
    if (rows.length > 0) return rows.map((row) => JSON.stringify(row));
    if (matched.some((rule) => rule !== absent?.rule)) this.#count("withoutValue");
    return null;
  }

  /** Adds the record to one group; the windows that it completes there. */
  #completed(
    correlation: CompiledCorrelation,
    index: number,
    { values: groupValues, rules }: JoinedGroup,
    input: MemberInput,
    { values, key: memberKey }: { values: readonly string[]; key: string | undefined },
  ): Completed[] {
    const key = JSON.stringify([correlation.id, index, ...groupValues]);
    const group = this.#use(correlation, key, input);
    dropExpired(group, input.time, memorySpan(correlation) + LATENESS);
    const { absent } = correlation;
    const added: Member[] = [];
    for (const rule of rules) {
      const member: Member = { ...input, rule: rule.id, order: group.arrivals, values };
      if (memberKey !== undefined) member.key = memberKey;
      const isNew = addMember(group, member);
      if (isNew && rule === absent?.rule) this.#stop(key, absent.within, member.time);
      else if (isNew) added.push(member);
      const evicted = evictMembers(group, rule.id, this.#membersKept(correlation));
      if (evicted > 0) this.#count("membersEvicted", evicted);
    }
    if (added.length === 0 || lacksRules(correlation, group)) return [];
    const sorted = sortedMembers(group);
    const wanted = absent === null ? sorted : sorted.filter((member) => member.rule !== absent.rule.id);
    const windows = completedWindows(correlation, wanted, added);
    return windows.map((members) => ({ index, key, groupValues, group, members }));
  }

  /** The hit, if it is to be told at once; otherwise it waits, or something has made it pointless. */
  #tell(correlation: CompiledCorrelation, window: Completed, remember: Remember): readonly CorrelationHit[] {
    const { index, key, groupValues, group, members } = window;
    const { absent } = correlation;
    const last = must(members.at(-1), "a complete window has members");
    const stopKey = absent?.by == null || last.key === undefined ? undefined : stopKeyOf(correlation, last.key);
    const stops = stopKey === undefined ? group : this.#groups.get(correlation.id)?.get(stopKey);
    if (
      absent !== null &&
      stops?.members.some((one) => one.rule === absent.rule.id && follows(one.time, last.time, absent.within)) === true
    ) {
      this.#count("stopped");
      return NOTHING;
    }
    if (this.#isSuperseded(correlation, index, groupValues, last.time)) {
      this.#count("superseded");
      return NOTHING;
    }
    const wait = this.#waitOf(correlation);
    if (wait === null) {
      const hit = hitOf(correlation, index, groupValues, members);
      this.#noteHit(correlation, index, groupValues, last.time);
      return [hit];
    }
    this.#count("waited");
    const waiting: WaitingHit = {
      correlation: correlation.id,
      grouping: index,
      groupValues,
      groupKey: key,
      members: boundedMembers(members),
      count: members.length,
      deadline: last.time + wait,
      memory: remember(members),
      ...(stopKey === undefined ? {} : { stopKey }),
    };
    const crowded = this.#waiting.add(waiting, this.stats.waited);
    if (crowded.length > 0) this.#count("decidedEarly", crowded.length);
    return this.#decide(crowded);
  }

  /** How long after its last member a hit may still be made pointless; null: it is told at once. */
  #waitOf({ absent, unlessId }: CompiledCorrelation): Micros | null {
    if (unlessId === null) return absent?.within ?? null;
    const other = this.#byId.get(unlessId)?.absent?.within ?? 0;
    return Math.max(absent?.within ?? 0, DISORDER + other);
  }

  /** Something that should be absent came, and it is about whatever has this key, in any group. */
  #stopMember(correlation: CompiledCorrelation, key: string, input: MemberInput): void {
    const absent = must(correlation.absent, "the caller found it");
    const stopKey = stopKeyOf(correlation, key);
    const group = this.#use(correlation, stopKey, input);
    dropExpired(group, input.time, memorySpan(correlation) + LATENESS);
    const member: Member = { ...input, rule: absent.rule.id, order: group.arrivals, values: [] };
    if (!addMember(group, member)) return;
    this.#stop(stopKey, absent.within, member.time);
    const evicted = evictMembers(group, absent.rule.id, this.#limits.membersPerRule);
    if (evicted > 0) this.#count("membersEvicted", evicted);
  }

  /** Something that should be absent came: what waits for it in this group is not told. */
  #stop(groupKey: string, within: Micros, time: Micros): void {
    const stopped = this.#waiting.stop(groupKey, ({ members }) => follows(time, members.at(-1)?.time ?? 0, within));
    if (stopped > 0) this.#count("stopped", stopped);
  }

  /** Tells what has waited long enough: first those that others wait for. */
  #decide(waited: readonly WaitingHit[]): CorrelationHit[] {
    const hits: CorrelationHit[] = [];
    const place = ({ correlation }: WaitingHit) => this.#places.get(correlation) ?? 0;
    for (const waiting of waited.toSorted((a, b) => place(a) - place(b))) {
      const correlation = must(this.#byId.get(waiting.correlation), "what waits was made by one of them");
      const { grouping, groupValues, members, count, memory } = waiting;
      const time = members.at(-1)?.time ?? 0;
      if (this.#isSuperseded(correlation, grouping, groupValues, time)) {
        this.#count("superseded");
        continue;
      }
      this.#noteHit(correlation, grouping, groupValues, time);
      hits.push({ ...hitOf(correlation, grouping, groupValues, members), count, memory });
    }
    return hits;
  }

  /** Remembers when a group hit last, and silences what waits to see whether it would. */
  #noteHit({ id }: CompiledCorrelation, index: number, groupValues: readonly string[], time: Micros): void {
    const group = this.#groups.get(id)?.get(JSON.stringify([id, index, ...groupValues]));
    if (group !== undefined) {
      group.hitAt = Math.max(group.hitAt ?? time, time);
      this.#dirty.set(JSON.stringify([id, index, ...groupValues]), id);
    }
    for (const { id: waiting, timespan } of this.#waitingFor.get(id) ?? []) {
      const key = JSON.stringify([waiting, index, ...groupValues]);
      const silenced = this.#waiting.stop(key, ({ members }) => supersedes(time, members.at(-1)?.time ?? 0, timespan));
      if (silenced > 0) this.#count("superseded", silenced);
    }
  }

  #isSuperseded(
    { unlessId, timespan }: CompiledCorrelation,
    index: number,
    groupValues: readonly string[],
    time: Micros,
  ): boolean {
    if (unlessId === null) return false;
    const hitAt = this.#groups.get(unlessId)?.get(JSON.stringify([unlessId, index, ...groupValues]))?.hitAt ?? null;
    return hitAt !== null && supersedes(hitAt, time, timespan);
  }

  #membersKept({ condition }: CompiledCorrelation): number {
    const needed = condition?.tests.reduce((most, test) => Math.max(most, test.value + 1), 0) ?? 0;
    return Math.max(this.#limits.membersPerRule, needed);
  }

  /** The group, now the most recently used; the one least needed goes when there are too many. */
  #use(correlation: CompiledCorrelation, key: string, { time, actor = "" }: MemberInput): GroupState {
    const groups = must(this.#groups.get(correlation.id), "every correlation got its map in the constructor");
    const shares = must(this.#shares.get(correlation.id), "every correlation got its shares in the constructor");
    const group = groups.get(key) ?? { members: [], arrivals: 0, hitAt: null, touched: 0, actor };
    group.touched = ++this.#touches;
    groups.delete(key);
    groups.set(key, group);
    shares.use(group.actor, key);
    this.#dirty.set(key, correlation.id);
    if (groups.size > this.#limits.groupsPerCorrelation) {
      const evicted = leastNeeded(correlation, groups, key, shares);
      const given = must(groups.get(evicted), "it was chosen among them");
      groups.delete(evicted);
      shares.drop(given.actor, evicted);
      this.#dirty.set(evicted, correlation.id);
      const lost = couldComplete(correlation, given, time, memorySpan(correlation), LATENESS);
      this.#count(lost ? "groupsEvicted" : "groupsOutdated");
    }
    return group;
  }

  #count(what: keyof CorrelatorStats, by = 1): void {
    this.stats[what] += by;
    this.#dirty.set(STATS_KEY, STATS_KEY);
  }

  #restore(entries: readonly StateEntry[]): void {
    const rulesOf = new Map(this.#correlations.map((one) => [one.id, new Set(allRules(one).map((rule) => rule.id))]));
    for (const { key, value } of entries) if (key === STATS_KEY) restoreStats(this.stats, value);
    const { others, unreadable: lost } = this.#waiting.restore(
      entries.filter(({ key }) => key !== STATS_KEY),
      (id, grouping) => (this.#byId.get(id)?.groupings.length ?? 0) > grouping,
    );
    const { groups, unreadable: damaged, unwanted } = this.#stored.restore(others, rulesOf);
    const unreadable = [...lost, ...damaged];
    for (const { id, key, group } of groups) {
      this.#groups.get(id)?.set(key, group);
      this.#shares.get(id)?.use(group.actor, key);
      this.#touches = Math.max(this.#touches, group.touched);
    }
    this.#forgotten = [...unreadable, ...unwanted];
    if (unreadable.length > 0) this.#count("discarded", unreadable.length);
  }
}

/** Saves the ordinary case, a group of which only one rule has matched, the search for a window. */
function lacksRules({ condition, rules }: CompiledCorrelation, group: GroupState): boolean {
  if (condition !== null) return false;
  return rules.some((rule) => !group.members.some((member) => member.rule === rule.id));
}

/** The group of what should be absent, by the key of the member that it would be about. */
function stopKeyOf({ id }: CompiledCorrelation, key: string): string {
  return JSON.stringify([id, "stop", key]);
}

/** Null, a list and nothing at all name no member. */
function keyText(value: FieldValue): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** A window that is complete, and where. */
interface Completed {
  index: number;
  key: string;
  groupValues: readonly string[];
  group: GroupState;
  members: readonly Member[];
}

function addTo<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
