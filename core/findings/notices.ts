import type { EventOf } from "#contract/event.ts";
import type { DigestLine, Notification } from "#contract/notice.ts";
import { type Severity, severityRank, worseSeverity } from "#contract/severity.ts";
import { DAY, HOUR, type Micros, MINUTE, SECOND } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { formatTime, parseTime } from "#core/base/time.ts";
import { BoundedTable } from "#core/enrich/bounded-table.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import type { FindingRecord } from "./finding-input.ts";
import { DigestBook } from "./notices-digest.ts";
import { familyOf } from "./notices-family.ts";
import { isApplesOwnCode, UpdateWatch } from "./notices-update.ts";
import { LISTED, notificationWords, shortWords, updateWords, type Words } from "./notices-words.ts";

/** What a record led to, for the user's eyes. */
export interface Notices {
  notifications: Notification[];
  digest: DigestLine[];
}

/** What a finding's latest state is worth saying. */
interface Told {
  notification: Notification | null;
  line: DigestLine | null;
}

interface Circumstances {
  time: Micros;
  /** It is Apple's own code, so soon after an update of macOS. */
  held: boolean;
  /** Since when this Mac's protection was weakened; null: it was not. */
  epoch: Micros | null;
}

/** A notification that further findings go into. */
interface Group {
  /** When it last made a sound. */
  sounded: Micros;
  time: Micros;
  severity: Severity;
  count: number;
  /** The latest findings, newest last. */
  told: (Words & { key: string })[];
  /** It stands for what an update of macOS may have caused. */
  update: { version: string | null } | null;
}

/** A finding that has been told: it is not told again, only brought up to date. */
interface Known extends Words {
  tag: string;
  severity: Severity;
}

interface Moment {
  /** Number of the latest notification. */
  last: number;
  /** When the latest ones made a sound, oldest first. */
  sounds: Micros[];
}

/** Findings that come this close to a notification's sound share it. */
const TOGETHER = 10 * SECOND;
/** More sounds than this in the period become one notification. */
const BURST = 5;
const BURST_PERIOD = 10 * MINUTE;
/** Findings about the same code, or that share a record, belong to one notification this long. */
const SAME_STORY = DAY;
/** Changes of Gatekeeper itself, and what they let through, this long. */
const SAME_CHANGE = HOUR;
const GATEKEEPER = "gatekeeper";
const OF_GATEKEEPER: ReadonlySet<string> = new Set(["G8", "G9", "G10", "G11"]);
/** What a weakened period is about: how it came, and what it let happen to macOS. */
const OF_A_PERIOD: ReadonlySet<string> = new Set(["S4", "S5", "S6", "S7", "S16"]);
const URGENT = severityRank("high");

/** Above what the findings' own book can hold open, so that no open finding is told twice. */
const MAX_TOLD = 8192;
const MAX_GROUPS = 256;
const MAX_LINKS = 8192;
const NOTICE_FINDINGS_MAX = 50;
/** Of the latest notifications, for a reader that may have missed one. */
const RECENT = 8;

/**
 * Decides what is worth a notification and what can wait for the digest, from the findings as they come, in event time.
 * One notification a subject or chain, brought up to date instead of repeated; bounded and durable, so that nothing is
 * told twice after a restart. What is told here is never less than the findings themselves say: those are all stored.
 */
export class NoticeBook {
  readonly #told: BoundedTable<Known>;
  readonly #groups: BoundedTable<Group>;
  /** From what a finding is about, and from its records, to the notification that tells of it. */
  readonly #links: BoundedTable<{ tag: string; time: Micros }>;
  readonly #moment: BoundedTable<Moment>;
  readonly #digest: DigestBook;
  readonly #update: UpdateWatch;

  constructor(entries: readonly StateEntry[]) {
    this.#told = new BoundedTable("told:", MAX_TOLD, entries);
    this.#groups = new BoundedTable("group:", MAX_GROUPS, entries);
    this.#links = new BoundedTable("link:", MAX_LINKS, entries);
    this.#moment = new BoundedTable("moment:", 1, entries);
    this.#digest = new DigestBook(entries);
    this.#update = new UpdateWatch(entries);
  }

  /** Told findings that were forgotten: if they come back they are told again. */
  get evicted(): number {
    return this.#told.evicted;
  }

  /** Another build of macOS since the last start begins the time in which Apple's own code is judged with patience. */
  start(event: EventOf<"session_start">): void {
    this.#update.start(event);
  }

