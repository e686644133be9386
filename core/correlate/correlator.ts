import { must } from "#core/base/assert-never.ts";
import { type Micros, MINUTE } from "#core/base/clock.ts";
import type { FieldSource } from "#core/base/fields.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import type { CompiledCorrelation } from "#core/rules/correlation.ts";
import { groupValues } from "#core/rules/group-key.ts";
import type { CompiledRule } from "#core/rules/rule.ts";
import { addMember, dropExpired, evictMembers, type GroupState, parseObject, sortedMembers } from "./group-state.ts";
import { StoredGroups } from "./correlator-state.ts";
import { leastNeeded } from "./eviction.ts";
import { groupsJoined, type JoinedGroup } from "./joined-groups.ts";
import type { Member, MemberInput } from "./member.ts";
import { completedWindow } from "./windows.ts";

export interface CorrelationHit {
  correlation: CompiledCorrelation;
  /** Names of the group's fields or aliases, as the correlation gives them. */
  groupNames: readonly string[];
  groupValues: readonly string[];
  /** Those that make up the window, oldest first, each with the id of its rule. */
  members: readonly Member[];
  firstTime: Micros;
  lastTime: Micros;
  /** Members; for value_count and event_count the records in the window. */
  count: number;
}

export interface CorrelatorLimits {
  groupsPerCorrelation: number;
  /** Of each rule in a group; counting correlations keep what their condition needs. */
  membersPerRule: number;
}

export const DEFAULT_LIMITS: CorrelatorLimits = { groupsPerCorrelation: 2_000, membersPerRule: 32 };

/** What was lost or left out, since the database was made. */
export interface CorrelatorStats {
  groupsEvicted: number;
  membersEvicted: number;
  /** Records without a value for any of a correlation's groupings. */
  ungroupable: number;
  /** Records of a value_count without the value. */
  withoutValue: number;
  /** Hits that a stronger correlation had already told. */
  superseded: number;
  /** Stored windows that could not be read, or whose correlation is gone. */
  discarded: number;
}

const STATS_KEY = "stats";

/** How late a record may arrive and still find all the members it belongs with. */
export const LATENESS: Micros = 10 * MINUTE;

/**
 * Joins matched records into hits, by event time. Every open window is durable: built from the entries of an earlier
 * run, a correlator goes on as if it had never stopped, whatever the batch boundaries were.
 */
