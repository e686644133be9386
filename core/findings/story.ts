import type { EventId } from "#contract/source.ts";
import { baseName } from "#core/enrich/code-root.ts";
import { SECOND, type Micros } from "#core/base/clock.ts";
import type { EvidenceRecord, HitMember, RuleInfo } from "./finding-input.ts";

/** What was done, told apart from who recorded it: a command that sudo logs and that then runs is one deed. */
interface Deed {
  command: string;
  kind: string;
  time: Micros;
}

/** sudo writes its line just before the command runs; the log may bring it late, but with its own time. */
const SAME_DEED: Micros = 5 * SECOND;
const MAX_DEEDS = 8;
const MAX_COMMAND = 200;

/** The deed of a record that another source may record too; null for all others. */
function deedOf({ note, time }: HitMember): Deed | null {
  const { kind, args } = note;
  if ((kind !== "log" && kind !== "exec") || args === undefined) return null;
  const end = args.indexOf(" ");
  const program = baseName(end === -1 ? args : args.slice(0, end));
  return { command: `${program}${end === -1 ? "" : args.slice(end)}`.slice(0, MAX_COMMAND), kind, time };
}

/**
 * Pairs each deed with the other source's record of it.
 * @returns whether this one was known already, and the deeds that are still without their pair
 */
export function pairDeed(open: readonly Deed[], member: HitMember): { known: boolean; deeds: readonly Deed[] } {
  const deed = deedOf(member);
  if (deed === null) return { known: false, deeds: open };
  const at = open.findIndex(
    (one) => one.kind !== deed.kind && one.command === deed.command && Math.abs(one.time - deed.time) <= SAME_DEED,
  );
  if (at !== -1) return { known: true, deeds: open.toSpliced(at, 1) };
  return { known: false, deeds: [...open, deed].slice(-MAX_DEEDS) };
}

export type Deeds = readonly Deed[];

/** The code that a finding's group names by its path; null when it is about something else. */
export function aboutPath(values: readonly string[]): string | null {
  const [only] = values;
  return values.length === 1 && only !== undefined && only.startsWith("/") ? only : null;
}

/** Only behaviours of the catalogue are told together; a rule of the user's own always raises its own finding. */
export function tellsBehaviour(rule: RuleInfo): boolean {
  return rule.behaviours.length > 0;
}

export function sharesRecord(evidence: readonly EvidenceRecord[], members: readonly HitMember[]): boolean {
  return members.some((member) => evidence.some((one) => sameEvent(one.id, member.id)));
}

export function sameEvent(a: EventId, b: EventId): boolean {
  return a.n === b.n && a.src === b.src && a.session === b.session;
}
