import type { DigestLine } from "#contract/notice.ts";
import { type Severity, severityRank, worseSeverity } from "#contract/severity.ts";
import type { Micros } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { formatTime } from "#core/base/time.ts";
import { BoundedTable } from "#core/enrich/bounded-table.ts";
import type { FindingRecord } from "./finding-input.ts";
import { type DigestFamily, FAMILY_WORDS } from "./notices-family.ts";
import { digestWords, LISTED, shortWords } from "./notices-words.ts";

interface Line {
  /** How many findings stand under each heading, in the order in which they came. */
  families: [DigestFamily, number][];
  day: string;
  time: Micros;
  count: number;
  severity: Severity;
  /** The latest findings, newest last. */
  told: { key: string; title: string }[];
}

interface Member {
  family: DigestFamily;
  severity: Severity;
}

/** Some months of days. */
const MAX_LINES = 128;
const MAX_MEMBERS = 8192;
const LINE_FINDINGS_MAX = 50;

/** Lines of what called for no notification: one a day (UTC), counted up as findings come. Bounded and durable. */
export class DigestBook {
  readonly #lines: BoundedTable<Line>;
  /** Findings that a line counts already, by day and key. */
  readonly #members: BoundedTable<Member>;

  constructor(entries: readonly StateEntry[]) {
    this.#lines = new BoundedTable("line:", MAX_LINES, entries);
    this.#members = new BoundedTable("member:", MAX_MEMBERS, entries);
  }

  /** @returns the line as it now stands; null when it says the same as before */
  add({ key, severity, title }: FindingRecord, familyNow: () => DigestFamily, time: Micros): DigestLine | null {
    const day = formatTime(time).slice(0, "YYYY-MM-DD".length);
    const place = `${day} ${key}`;
    const known = this.#members.get(place);
    if (known !== undefined && severityRank(severity) <= severityRank(known.severity)) {
      this.#members.touch(place);
      return null;
    }
    const family = known?.family ?? familyNow();
    this.#members.set(place, { family, severity });
    const before = this.#lines.get(day) ?? emptyLine(day);
    const more = known === undefined || before.count === 0;
    const line: Line = {
      ...before,
      time: Math.max(before.time, time),
      severity: worseSeverity(before.severity, severity),
      families: more ? counted(before.families, family, 1) : before.families,
      count: before.count + (more ? 1 : 0),
      told: more ? [...before.told, { key, title: shortWords(title) }].slice(-LINE_FINDINGS_MAX) : before.told,
    };
    this.#lines.set(day, line);
    return written(line);
  }

  /** The finding called for a notification after all. @returns the line without it; null when none of that day held it */
  remove(key: string, time: Micros): DigestLine | null {
    const day = formatTime(time).slice(0, "YYYY-MM-DD".length);
    const member = this.#members.get(`${day} ${key}`);
    const before = this.#lines.get(day);
    if (member === undefined || before === undefined) return null;
    this.#members.delete(`${day} ${key}`);
    const told = before.told.filter((one) => one.key !== key);
    const families = counted(before.families, member.family, -1);
    const line = { ...before, families, count: before.count - 1, told };
    if (line.count > 0) this.#lines.set(day, line);
    else this.#lines.delete(day);
    return written(line);
  }

  /** Newest first; those of the days from `since` until `until`, both YYYY-MM-DD. */
  lines(since: string, until: string): DigestLine[] {
    return [...this.#lines.entries()]
      .filter(([, { day }]) => day >= since && day <= until)
      .map(([, line]) => written(line))
      .sort((a, b) => (a.key < b.key ? 1 : -1));
  }

  drainChanges(): StateChange[] {
    return [...this.#lines.drainChanges(), ...this.#members.drainChanges()];
  }
}

function counted(families: Line["families"], family: DigestFamily, by: number): Line["families"] {
  const others = families.map(([name, count]): [DigestFamily, number] => [name, name === family ? count + by : count]);
  const all = families.some(([name]) => name === family) ? others : [...others, [family, by] as [DigestFamily, number]];
  return all.filter(([, count]) => count > 0);
}

function emptyLine(day: string): Line {
  return { families: [], day, time: 0, count: 0, severity: "info", told: [] };
}

function written({ families, day, time, count, severity, told }: Line): DigestLine {
  const words = digestWords(
    families.map(([family, of]) => ({ heading: FAMILY_WORDS[family], of })),
    severity,
    count,
    told.slice(-LISTED).map(({ title }) => title),
  );
  return {
    key: day,
    day,
    at: formatTime(time),
    ...words,
    findings: told.map(({ key: finding }) => finding),
    count,
    severity,
  };
}
