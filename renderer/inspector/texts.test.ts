import { describe, expect, it } from "vitest";
import { storyFindings } from "#renderer/bridge/sample/findings.ts";
import { detailOf, storyRows } from "#renderer/bridge/sample/rows.ts";
import { eventText } from "./event-text.ts";
import { findingText } from "./finding-text.ts";
import { prettyRecord } from "./raw-record.tsx";

const [finding] = storyFindings(storyRows());
if (finding === undefined) throw new Error("the story has findings");

describe("a finding as text", () => {
  it("reads verdict, why, what is not known, what to do, subject, evidence", () => {
    expect(findingText(finding)).toMatchInlineSnapshot(`
      "[High] “Invoice Viewer” ran without being checked
      “Invoice Viewer” ran without being checked by Gatekeeper. [3]

      Why:
      - Its quarantine mark was removed 41 seconds earlier by \`xattr\`, started from Terminal. [1][2]
      - It has an ad hoc signature, which names no developer. [3]

      Not known:
      - Where it was downloaded from: the mark that said so is gone.

      What to do:
      - Ask ana whether she removed the mark herself. If not, quit Invoice Viewer and keep a copy of it before deleting it.

      Subject:
      - Path: /Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer
      - CDHash: 3f1c9a0be77d42118c5d60f2a9e4b7710d2c8e55
      - Signing ID: Invoice-Viewer-5555494441

      Evidence:
      1. 2026-11-21T14:13:35.071271Z  quarantine removed: Quarantine mark removed: /Users/ana/Downloads/Invoice Viewer.app
      2. 2026-11-21T14:13:34.063352Z  quarantine removed: Ran xattr: xattr -dr com.apple.quarantine /Users/ana/Downloads/Invoice Viewer.app
      3. 2026-11-21T14:14:16.079190Z  program started: Ran Invoice Viewer: /Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer

      Seen 2026-11-21T14:13:34.063352Z
      Rule quarantine-removed-then-run, G1, AN0644, T1553.001"
    `);
  });

  it("leaves nothing in it that hides or reorders", () => {
    const text = findingText({ ...finding, title: "a\u202Eb\u0007" });
    expect(text).toContain("a‹U+202E›b‹U+0007›");
  });

  it("says so when nothing identifies the subject", () => {
    const text = findingText({ ...finding, subject: { path: "/tmp/x", cdhash: null, teamId: null, signingId: null } });
    expect(text).toContain("only where it lay is known");
  });
});

describe("a record as text", () => {
  it("names the record and makes hidden characters visible", () => {
    const row = storyRows().find(({ title }) => title.includes("gnp"));
    if (row === undefined) throw new Error("the story has a hostile row");
    const text = eventText(detailOf(row, []));
    expect(text).toContain("‹U+202E›");
    expect(text).not.toContain("\u202E");
    expect(text).toContain("Record: sample/es/");
  });

  it("lays JSON out and leaves anything else alone", () => {
    expect(prettyRecord('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(prettyRecord('{"a":')).toBe('{"a":');
  });
});
