import type { PostureEpoch, PostureSettingId, PostureValue } from "#contract/posture.ts";
import { HOUR, MINUTE, type Micros } from "#core/base/clock.ts";
import type { JournalRecord } from "#core/base/journal-record.ts";
import { formatTime } from "#core/base/time.ts";
import { inWords } from "./describe-setting.ts";
import type { Intent } from "./intent-memory.ts";
import type { PostureChange } from "./posture-change.ts";
import type { Level } from "./posture-state.ts";
import type { FactId } from "./reading.ts";

/** A line of the journal without when and in which boot. */
export type JournalLine = Omit<JournalRecord, "at" | "bootUuid">;

const MAX_WORDS = 500;
const MAX_EVIDENCE = 600;
const MAX_TOLD_INTENTS = 8;

export function bootLine(
  boot: { first: boolean; began: Micros | null; silence: Micros | null; uuid: string | null },
  intents: readonly Intent[],
): JournalLine {
  const began = boot.began === null ? "" : ` It began at ${moment(boot.began)}.`;
  const head = boot.first ? "Sealbar looked at this Mac for the first time." : "The Mac was started again.";
  const words = `${head}${began}${boot.first ? "" : silenceWords(boot.silence)}${attempts(intents)}`;
  return line("boot", null, null, boot.uuid, words, intentList(intents));
}

export function snapshotLine(id: PostureSettingId, level: Level, evidence: string): JournalLine {
  return line("snapshot", id, null, level.value, `At the first look: ${inWords(id, level)}.`, evidence);
}

export function changeLine(change: PostureChange, before: Level, after: Level, evidence: string): JournalLine {
  const id = change.setting;
  const when = change.acrossBoot ? "After a restart: " : "Now: ";
  const expected = change.expected ? " That is as expected." : "";
  const words = `${when}${inWords(id, after)}. Before: ${inWords(id, before)}.${expected}`;
  return line("change", id, change.before, change.after, words, evidence);
}

/** @param waiting null: nothing waits any more */
export function pendingLine(
  id: PostureSettingId,
  inForce: PostureValue,
  waiting: PostureValue | null,
  evidence: string,
): JournalLine {
  const words =
    waiting === null
      ? "The next restart changes nothing any more."
      : `From the next restart: ${inWords(id, { value: waiting, weak: [] })}.`;
  return line("pending", id, inForce, waiting, words, evidence);
}

const FACT_NAMES: Readonly<Record<FactId, string>> = {
  os: "macOS",
  xprotect: "XProtect",
  mdm: "Device management",
};

export function factLine(id: FactId, before: string | null, after: string, evidence: string): JournalLine {
  const words =
    before === null
      ? `${FACT_NAMES[id]}, at the first look: ${after}.`
      : `${FACT_NAMES[id]}: ${after}. Before: ${before}.`;
  return line("fact", id, before, after, words, evidence);
}

export function intentLine(intent: Intent, about: PostureSettingId | null): JournalLine {
  const by = byWhom(intent);
  const words = `${intentWords(intent.action)}${by}. Whether it had an effect is told by what is read later.`;
  const chain = intent.chain.length === 0 ? "" : ` (started by ${intent.chain.join(" < ")})`;
  return line("intent", about, null, intent.action, words, `${intent.command}${chain}`);
}

export function baselineLine(
  by: string | null,
  reason: string | null,
  before: string,
  weaker: readonly (readonly [PostureSettingId, Level])[],
): JournalLine {
  const who = by === null ? "Somebody" : by;
  const exceptions = weaker.map(([id, level]) => inWords(id, level)).join("; ");
  const what =
    weaker.length === 0 ? "All that could be read is as Apple ships it." : `Weaker than Apple ships it: ${exceptions}.`;
  const words = `${who} accepted this Mac's protection as it was then. ${what}`;
  return line("baseline", null, before, "accepted", words, reason ?? "");
}

export function openedLine(
  epoch: { how: string; since: Micros; firstSeen: boolean },
  intents: readonly Intent[],
  evidence: string,
): JournalLine {
  const since = epoch.firstSeen
    ? "It was so when Sealbar first looked, so since when is not known."
    : `Since ${moment(epoch.since)}.`;
  const words = `This Mac is weaker than expected: ${epoch.how}. ${since}${attempts(intents)}`;
  return line("epoch-opened", null, null, epoch.how, words, evidence);
}

export function closedLine(epoch: PostureEpoch, why: "accepted" | "restored", evidence: string): JournalLine {
  const words =
    why === "accepted"
      ? "This Mac counts as protected as expected, because what was weaker was accepted."
      : "This Mac is protected as expected again.";
  return line(
    "epoch-closed",
    null,
    epoch.how,
    null,
    `${words} It had been weaker since ${toTheMinute(epoch.since)}.`,
    evidence,
  );
}

function intentWords(action: string): string {
  if (action === "restart") return "This Mac was told to restart or to switch off";
  if (action === "recovery-boot") return "This Mac was told to start into Recovery";
  return "A command that may weaken this Mac was run";
}

function byWhom({ user }: Intent): string {
  if (user === null) return "";
  return /^\d{1,10}$/.test(user) ? ` by user ${user}` : ` by ${user}`;
}

function moment(at: Micros): string {
  return toTheMinute(formatTime(at));
}

/** Of an RFC 3339 time in UTC. */
function toTheMinute(time: string): string {
  return `${time.slice(0, "2026-11-21".length)} ${time.slice("2026-11-21T".length, "2026-11-21T10:00".length)} UTC`;
}

/** A restart is what makes an attempt work, and none by itself. */
function attempts(seen: readonly Intent[]): string {
  const intents = seen.filter(({ action }) => action !== "restart");
  const newest = intents[0];
  if (newest === undefined) return "";
  const by = byWhom(newest);
  const more = intents.length === 1 ? "" : `, and ${intents.length - 1} more`;
  return ` A command to weaken it had been seen${by} at ${moment(newest.at)}: ${newest.command.slice(0, 120)}${more}.`;
}

function intentList(intents: readonly Intent[]): string {
  return intents
    .slice(0, MAX_TOLD_INTENTS)
    .map(({ at, user, command }) => `${formatTime(at)} ${user ?? "?"}: ${command}`)
    .join("\n");
}

/** A trip to Recovery leaves such a gap; so does a Mac that was switched off, and a Sealbar that was not open. */
function silenceWords(silence: Micros | null): string {
  if (silence === null) return "";
  if (silence < 0) return " How long it was off is not known, because the clock was changed.";
  if (silence < MINUTE) return " It had been heard from less than a minute before.";
  const hours = Math.floor(silence / HOUR);
  const minutes = Math.floor((silence % HOUR) / MINUTE);
  const span = hours === 0 ? `${minutes} min` : `${hours} h ${minutes} min`;
  return ` Nothing had been heard from it for ${span} before: it was off or in Recovery, or nothing was watching it.`;
}

/** The one after which a boot has no more about the same. */
export function lastOfBoot(written: JournalLine): JournalLine {
  const more = " Until the next restart more of the same is in the timeline only.";
  return { ...written, words: `${written.words.slice(0, MAX_WORDS - more.length)}${more}` };
}

function line(
  kind: JournalRecord["kind"],
  about: string | null,
  before: string | null,
  after: string | null,
  words: string,
  evidence: string,
): JournalLine {
  return {
    kind,
    about,
    before: before === null ? null : before.slice(0, MAX_WORDS),
    after: after === null ? null : after.slice(0, MAX_WORDS),
    words: words.slice(0, MAX_WORDS),
    evidence: evidence.slice(0, MAX_EVIDENCE),
  };
}
