import { describe, expect, it } from "vitest";
import { TRUST_CLASSES } from "#contract/trust.ts";
import { headerOnly, missingFile, sampleInspections } from "#renderer/bridge/sample/inspections.ts";
import { carriesCdhash } from "./inspection-facts.ts";
import { inspectionText } from "./inspection-text.ts";
import { decidingSlice, fileName, nextStep, signerName, verdictSentence } from "./inspection-words.ts";
import { isOnOwnDisk, recordSignature } from "./record-signature.ts";
import { nowSentence } from "./signature-tab.tsx";

const sample = (name: string) => {
  const found = sampleInspections.find(({ path }) => path.endsWith(name));
  if (found === undefined) throw new Error(`there is no sample ${name}`);
  return found;
};

describe("the verdict in words", () => {
  it.each(TRUST_CLASSES)("is one sentence for %s", (trust) => {
    const inspection = sample("Paperboat.app");
    const words = verdictSentence({ ...inspection, verdict: { class: trust, problems: [], notes: [] } });
    expect(words).toMatch(/^[A-Z].*\.$/);
    expect(words).not.toMatch(/!|threat|danger/i);
  });

  it("does not call a signature proved whose code nobody has looked at", () => {
    expect(verdictSentence(sample("Paperboat.app"))).not.toContain("not known");
    expect(verdictSentence(headerOnly(sample("Paperboat.app")))).toContain(
      "whether the code was changed since is not known",
    );
    const invalid = { ...headerOnly(sample("relay")), verdict: { class: "invalid" as const, problems: [], notes: [] } };
    expect(verdictSentence(invalid)).not.toContain("not known");
  });

  it.each([
    ["backup.sh", null],
    ["notes.txt", null],
    ["Paperboat.dmg", "Open it, and inspect the app inside."],
  ])("says what to do next where there is something to do: %s", (name, step) => {
    expect(nextStep(sample(name))).toBe(step);
  });

  it("names the slice that decides: the first of the verdict's class", () => {
    expect(decidingSlice(sample("relay"))?.arch).toBe("x86_64");
    expect(decidingSlice(sample("Paperboat.app"))?.arch).toBe("x86_64");
    expect(decidingSlice(sample("notes.txt"))).toBeNull();
  });

  it("names the signer without the certificate's kind, and the team once", () => {
    const [slice] = sample("Paperboat.app").slices;
    if (slice === undefined) throw new Error("the sample has a slice");
    expect(signerName(slice)).toBe("Paperboat Works (7QXW3N5R2K)");
    const store = slice.leaf && { ...slice.leaf, commonName: "Paperboat Works" };
    expect(signerName({ ...slice, leaf: store })).toBe("Paperboat Works (7QXW3N5R2K)");
    expect(signerName({ leaf: null, teamId: null })).toBe("a certificate without a name");
  });

  it.each([
    ["/Applications/Paperboat.app/", "Paperboat.app"],
    ["/bin/ls", "ls"],
    ["/", ""],
  ])("names %s", (path, name) => {
    expect(fileName(path)).toBe(name);
  });
});

describe("an inspection as text", () => {
  it("reads verdict, why, then everything it rests on", () => {
    expect(inspectionText(sample("Paperboat Deluxe.app"))).toMatchInlineSnapshot(`
      "[Invalid] Paperboat Deluxe.app
      Its signature does not hold. What it says about itself is only a claim.
      Path: /Users/ana/Downloads/Paperboat Deluxe.app

      Why:
      - Contents/Resources/main.nib is not the file that was sealed.
      - Contents/Resources/run.sh was added after signing.

      arm64: Invalid (identity as claimed):
      - Identifier: app.paperboat
      - Team: 7QXW3N5R2K
      - CDHash: 3f1c9a0be77d42118c5d60f2a9e4b7710d2c8e51
      - Flags: runtime
      - Hardened runtime: Yes
      - Pages of the code: Every page is as it was signed
      - Notarized: No
      - Requirement: identifier "app.paperboat" and anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] and certificate leaf[field.1.2.840.113635.100.6.1.13] and certificate leaf[subject.OU] = "7QXW3N5R2K"

      Claims to be signed by:
      - Developer ID Application: Paperboat Works (7QXW3N5R2K), issued by Developer ID Certification Authority, valid 2023-02-01T22:12:15.000000Z to 2028-02-01T22:12:15.000000Z
      - Developer ID Certification Authority, issued by Apple Root CA, valid 2021-02-01T22:12:15.000000Z to 2031-02-01T22:12:15.000000Z
      - Apple Root CA, issued by Apple Root CA, valid 2006-02-01T22:12:15.000000Z to 2035-02-01T22:12:15.000000Z
      Time of signing: 2026-09-14T08:21:44.000000Z, proved by a timestamp

      Entitlements:
      - com.apple.security.network.client = true
      - com.apple.security.cs.disable-library-validation = true (Loads libraries of any signer into itself.)
      - com.apple.security.device.camera = true
      - keychain-access-groups = ["7QXW3N5R2K.app.paperboat"]

      Bundle:
      - Kind: .app
      - Bundle identifier: app.paperboat
      - Version: 4.2.1
      - Main executable: Contents/MacOS/Paperboat
      - Files: Not as they were sealed
      - Counted: 1,204 sealed: 1 altered, 1 added
      - Code inside: 2

      Code inside:
      - Contents/Frameworks/Paperboat Helper.app: Developer ID, as sealed
      - Contents/Frameworks/Sails.framework: Ad hoc, not what was sealed. It is not the code that the bundle's seal names.

      Checked:
      - File structure
      - List of hashes (CodeDirectory)
      - Info.plist and other parts that the signature covers
      - Designated requirement
      - Entitlements
      - Signature over the list of hashes
      - Certificates up to Apple's root
      - Time of signing, from Apple's timestamp server
      - Stapled notarization ticket
      - Every page of the code
      - Files of the bundle

      Not checked:
      - Code inside the bundle: The code inside the bundle was compared with the seal, but not inspected itself.
      - Revocation: Whether Apple has revoked the certificate is known only online."
    `);
  });

  it("leaves nothing in it that hides or reorders", () => {
    const inspection = sample("relay");
    const hostile = "x\u202Egnp\u0007\u200B\n- Checked: everything";
    const text = inspectionText({
      ...inspection,
      path: `/tmp/${hostile}`,
      verdict: { class: "invalid", problems: [{ id: "a", message: hostile }], notes: [{ id: "b", message: hostile }] },
      slices: inspection.slices.map((slice) => ({
        ...slice,
        arch: hostile,
        identifier: hostile,
        requirement: hostile,
        entitlements: [{ key: hostile, value: hostile, weakens: null }],
      })),
      notChecked: [{ check: "cms", why: hostile }],
    });
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u200B-\u200F\u202A-\u202E]/);
    expect(text).not.toContain("\n- Checked: everything");
  });

  it("says how much it leaves out", () => {
    const problems = Array.from({ length: 1_000 }, (_, index) => ({
      id: "altered",
      message: `File ${index} differs.`,
    }));
    const text = inspectionText({ ...sample("relay"), verdict: { class: "invalid", problems, notes: [] } });
    expect(text).toContain("- File 199 differs.\n- and 800 more");
  });
});

