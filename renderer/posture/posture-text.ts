import { type JournalEntry, type PostureSetting, type PostureSnapshot, PostureValue } from "#contract/posture.ts";
import { visibleText } from "#contract/visible-text.ts";
import {
  JOURNAL_WORDS,
  PART_WORDS,
  POSTURE_FACT_WORDS,
  POSTURE_SETTING_WORDS,
  postureWord,
} from "#renderer/ui/words.ts";
import { verdict } from "./verdict.ts";

/** What a journal entry is about, by the name it has on screen; null: the whole Mac. */
export function aboutName(about: string | null): string | null {
  if (about === null) return null;
  const words: Record<string, { name: string } | undefined> = { ...POSTURE_SETTING_WORDS, ...POSTURE_FACT_WORDS };
  return (Object.hasOwn(words, about) ? words[about]?.name : undefined) ?? about;
}

/** A value in a journal entry: a setting's in our words, a fact's as it is. */
export function valueWord(about: string | null, value: string): string {
  const known = PostureValue.safeParse(value);
  const setting = (Object.keys(POSTURE_SETTING_WORDS) as PostureSetting["id"][]).find((id) => id === about);
  return known.success && setting !== undefined ? postureWord(setting, known.data) : value;
}

/** The others keep something else there, e.g. the boot's UUID. */
const TELLS_VALUES: readonly JournalEntry["kind"][] = ["change", "pending", "fact"];

/** A journal entry as text for a ticket; times are UTC. */
export function entryText({ at, kind, about, before, after, words, evidence, seq, hash }: JournalEntry): string {
  const name = aboutName(about);
  const change = !TELLS_VALUES.includes(kind)
    ? ""
    : `${before === null ? "not known" : valueWord(about, before)} → ${after === null ? "not known" : valueWord(about, after)}`;
  const lines = [
    `${at}  ${JOURNAL_WORDS[kind]}${name === null ? "" : `, ${visibleText(name)}`}`,
    visibleText(words),
    change === "" ? "" : `Value: ${visibleText(change)}`,
    evidence === "" ? "" : `Evidence: ${visibleText(evidence)}`,
    `Entry ${seq}, SHA-256 ${hash}`,
  ];
  return lines.filter((line) => line !== "").join("\n");
}

/** Who says what is expected. */
export function baselineSentence({ state, at, by, reason }: PostureSnapshot["baseline"], when: string): string {
  switch (state) {
    case "none":
      return "There is no baseline yet: each protection is compared with Apple’s default.";
    case "unconfirmed":
      return `As it was when Sealbar first looked${at === null ? "" : `, ${when}`}; nobody has confirmed it. Until then each protection is compared with Apple’s default.`;
    default:
      return `Accepted by ${by ?? "an unknown account"}${at === null ? "" : `, ${when}`}${reason === null ? "." : `, because: ${reason}`}`;
  }
}

function settingLines(setting: PostureSetting): string[] {
  const { id, inForce, afterBoot, expected, expectedByBaseline, since, parts, detail, evidence } = setting;
  const facts = [
    `expected ${postureWord(id, expected)} (${expectedByBaseline ? "accepted" : "Apple’s default"})`,
    since === null ? "" : `since ${since}`,
    afterBoot === null ? "" : `after the next restart ${postureWord(id, afterBoot)}`,
  ].filter((fact) => fact !== "");
  const weak = parts.filter(({ value }) => value !== "on").map(({ name, value }) => `${name} (${PART_WORDS[value]})`);
  return [
    `- ${POSTURE_SETTING_WORDS[id].name}: ${postureWord(id, inForce)}; ${facts.join("; ")}`,
    ...(detail === "" ? [] : [`  ${visibleText(detail)}`]),
    ...(weak.length === 0 ? [] : [`  Parts: ${visibleText(weak.join(", "))}`]),
    ...evidence.map(
      ({ probe, text, readAt }) =>
        `  Read ${readAt}, ${visibleText(probe)}: ${text === "" ? "no answer" : visibleText(text.replaceAll(/\s+/g, " "))}`,
    ),
  ];
}

/** The whole page as text for a ticket; times are UTC. */
export function postureText(posture: PostureSnapshot): string {
  const { settings, facts, osVersion, osBuild, bootTime, bootUuid, weakenedSince, baseline, epochs } = posture;
  const mac = [
    osVersion === null ? "" : `macOS ${osVersion}${osBuild === null ? "" : ` (${osBuild})`}`,
    bootTime === null ? "" : `started ${bootTime}`,
    bootUuid === null ? "" : `boot ${bootUuid}`,
  ].filter((fact) => fact !== "");
  return [
    verdict(settings),
    ...(mac.length === 0 ? [] : [visibleText(mac.join(", "))]),
    ...(weakenedSince === null ? [] : [`Weaker than expected since ${weakenedSince}`]),
    `Baseline: ${visibleText(baselineSentence(baseline, baseline.at ?? ""))}`,
    "",
    "Protections:",
    ...settings.flatMap(settingLines),
    ...(facts.length === 0 ? [] : ["", "Facts:"]),
    ...facts.map(
      ({ id, value }) => `- ${POSTURE_FACT_WORDS[id].name}: ${value === null ? "not known" : visibleText(value)}`,
    ),
    ...(epochs.length === 0 ? [] : ["", "Weaker than expected:"]),
    ...epochs.map(
      ({ since, until, how, firstSeen }) =>
        `- ${since}${firstSeen ? " or before" : ""} to ${until ?? "now"}: ${visibleText(how)}`,
    ),
  ].join("\n");
}
