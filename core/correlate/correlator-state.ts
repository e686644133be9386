import type { StateChange, StateEntry } from "#core/base/state.ts";
import {
  type GroupState,
  groupKeyOfMember,
  memberKey,
  parseArray,
  readGroup,
  readMember,
  writeGroup,
  writeMember,
} from "./group-state.ts";
import type { Member } from "./member.ts";

/** A group as it was stored. */
export interface RestoredGroup {
  /** The correlation's id. */
  id: string;
  key: string;
  group: GroupState;
}

export interface RestoredGroups {
  /** Least recently used first. */
  groups: RestoredGroup[];
  /** Keys of what must not come back: damaged, or of a correlation that is gone. */
  unreadable: string[];
  /** Keys of members of rules that their correlation no longer has. */
  unwanted: string[];
}

/**
 * Knows which members of each group are stored, so that a changed group costs an entry for each member that came or went
 * and a small one for itself. A group may hold dozens; writing all of them at every change was most of what was written.
 */
export class StoredGroups {
  /** In order of arrival, as the group itself has them. */
  readonly #members = new Map<string, readonly Member[]>();

  /** What must be stored for the group to be found again as it is now; null: it is gone. */
  changes(key: string, group: GroupState | undefined): StateChange[] {
    const now = group?.members.slice() ?? [];
    const changes: StateChange[] = [{ key, value: group === undefined ? null : writeGroup(group) }];
    // Members keep their order and new ones come last, so what stayed is found in one walk. Removals are written first:
    // a group that went and came again numbers its members from the start.
    let stayed = 0;
    for (const member of this.#members.get(key) ?? []) {
      if (now[stayed] === member) stayed += 1;
      else changes.push({ key: memberKey(key, member), value: null });
    }
    for (const member of now.slice(stayed)) changes.push({ key: memberKey(key, member), value: writeMember(member) });
    if (group === undefined) this.#members.delete(key);
    else this.#members.set(key, now);
    return changes;
  }

  /** Reads the groups back. `rulesOf`: the rules of each correlation. */
  restore(entries: readonly StateEntry[], rulesOf: ReadonlyMap<string, ReadonlySet<string>>): RestoredGroups {
    const found = new Map<string, RestoredGroup>();
    const unreadable: string[] = [];
    const unwanted: string[] = [];
    for (const { key, value } of entries.filter((entry) => groupKeyOfMember(entry.key) === null)) {
      const id = correlationOf(key);
      const group = id !== null && rulesOf.has(id) ? readGroup(value) : null;
      if (id === null || group === null) unreadable.push(key);
      else found.set(key, { id, key, group });
    }
    for (const { key, value } of entries) {
      const groupKey = groupKeyOfMember(key);
      if (groupKey === null) continue;
      const of = found.get(groupKey);
      const member = of === undefined ? null : readMember(value);
      if (of === undefined || member === null) unreadable.push(key);
      else if (rulesOf.get(of.id)?.has(member.rule) !== true) unwanted.push(key);
      else of.group.members.push(member);
    }
    const groups = [...found.values()].sort((a, b) => a.group.touched - b.group.touched);
    for (const { key, group } of groups) {
      group.members.sort((a, b) => a.order - b.order);
      this.#members.set(key, group.members.slice());
    }
    return { groups, unreadable, unwanted };
  }
}

function correlationOf(key: string): string | null {
  const parts = parseArray(key);
  return typeof parts?.[0] === "string" ? parts[0] : null;
}