describe("what ran and what is there now", () => {
  const viewer = sample("Invoice Viewer");
  const ran = viewer.slices[0]?.cdhash ?? "";

  it("is the same only by its CDHash, in any slice", () => {
    expect(nowSentence(viewer, ran)).toContain("its CDHash is the same");
    expect(nowSentence(viewer, ran.toUpperCase())).toContain("its CDHash is the same");
    expect(nowSentence(viewer, "0".repeat(40))).toContain("no longer what ran");
    expect(nowSentence(sample("notes.txt"), ran)).toContain("no longer what ran");
    expect(carriesCdhash(sample("Paperboat.app"), sample("Paperboat.app").slices[1]?.cdhash ?? "")).toBe(true);
  });

  it("is not known without a CDHash in the record, or without a file to read", () => {
    expect(nowSentence(viewer, null)).toContain("cannot be told");
    expect(nowSentence(missingFile("/tmp/upd"), ran)).toBe(
      "The file at this path cannot be read now. There is no file at this path.",
    );
  });
});

describe("what is read without being asked", () => {
  it.each([
    ["/Applications/Paperboat.app/Contents/MacOS/Paperboat", true],
    ["/usr/bin/xattr", true],
    ["/private/tmp/.x/upd", true],
    ["/System/Library/CoreServices/Finder.app", true],
    ["/Volumes/USB/upd", false],
    ["/VOLUMES/USB/upd", false],
    ["//Volumes/USB/upd", false],
    ["/net/server/share/upd", false],
    ["/Network/Servers/x", false],
    ["/home/ana/upd", false],
    ["/dev/fd/3", false],
    ["/.vol/16777234/2", false],
    ["/System/Volumes/Data/Volumes/USB/upd", false],
    ["/usr/../Volumes/USB/upd", false],
    ["/usr/./bin/ls", false],
    ["relative/upd", false],
    ["/", false],
    ["", false],
  ])("%s: %s", (path, own) => {
    expect(isOnOwnDisk(path)).toBe(own);
  });
});

describe("the signature in a record", () => {
  const row = {
    rowId: 1,
    id: { session: "s", src: "es", n: 1 },
    at: "2026-11-21T14:14:16.000000Z",
    origin: "es" as const,
    kind: "exec",
    title: "Ran upd",
    detail: "",
    path: "/tmp/upd",
    trust: "ad-hoc" as const,
    severity: null,
  };
  const detail = { row, facts: [], raw: "", rawTruncated: false, findings: [] };

  it("is there for records that name a program", () => {
    expect(recordSignature({ ...detail, row: { ...row, trust: null } })).toBeNull();
    expect(recordSignature({ ...detail, row: { ...row, trust: "not-code" } })).toBeNull();
    const facts = [
      { label: "Path", value: "/tmp/upd", code: true },
      { label: "CDHash", value: "ab".repeat(20), code: true },
      { label: "CDHash (x86_64)", value: "cd".repeat(20), code: true },
      { label: "Disagreement", value: "codesign calls it valid, the inspector does not.", code: false },
      { label: "User", value: "root", code: false },
    ];
    expect(recordSignature({ ...detail, facts })).toEqual({
      facts: [facts[1], facts[2]],
      disagreements: ["codesign calls it valid, the inspector does not."],
      cdhash: "ab".repeat(20),
      path: "/tmp/upd",
    });
  });

  it("is that of whoever did it where a file is what it was done to", () => {
    const facts = [{ label: "Done by", value: "/usr/bin/xattr", code: true }];
    expect(recordSignature({ ...detail, facts })?.path).toBe("/usr/bin/xattr");
  });
});
