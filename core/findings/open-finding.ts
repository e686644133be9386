import type { Clause } from "#contract/finding.ts";
import { type Severity, severityRank, worseSeverity } from "#contract/severity.ts";
import type { CodeIdentity } from "#contract/trust.ts";
import { visibleText } from "#contract/visible-text.ts";
import type { Micros } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import { capText } from "#core/enrich/cap-text.ts";
import { displayName } from "#core/enrich/code-root.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { explain } from "./explain/explain.ts";
import type { Part } from "./explain/explanation.ts";
import type { EvidenceRecord, FindingRecord, HitMember, RuleInfo } from "./finding-input.ts";
import { subjectOf } from "./finding-subject.ts";
import { aboutPath, type Deeds, pairDeed, sameEvent } from "./story.ts";

/** A finding that further hits still go into. */
export interface OpenFinding {
  record: FindingRecord;
  lastTime: Micros;
  /** Start of the weakened epoch it belongs to; another epoch is another finding. */
  epoch: Micros | null;
  /** Evidence the explanation points at: never dropped. */
  kept: number;
  closed: boolean;
  /** Path of the code it is about; null when it is about something else. */
  about: string | null;
  /** A correlation tells it. */
  joined: boolean;
  /** One of them is about this Mac as a whole, not about a group of records; a finding stored earlier does not say. */
  mac?: boolean;
  deeds: Deeds;
}

/** A match of a rule, or a correlation that is complete. */
export interface Hit {
  rule: RuleInfo;
  group: readonly string[];
  members: readonly HitMember[];
  enriched: EnrichedEvent;
  severity: Severity;
  joined: boolean;
}

/** Evidence beyond these is counted, not kept: the first records, and the latest. */
const MAX_FIRST = 12;
const MAX_LATEST = 8;
/** Of what a finding knew before a stronger hit took it over. */
const MAX_EARLIER = 8;
const MAX_TITLE = 160;
const MAX_CLAUSES = 12;
const GRAVE = severityRank("high");

/** The first hit of a story. */
export function beginFinding(hit: Hit): OpenFinding {
  const { rule, group, members, enriched, severity } = hit;
  const parts = selectParts(members);
  const first = Math.min(...members.map((member) => member.time));
  const last = Math.max(...members.map((member) => member.time));
  const subject = subjectOf(rule, enriched);
  const record: FindingRecord = {
    // The episode is named by its first record's time, so that a key is never used twice, whatever was forgotten.
    key: JSON.stringify([rule.id, ...group, formatTime(first)]),
    rule: rule.id,
    behaviours: tagsOf(rule),
    analytics: [...rule.analytics],
    techniques: [...rule.techniques],
    severity,
    title: titleOf(rule, subject),
    clauses: explain({ rule, enriched, parts }),
    subject,
    firstSeen: formatTime(first),
    lastSeen: formatTime(last),
    count: 1,
    evidence: parts.map(evidenceOf),
    state: "open",
  };
  const deeds = members.reduce<Deeds>((known, member) => pairDeed(known, member).deeds, []);
  return {
    record,
    lastTime: last,
    epoch: null,
    kept: parts.length,
    closed: false,
    about: aboutPath(group),
    joined: hit.joined,
    mac: tellsMac(hit),
    deeds,
  };
}

/** A correlation without a grouping: whatever it joins was done to this Mac as a whole. */
export function tellsMac({ joined, group }: Pick<Hit, "joined" | "group">): boolean {
  return joined && group.length === 0;
}

/** A further hit of the story: more evidence, more tags, and the words of the stronger of the two. */
export function continueFinding(before: OpenFinding, hit: Hit): OpenFinding {
  const last = hit.members.at(-1);
  if (last === undefined) return before;
  const seen = before.record.evidence.some((evidence) => sameEvent(evidence.id, last.id));
  const { known, deeds } = seen ? { known: true, deeds: before.deeds } : pairDeed(before.deeds, last);
  const stronger = isStronger(before, hit);
  // The command itself says more than sudo's line about it.
  const better =
    known && !seen && before.record.count === 1 && before.record.rule === hit.rule.id && last.note["kind"] === "exec";
  const added = addEvidence(before, hit, known || stronger ? 0 : 1);
  const told = stronger || better ? retell(added, before.record, hit) : mention(added, before.record, hit);
  const record = hit.joined && !before.joined ? countOnce(told.record, before.record, hit) : told.record;
  return { ...told, record, deeds, joined: before.joined || hit.joined, mac: before.mac === true || tellsMac(hit) };
}

/** Records that a correlation shows to be one deed were counted one by one until now. */
function countOnce(record: FindingRecord, { evidence }: FindingRecord, { members }: Hit): FindingRecord {
  const shared = evidence.filter(({ id }) => members.some((member) => sameEvent(member.id, id))).length;
  return { ...record, count: Math.max(1, record.count - Math.max(0, shared - 1)) };
}

/** A worse hit takes over, and a correlation does from a single record, whose history it knows. */
function isStronger(before: OpenFinding, { rule, severity, joined }: Hit): boolean {
  const { record } = before;
  if (rule.id === record.rule) return false;
  const more = severityRank(severity) - severityRank(record.severity);
  return more > 0 || (joined && !before.joined && more === 0);
}