export class Correlator {
  readonly stats: CorrelatorStats = {
    groupsEvicted: 0,
    membersEvicted: 0,
    ungroupable: 0,
    withoutValue: 0,
    superseded: 0,
    discarded: 0,
  };
  readonly #byRule = new Map<string, CompiledCorrelation[]>();
  readonly #correlations: readonly CompiledCorrelation[];
  /** By correlation id, then group key; each in order of use. */
  readonly #groups = new Map<string, Map<string, GroupState>>();
  readonly #limits: CorrelatorLimits;
  /** Changed keys, each with its correlation's id. */
  readonly #dirty = new Map<string, string>();
  readonly #stored = new StoredGroups();
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
    for (const correlation of correlations) {
      this.#groups.set(correlation.id, new Map());
      for (const rule of correlation.rules) {
        const list = this.#byRule.get(rule.id);
        if (list === undefined) this.#byRule.set(rule.id, [correlation]);
        else list.push(correlation);
      }
    }
    this.#restore(entries);
  }

  /** Adds a record under the rules it matched; at most one hit for each correlation and group. */
  push(fields: FieldSource, input: MemberInput, matchedRules: readonly CompiledRule[]): CorrelationHit[] {
    if (matchedRules.length === 0) return [];
    const matched = new Map<CompiledCorrelation, CompiledRule[]>();
    for (const rule of matchedRules) {
      for (const correlation of this.#byRule.get(rule.id) ?? []) {
        const rules = matched.get(correlation);
        if (rules === undefined) matched.set(correlation, [rule]);
        else rules.push(rule);
      }
    }
    if (matched.size === 0) return [];
    return this.#correlations.flatMap((correlation) => {
      const rules = matched.get(correlation);
      return rules === undefined ? [] : this.#pushOne(correlation, rules, fields, input);
    });
  }

  /** The windows that changed since the last call, for the same commit as the records. */
  drainChanges(): StateChange[] {
    const changes: StateChange[] = [];
    for (const [key, id] of this.#dirty) {
      const isGroup = key !== STATS_KEY;
      if (isGroup) changes.push(...this.#stored.changes(key, this.#groups.get(id)?.get(key)));
      else changes.push({ key, value: JSON.stringify(this.stats) });
    }
    for (const key of this.#forgotten) changes.push({ key, value: null });
    this.#dirty.clear();
    this.#forgotten = [];
    return changes;
  }

  #pushOne(
    correlation: CompiledCorrelation,
    rules: readonly CompiledRule[],
    fields: FieldSource,
    input: MemberInput,
  ): CorrelationHit[] {
    const values = this.#countedValues(correlation, fields);
    if (values === null) return [];
    let told: CorrelationHit[] = [];
    let grouped = false;
    for (const [index, grouping] of correlation.groupings.entries()) {
      const hits: CorrelationHit[] = [];
      for (const joined of groupsJoined(grouping, rules, fields)) {
        grouped = true;
        const members = this.#completed(correlation, index, joined, input, values);
        if (members !== null) hits.push(hitOf(correlation, grouping.names, joined.values, members));
      }
      // A later grouping is another way to see the same thing: told only when the earlier ones saw nothing.
      if (told.length === 0) told = hits;
    }
    if (!grouped) this.#count("ungroupable");
    return told;
  }

  /** What a value_count counts of this record; null when it has nothing to count. */
  #countedValues({ type, condition }: CompiledCorrelation, fields: FieldSource): string[] | null {
    if (type !== "value_count" || condition === null) return [];
    const rows = groupValues(fields, condition.fields);
    if (rows.length > 0) return rows.map((row) => JSON.stringify(row));
    this.#count("withoutValue");
    return null;
  }

  /** Adds the record to one group; the window's members if that completes one which is to be told. */
  #completed(
    correlation: CompiledCorrelation,
    index: number,
    { values: groupBy, rules }: JoinedGroup,
    input: MemberInput,
    values: readonly string[],
  ): Member[] | null {
    const key = JSON.stringify([correlation.id, index, ...groupBy]);
    const group = this.#use(correlation, key);
    dropExpired(group, input.time, correlation.timespan + LATENESS);
    const added: Member[] = [];
    for (const rule of rules) {
      const member: Member = { ...input, rule: rule.id, order: group.arrivals, values };
      if (addMember(group, member)) added.push(member);
      const evicted = evictMembers(group, rule.id, this.#membersKept(correlation));
      if (evicted > 0) this.#count("membersEvicted", evicted);
    }
    if (added.length === 0 || lacksRules(correlation, group)) return null;
    const members = completedWindow(correlation, sortedMembers(group), added);
    if (members === null) return null;
    if (this.#isSuperseded(correlation, index, groupBy, input.time)) {
      this.#count("superseded");
      return null;
    }
    group.hitAt = Math.max(group.hitAt ?? input.time, input.time);
    return members;
  }

  #isSuperseded(correlation: CompiledCorrelation, index: number, groupBy: readonly string[], now: Micros): boolean {
    const { unlessId, timespan } = correlation;
    if (unlessId === null) return false;
    const hitAt = this.#groups.get(unlessId)?.get(JSON.stringify([unlessId, index, ...groupBy]))?.hitAt ?? null;
    return hitAt !== null && Math.abs(now - hitAt) <= timespan;
  }

  #membersKept({ condition }: CompiledCorrelation): number {
    const needed = condition?.tests.reduce((most, test) => Math.max(most, test.value + 1), 0) ?? 0;
    return Math.max(this.#limits.membersPerRule, needed);
  }

  /** The group, now the most recently used; the one least needed goes when there are too many. */
  #use(correlation: CompiledCorrelation, key: string): GroupState {
    const groups = must(this.#groups.get(correlation.id), "every correlation got its map in the constructor");
    const group = groups.get(key) ?? { members: [], arrivals: 0, hitAt: null, touched: 0 };
    group.touched = ++this.#touches;
    groups.delete(key);
    groups.set(key, group);
    this.#dirty.set(key, correlation.id);
    if (groups.size > this.#limits.groupsPerCorrelation) {
      const evicted = leastNeeded(correlation, groups, key);
      groups.delete(evicted);
      this.#dirty.set(evicted, correlation.id);
      this.#count("groupsEvicted");
    }
    return group;
  }

  #count(what: keyof CorrelatorStats, by = 1): void {
    this.stats[what] += by;
    this.#dirty.set(STATS_KEY, STATS_KEY);
  }

  #restore(entries: readonly StateEntry[]): void {
    const rulesOf = new Map(this.#correlations.map((one) => [one.id, new Set(one.rules.map((rule) => rule.id))]));
    for (const { key, value } of entries) if (key === STATS_KEY) restoreStats(this.stats, value);
    const stored = entries.filter(({ key }) => key !== STATS_KEY);
    const { groups, unreadable, unwanted } = this.#stored.restore(stored, rulesOf);
    for (const { id, key, group } of groups) {
      this.#groups.get(id)?.set(key, group);
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

function hitOf(
  correlation: CompiledCorrelation,
  groupNames: readonly string[],
  groupValues: readonly string[],
  members: readonly Member[],
): CorrelationHit {
  const firstTime = members[0]?.time ?? 0;
  return {
    correlation,
    groupNames,
    groupValues,
    members,
    firstTime,
    lastTime: members.at(-1)?.time ?? firstTime,
    count: members.length,
  };
}

function restoreStats(stats: CorrelatorStats, value: string): void {
  const stored = parseObject(value) ?? {};
  for (const name of Object.keys(stats) as (keyof CorrelatorStats)[]) {
    const count = stored[name];
    if (typeof count === "number" && Number.isSafeInteger(count)) stats[name] += count;
  }
}
