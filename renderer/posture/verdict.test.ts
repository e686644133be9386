import { expect, it } from "vitest";
import type { PostureSetting, PostureValue } from "#contract/posture.ts";
import { verdict } from "./verdict.ts";

const setting = (
  inForce: PostureValue,
  afterBoot: PostureValue | null = null,
  expected: PostureValue = "on",
): PostureSetting => ({
  id: "sip",
  inForce,
  afterBoot,
  expected,
  expectedByBaseline: false,
  parts: [],
  detail: "",
  evidence: [],
  readAt: "2026-11-21T14:20:55.000000Z",
  since: null,
});

it.each<[string, PostureSetting[]]>([
  ["Protections are as expected", [setting("on"), setting("on", "on")]],
  ["Protections are as expected", [setting("on", "unknown")]],
  ["Protections are as expected, but 1 will be weaker after the next restart", [setting("on", "off"), setting("on")]],
  [
    "Protections are as expected, but 2 will be weaker after the next restart",
    [setting("on", "off"), setting("on", "partial")],
  ],
  ["1 protection could not be read", [setting("unknown"), setting("on")]],
  ["2 protections could not be read", [setting("unknown"), setting("conflicting")]],
  [
    "1 protection could not be read, and 1 will be weaker after the next restart",
    [setting("unknown"), setting("on", "off")],
  ],
  ["1 protection is weaker than expected", [setting("partial"), setting("on", "off")]],
  [
    "2 protections are weaker than expected, 1 could not be read",
    [setting("off"), setting("partial"), setting("conflicting")],
  ],
  ["Protections are as expected", [setting("off", null, "off"), setting("partial", null, "off")]],
  ["1 protection is weaker than expected", [setting("off", null, "partial")]],
  ["1 protection is weaker than expected", [{ ...setting("partial", null, "partial"), morePartsOff: true }]],
  ["Protections are as expected, but 1 will be weaker after the next restart", [setting("partial", "off", "partial")]],
])("says: %s", (words, settings) => {
  expect(verdict(settings)).toBe(words);
});