/** A grave hit that does not take the finding over is still told, in one sentence, when it is of another behaviour. */
function mention(told: OpenFinding, record: FindingRecord, { rule, members, enriched, severity }: Hit): OpenFinding {
  if (severityRank(severity) < GRAVE) return told;
  // An attempt has the tags of the change it leads to, which is news all the same.
  if (enriched.event.kind !== "posture_change" && areTagged(tagsOf(rule), record.behaviours)) return told;
  const [verdict] = explain({ rule, enriched, parts: selectParts(members) });
  if (told.record.clauses.some(({ text }) => text === verdict?.text)) return told;
  const clauses = withSentence(told.record.clauses, verdict?.text, []);
  return { ...told, record: { ...told.record, clauses } };
}

/** Adds a reason after the others. */
function withSentence(clauses: readonly Clause[], text: string | undefined, evidence: number[]): Clause[] {
  if (text === undefined || clauses.length >= MAX_CLAUSES) return [...clauses];
  const at = clauses.findLastIndex((clause) => clause.kind === "verdict" || clause.kind === "why") + 1;
  return clauses.toSpliced(at, 0, { kind: "why", text, evidence });
}

/**
 * The same finding in the words of a stronger hit. What was known stays as evidence, in the order of time, and a grave
 * verdict that is replaced stays as a sentence.
 */
function retell(before: OpenFinding, earlierRecord: FindingRecord, hit: Hit): OpenFinding {
  const { rule, members, enriched } = hit;
  const parts = selectParts(members);
  const told = parts.map(evidenceOf);
  const earlier = before.record.evidence.filter((one) => !told.some((part) => sameEvent(part.id, one.id)));
  const evidence = [...earlier.slice(0, MAX_EARLIER), ...told].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const placeOf = parts.map((part) => evidence.findIndex((one) => sameEvent(one.id, part.id)));
  const subject = subjectOf(rule, enriched);
  const clauses = explain({ rule, enriched, parts }).map((clause) => ({
    ...clause,
    evidence: clause.evidence.map((index) => placeOf[index] ?? 0).sort((a, b) => a - b),
  }));
  const replaces = severityRank(earlierRecord.severity) >= GRAVE && !areTagged(earlierRecord.behaviours, tagsOf(rule));
  const [verdict] = replaces ? earlierRecord.clauses : [];
  const ids = (verdict?.evidence ?? []).map((index) => earlierRecord.evidence[index]?.id);
  const places = ids.map((id) => evidence.findIndex((one) => id !== undefined && sameEvent(one.id, id)));
  const record = {
    ...before.record,
    rule: rule.id,
    // Its own tags first: the first one says what the finding mainly is.
    behaviours: joinTags(tagsOf(rule), before.record.behaviours),
    analytics: joinTags(rule.analytics, before.record.analytics),
    title: titleOf(rule, subject),
    clauses: withSentence(
      clauses,
      verdict?.text,
      places.filter((place) => place !== -1),
    ),
    subject,
    evidence,
  };
  return { ...before, kept: evidence.length, about: before.about ?? aboutPath(hit.group), record };
}

/** The hit's records and tags, with `more` times it was seen. */
function addEvidence(before: OpenFinding, { rule, members, severity }: Hit, more: number): OpenFinding {
  const { record } = before;
  const times = members.map((member) => member.time);
  const lastTime = Math.max(before.lastTime, ...times);
  const firstSeen = formatTime(Math.min(...times));
  const known = record.evidence;
  const added = members
    .filter((member) => !known.some((evidence) => sameEvent(evidence.id, member.id)))
    .slice(-MAX_LATEST)
    .map((member) => evidenceOf({ ...member, index: 0 }));
  const latest = [...known.slice(before.kept), ...added].slice(-MAX_LATEST);
  return {
    ...before,
    lastTime,
    record: {
      ...record,
      behaviours: joinTags(record.behaviours, tagsOf(rule)),
      analytics: joinTags(record.analytics, rule.analytics),
      techniques: joinTags(record.techniques, rule.techniques),
      severity: worseSeverity(record.severity, severity),
      firstSeen: firstSeen < record.firstSeen ? firstSeen : record.firstSeen,
      lastSeen: formatTime(lastTime),
      count: record.count + more,
      evidence: [...known.slice(0, before.kept), ...latest],
    },
  };
}

function tagsOf(rule: RuleInfo): string[] {
  return rule.behaviours.map((id) => id.toUpperCase());
}

function areTagged(tags: readonly string[], known: readonly string[]): boolean {
  return tags.every((tag) => known.includes(tag));
}

function joinTags(known: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...known, ...more])];
}

function titleOf(rule: RuleInfo, { path }: CodeIdentity): string {
  const name = path === null ? "" : displayName(path);
  return capText(name === "" ? rule.title : `${rule.title}: ${visibleText(capText(name, 80))}`, MAX_TITLE);
}

/** The first and the latest members of a long hit; the rest is in the count. */
function selectParts(members: readonly HitMember[]): Part[] {
  const kept = members.length <= MAX_FIRST ? members : [...members.slice(0, MAX_FIRST - 4), ...members.slice(-4)];
  return kept.map((member, index) => ({ ...member, index }));
}

function evidenceOf({ id, time, bootOrdinal, note }: Part): EvidenceRecord {
  const { title = "Record", detail = "", role = "record", kind } = note;
  const summary = visibleText(detail === "" ? title : `${title}: ${detail}`);
  return {
    id,
    at: formatTime(time),
    role,
    summary,
    ...(kind === undefined ? {} : { kind }),
    ...(bootOrdinal === undefined ? {} : { boot: bootOrdinal }),
  };
}
