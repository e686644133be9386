import { describe, expect, it } from "vitest";
import { FLAGS, process } from "./events.fixture.ts";
import { flagNames, trustFromFlags } from "./trust-from-flags.ts";

const TEAM = "7QXW3N5R2K";

describe("trustFromFlags", () => {
  it.each([
    ["Apple's, recorded flags", { codesigningFlags: FLAGS.platform, isPlatformBinary: true }, "platform"],
    ["linker-signed, recorded flags", { codesigningFlags: FLAGS.linkerSigned }, "linker-signed"],
    ["ad hoc", { codesigningFlags: FLAGS.adHoc }, "ad-hoc"],
    [
      "ad hoc although a category claims Developer ID",
      { codesigningFlags: FLAGS.adHoc, validationCategory: 6 },
      "ad-hoc",
    ],
    ["not signed", { codesigningFlags: FLAGS.unsigned }, "unsigned"],
    ["signed, not valid", { codesigningFlags: FLAGS.invalid, teamId: TEAM }, "invalid"],
    [
      "Developer ID by category",
      { codesigningFlags: FLAGS.developerId, teamId: TEAM, validationCategory: 6 },
      "developer-id",
    ],
    [
      "App Store by category",
      { codesigningFlags: FLAGS.developerId, teamId: TEAM, validationCategory: 4 },
      "app-store",
    ],
    [
      "development by category",
      { codesigningFlags: FLAGS.developerId, teamId: TEAM, validationCategory: 3 },
      "development",
    ],
    ["local signing by category", { codesigningFlags: FLAGS.developerId, validationCategory: 7 }, "local-signing"],
    ["category 0", { codesigningFlags: FLAGS.developerId, teamId: TEAM, validationCategory: 0 }, "invalid"],
    ["team without category (macOS 14, 15)", { codesigningFlags: FLAGS.developerId, teamId: TEAM }, "unknown"],
    ["no team, not Apple's", { codesigningFlags: FLAGS.developerId }, "self-signed"],
    [
      "platform flag that the event denies",
      { codesigningFlags: FLAGS.platform, isPlatformBinary: false },
      "self-signed",
    ],
    ["no flags", { codesigningFlags: null, isPlatformBinary: null }, "unknown"],
    [
      "a category nobody knows",
      { codesigningFlags: FLAGS.developerId, teamId: TEAM, validationCategory: 99 },
      "unknown",
    ],
  ] as const)("%s", (_name, fields, expected) => {
    const trust = trustFromFlags(process({ isPlatformBinary: false, ...fields }));
    expect(trust.class).toBe(expected);
  });

  it("unknown gives its reason first", () => {
    const reasons = [{ codesigningFlags: null }, { codesigningFlags: FLAGS.developerId, teamId: TEAM }].map(
      (fields) => trustFromFlags(process({ isPlatformBinary: null, ...fields })).notes[0],
    );
    expect(reasons).toEqual([
      expect.stringContaining("could not be checked"),
      expect.stringContaining("does not report"),
    ]);
  });

  it("names the flags, the highest bit too", () => {
    expect(flagNames(0x22020203)).toEqual([
      "valid",
      "adhoc",
      "kill",
      "linker-signed",
      "no-untrusted-helpers",
      "signed",
    ]);
    expect(flagNames(0x80000000)).toEqual(["datavault-controller"]);
  });
});