  /** @param enriched the record that led to it; null when a record that did not come did */
  tell(finding: FindingRecord, enriched: EnrichedEvent | null): Told {
    const time = enriched?.time ?? parseTime(finding.lastSeen) ?? 0;
    const held = this.#update.isRunning(time) && isApplesOwnCode(finding, enriched);
    if (severityRank(finding.severity) >= URGENT) {
      const line = this.#known(finding) ? null : this.#digest.remove(finding.key, time);
      const epoch = enriched?.posture.weakenedSince ?? null;
      return { notification: this.#notify(finding, { time, held, epoch }), line };
    }
    const family = () => familyOf(finding, enriched, held);
    return { notification: null, line: this.#digest.add(finding, family, time) };
  }

  /** Lines of the digest, newest first, of the days from `since` until `until`, both YYYY-MM-DD in UTC. */
  digest(since: string, until: string): DigestLine[] {
    return this.#digest.lines(since, until);
  }

  /** The latest notifications as they stand, newest first. */
  recent(): Notification[] {
    const latest = [...this.#groups.entries()].slice(-RECENT).toReversed();
    return latest.map(([tag, group]) => written(tag, group, true));
  }

  drainChanges(): StateChange[] {
    const parts = [this.#told, this.#groups, this.#links, this.#moment, this.#digest, this.#update];
    return parts.flatMap((part) => part.drainChanges());
  }

  #known({ key }: FindingRecord): boolean {
    return this.#told.get(key) !== undefined;
  }

  #notify(finding: FindingRecord, now: Circumstances): Notification | null {
    const words = wordsOf(finding);
    const { key, severity } = finding;
    const known = this.#told.get(key);
    if (known === undefined) return this.#tellFirst(finding, words, now);
    const same = known.title === words.title && known.severity === severity;
    if (same) this.#told.touch(key);
    else this.#told.set(key, { tag: known.tag, severity, ...words });
    this.#link(linksOf(finding, now.epoch), known.tag, now.time);
    const group = this.#groups.get(known.tag);
    if (same || group === undefined) return null;
    const told = group.told.map((one) => (one.key === key ? { key, ...words } : one));
    return this.#put(known.tag, { ...group, told, severity: worseSeverity(group.severity, severity) }, true);
  }

  #tellFirst(finding: FindingRecord, words: Words, { time, held, epoch }: Circumstances): Notification {
    const { key, severity } = finding;
    const links = linksOf(finding, epoch);
    const tag = held ? this.#update.tag : this.#tagFor(links, time);
    const before = this.#groups.get(tag);
    // What is worse than all that its notification has told is heard, however much came before it.
    const silent = held || (before !== undefined && severityRank(severity) <= severityRank(before.severity));
    const group: Group = {
      sounded: silent ? (before?.sounded ?? time) : time,
      time,
      severity: before === undefined ? severity : worseSeverity(before.severity, severity),
      count: (before?.count ?? 0) + 1,
      told: [...(before?.told ?? []), { key, ...words }].slice(-NOTICE_FINDINGS_MAX),
      update: held ? { version: this.#update.version } : null,
    };
    if (!silent) this.#sound(time);
    this.#told.set(key, { tag, severity, ...words });
    if (!held) this.#link(links, tag, time);
    return this.#put(tag, group, silent);
  }

  /** The notification that the finding joins; a new one where it belongs to none. */
  #tagFor(links: readonly string[], time: Micros): string {
    for (const place of links) {
      const link = this.#links.get(place);
      const span = place === GATEKEEPER ? SAME_CHANGE : SAME_STORY;
      if (link !== undefined && isWithin(time, link.time, span) && this.#groups.get(link.tag) !== undefined) {
        return link.tag;
      }
    }
    const { last, sounds } = this.#now();
    const latest = `findings-${last}`;
    const running = this.#groups.get(latest);
    if (running !== undefined) {
      const burst = sounds.length === BURST && sounds.every((sound) => isWithin(time, sound, BURST_PERIOD));
      if (burst || isWithin(time, running.sounded, TOGETHER)) return latest;
    }
    this.#moment.set("now", { last: last + 1, sounds });
    return `findings-${last + 1}`;
  }

  #sound(time: Micros): void {
    const { last, sounds } = this.#now();
    this.#moment.set("now", { last, sounds: [...sounds, time].slice(-BURST) });
  }

  #now(): Moment {
    return this.#moment.get("now") ?? { last: 0, sounds: [] };
  }

  #link(links: readonly string[], tag: string, time: Micros): void {
    for (const place of links) {
      const link = this.#links.get(place);
      // Written anew only when it has aged: a finding may be hit thousands of times.
      if (link?.tag !== tag || !isWithin(time, link.time, SAME_STORY / 2)) this.#links.set(place, { tag, time });
    }
  }

  #put(tag: string, group: Group, silent: boolean): Notification {
    this.#groups.set(tag, group);
    return written(tag, group, silent);
  }
}

/** The finding's title, and the first sentence that says more. */
function wordsOf({ title, clauses }: FindingRecord): Words {
  const more = clauses.find(({ text }) => text !== title && text !== `${title}.`);
  return { title: shortWords(title), body: shortWords(more?.text ?? "") };
}

/** Of several states of one notification the latest counts; one sound is a sound. */
export function putNotification(all: Map<string, Notification>, next: Notification): void {
  const before = all.get(next.tag);
  all.set(next.tag, before === undefined ? next : { ...next, silent: next.silent && before.silent });
}

function written(tag: string, { time, told, severity, count, update }: Group, silent: boolean): Notification {
  const latest = told.slice(-LISTED);
  const words = update === null ? notificationWords(count, latest) : updateWords(update.version, count, latest);
  return { tag, at: formatTime(time), ...words, findings: told.map(({ key }) => key), severity, silent };
}

function linksOf({ subject, evidence, behaviours }: FindingRecord, epoch: Micros | null): string[] {
  const { path, cdhash } = subject;
  const about = path === null ? (cdhash === null ? [] : [`code ${cdhash}`]) : [`path ${path}`];
  const records = evidence.map(({ id }) => `record ${id.session} ${id.src} ${id.n}`);
  const period = epoch !== null && behaviours.some((id) => OF_A_PERIOD.has(id)) ? [`period ${epoch}`] : [];
  const gatekeeper = behaviours.some((id) => OF_GATEKEEPER.has(id)) ? [GATEKEEPER] : [];
  return [...about, ...records, ...period, ...gatekeeper];
}

/** Either way: times may go backwards. */
function isWithin(time: Micros, other: Micros, span: Micros): boolean {
  return Math.abs(time - other) <= span;
}
