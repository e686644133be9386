import type { EventOf } from "#contract/event.ts";
import { formatTime } from "#core/base/time.ts";
import { dateAndTime, sourceName, sourceTitle, span, upperFirst } from "./words.ts";

interface Words {
  title: string;
  detail: string;
}

/** What macOS runs, and what the monitor may not see because it runs without administrator rights. */
export function osText({ osVersion, osBuild, privileged }: EventOf<"session_start">): string {
  const build = osBuild === null ? "" : ` (${osBuild})`;
  const os = osVersion === null ? "" : `macOS ${osVersion}${build}`;
  if (privileged !== false) return os;
  return os === "" ? "Without administrator rights" : `${os}, without administrator rights`;
}

export function describeSleep({ from, to }: EventOf<"sleep">): Words {
  return { title: `The Mac slept for ${span(to - from)}`, detail: `From ${clock(from)} to ${clock(to)} UTC` };
}

/** Why records are missing, for whoever reads the timeline. Words of the capture format, docs/telemetry.md. */
const GAP_REASONS: Readonly<Record<string, string>> = {
  "source-dropped": "macOS dropped them before Sealbar could read them",
  "helper-overflow": "More came than Sealbar's helper could pass on",
  "monitor-overflow": "More came than could be stored",
  unreadable: "They could not be read",
};

export function describeGap({ source, count, why, time }: EventOf<"gap">): Words {
  if (source === "monitor") {
    const detail = `From ${dateAndTime(time)} until it started again, nothing was recorded`;
    return { title: "Sealbar was not watching", detail };
  }
  const lost = count === null ? "an unknown number of events" : `${count} ${count === 1 ? "event" : "events"}`;
  return { title: `Gap: ${lost} lost (${sourceName(source)})`, detail: reason(GAP_REASONS, why) };
}

export function gapReason({ source, why }: EventOf<"gap">): string {
  return source === "monitor" ? "Sealbar was not watching" : reason(GAP_REASONS, why);
}

const STATES: Readonly<Record<string, string>> = {
  denied: "not allowed",
  failed: "not working",
  restarting: "starting again",
};

const STATUS_REASONS: Readonly<Record<string, string>> = {
  "full-disk-access": "Full Disk Access has not been granted",
  "not-root": "It needs to run as root",
  "not-admin": "It needs an administrator's account",
  exit: "It ended unexpectedly",
};

export function describeStatus({ source, state, reason: why, detail }: EventOf<"status">): Words {
  const parts = [why === null ? "" : statusReason(why), detail ?? ""].filter((part) => part !== "");
  return { title: `${sourceTitle(source)}: ${statusWord(state)}`, detail: parts.join(": ") };
}

export function statusWord(state: string): string {
  return Object.hasOwn(STATES, state) ? (STATES[state] ?? state) : state;
}

export function statusReason(why: string): string {
  return reason(STATUS_REASONS, why);
}

/** The sentence for a known word; an unknown one is shown as it came. */
function reason(words: Readonly<Record<string, string>>, word: string): string {
  return Object.hasOwn(words, word) ? (words[word] ?? word) : upperFirst(word);
}

/** Hours, minutes and seconds, UTC. */
function clock(time: number): string {
  return formatTime(time).slice(11, 19);
}
