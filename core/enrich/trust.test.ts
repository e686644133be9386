import { describe, expect, it } from "vitest";
import type { CodesignFacts } from "#contract/codesign-facts.ts";
import type { InspectionSummary } from "#contract/inspection-summary.ts";
import type { LogFact } from "#contract/log-fact.ts";
import type { Process } from "#contract/process.ts";
import type { DisagreementTopic, Notarized, Trust, TrustClass } from "#contract/trust.ts";
import { readAssessment } from "./assessment.ts";
import { APP, APP_IMAGE, enricher, exec, FLAGS, invoiceViewer, posture } from "./events.fixture.ts";
import { codesign, inspection, logged, look, OTHER_HASH, slice, TEAM } from "./looks.fixture.ts";
import { trustFromFlags } from "./trust-from-flags.ts";
import { joinTrust } from "./trust.ts";

/** What the kernel said of the run. */
const KERNEL = {
  team: { codesigningFlags: FLAGS.developerId, teamId: TEAM },
  developerId: { codesigningFlags: FLAGS.developerId, teamId: TEAM, validationCategory: 6 },
  appStore: { codesigningFlags: FLAGS.developerId, validationCategory: 4 },
  noTeam: { codesigningFlags: FLAGS.developerId },
  adHoc: { codesigningFlags: FLAGS.adHoc },
  linker: { codesigningFlags: FLAGS.linkerSigned },
  invalid: { codesigningFlags: FLAGS.invalid, teamId: TEAM },
  platform: { codesigningFlags: FLAGS.platform, isPlatformBinary: true },
  silent: { codesigningFlags: null, isPlatformBinary: null },
} as const satisfies Record<string, Partial<Process>>;

interface Looks {
  inspector?: InspectionSummary;
  codesign?: CodesignFacts;
  /** spctl's `source=`. */
  spctl?: string;
  spctlError?: string;
  log?: LogFact;
}

function trustOf(kernel: Partial<Process>, looks: Looks): Trust | null {
  const room = enricher();
  const assessment =
    looks.spctl === undefined && looks.spctlError === undefined
      ? null
      : { verdict: looks.spctlError === undefined, source: looks.spctl ?? null, error: looks.spctlError ?? null };
  room.enrich(look({ assessment, inspection: looks.inspector ?? null, codesign: looks.codesign ?? null }), posture());
  if (looks.log !== undefined) room.enrich(logged(looks.log), posture());
  return room.enrich(exec(invoiceViewer(kernel), [APP_IMAGE]), posture()).trust;
}

const AMFID = (code: number): LogFact => ({ fact: "amfid-not-valid", path: APP_IMAGE, code, text: null });
const NOTARIZED = "Notarized Developer ID";
const AD_HOC_LOOK = { class: "ad-hoc", notarized: "no", teamId: null } as const;

type Case = [
  name: string,
  kernel: Partial<Process>,
  looks: Looks,
  expected: TrustClass,
  notarized: Notarized,
  disagreements: DisagreementTopic[],
];

const CASES: Case[] = [
  // The kernel found a valid signature and did not say whose: others may.
  ["nobody looked", KERNEL.team, {}, "unknown", "not-checked", []],
  ["the inspector names the class", KERNEL.team, { inspector: inspection() }, "developer-id", "not-checked", []],
  ["a verified ticket", KERNEL.team, { inspector: inspection({ notarized: "yes" }) }, "developer-id", "yes", []],
  ["Gatekeeper alone", KERNEL.team, { spctl: NOTARIZED }, "developer-id", "yes", []],
  ["Gatekeeper, not notarized", KERNEL.team, { spctl: "Unnotarized Developer ID" }, "developer-id", "no", []],
  [
    "all agree",
    KERNEL.team,
    { inspector: inspection(), codesign: codesign(), spctl: NOTARIZED },
    "developer-id",
    "yes",
    [],
  ],
  ["App Store code has no team", KERNEL.noTeam, { spctl: "Mac App Store" }, "app-store", "not-checked", []],
  [
    "self-signed, and shown to be",
    KERNEL.noTeam,
    { inspector: inspection({ class: "self-signed", teamId: null }) },
    "self-signed",
    "not-checked",
    [],
  ],
  [
    "a team that no Apple certificate carries",
    KERNEL.team,
    { inspector: inspection({ class: "untrusted" }) },
    "untrusted",
    "not-checked",
    [],
  ],
  ["no flags, ad hoc", KERNEL.silent, { inspector: inspection(AD_HOC_LOOK) }, "ad-hoc", "no", []],
  [
    "the inspector could not tell",
    KERNEL.team,
    { inspector: inspection({ class: "unknown" }) },
    "unknown",
    "not-checked",
    [],
  ],
  // codesign's names prove nothing, so they never make a class.
  ["codesign's names alone", KERNEL.team, { codesign: codesign() }, "unknown", "not-checked", []],
  [
    "codesign's ticket without a class",
    KERNEL.noTeam,
    { codesign: codesign({ ticketStapled: true }) },
    "self-signed",
    "not-checked",
    [],
  ],
  ["codesign's ticket", KERNEL.developerId, { codesign: codesign({ ticketStapled: true }) }, "developer-id", "yes", []],
  [
    "codesign's ticket against Gatekeeper's no",
    KERNEL.developerId,
    { codesign: codesign({ ticketStapled: true }), spctl: "Unnotarized Developer ID" },
    "developer-id",
    "no",
    ["notarization"],
  ],
  [
    "a verified ticket against Gatekeeper's no",
    KERNEL.developerId,
    { inspector: inspection({ notarized: "yes" }), spctl: "Unnotarized Developer ID" },
    "developer-id",
    "yes",
    ["notarization"],
  ],
  // What the kernel denied is never raised.
  ["ad hoc, and the file is Developer ID", KERNEL.adHoc, { inspector: inspection() }, "ad-hoc", "no", ["signer"]],
  ["ad hoc, and Gatekeeper says notarized", KERNEL.adHoc, { spctl: NOTARIZED }, "ad-hoc", "no", ["signer"]],
  [
    "ad hoc, all agree",
    KERNEL.adHoc,
    { inspector: inspection(AD_HOC_LOOK), codesign: codesign({ adHoc: true, teamId: "", authorities: [] }) },
    "ad-hoc",
    "no",
    [],
  ],
  [
    "linker-signed, and the inspector says ad hoc",
    KERNEL.linker,
    { inspector: inspection(AD_HOC_LOOK) },
    "linker-signed",
    "no",
    [],
  ],
  [
    "invalid, and the file is valid",
    KERNEL.invalid,
    { inspector: inspection({ notarized: "yes" }), spctl: NOTARIZED },
    "invalid",
    "not-checked",
    ["signature"],
  ],
  // A broken signature lowers; what is part of macOS is the kernel's to say.
  [
    "pages were changed",
    KERNEL.developerId,
    { inspector: inspection({ class: "invalid" }) },
    "invalid",
    "not-checked",
    ["signature"],
  ],
  [
    "codesign finds it modified",
    KERNEL.developerId,
    { codesign: codesign({ verdict: "invalid", error: "invalid signature (code or signature have been modified)" }) },
    "invalid",
    "not-checked",
    ["signature"],
  ],
  [
    "inspector and codesign differ",
    KERNEL.developerId,
    { inspector: inspection({ class: "invalid" }), codesign: codesign() },
    "invalid",
    "not-checked",
    ["signature"],
  ],
  [
    "ad hoc and changed since",
    KERNEL.adHoc,
    { inspector: inspection({ ...AD_HOC_LOOK, class: "invalid" }) },
    "invalid",
    "no",
    ["signature"],
  ],
  [
    "part of macOS, whatever we find",
    KERNEL.platform,
    { inspector: inspection({ class: "invalid", teamId: null }) },
    "platform",
    "not-checked",
    ["signature"],
  ],
  [
    "part of macOS, older signature",
    KERNEL.platform,
    { inspector: inspection({ class: "platform-legacy", teamId: null }) },
    "platform",
    "not-checked",
    [],
  ],
  [
    "a resource was changed",
    KERNEL.developerId,
    {
      inspector: inspection({}, { kind: "bundle", class: "invalid", checked: ["resources"] }),
      codesign: codesign({ verdict: "altered", error: "a sealed resource is missing or invalid" }),
    },
    "developer-id",
    "not-checked",
    [],
  ],
  [
    "only one finds the bundle changed",
    KERNEL.developerId,
    {
      inspector: inspection({}, { kind: "bundle", checked: ["resources"] }),
      codesign: codesign({ verdict: "altered" }),
    },
    "developer-id",
    "not-checked",
    ["bundle"],
  ],
  // Revocation always counts.
  ["revoked, says Gatekeeper", KERNEL.adHoc, { spctlError: "CSSMERR_TP_CERT_REVOKED" }, "revoked", "no", []],
  [
    "revoked, says codesign",
    KERNEL.developerId,
    { inspector: inspection({ notarized: "yes" }), codesign: codesign({ verdict: "revoked" }) },
    "revoked",
    "no",
    [],
  ],
  [
    "revoked, says codesign; Gatekeeper let it through",
    KERNEL.developerId,
    { codesign: codesign({ verdict: "revoked" }), spctl: NOTARIZED },
    "revoked",
    "no",
    ["revocation"],
  ],
  ["revoked by path, says the log", KERNEL.team, { log: { fact: "revoked", subject: APP_IMAGE } }, "revoked", "no", []],
  [
    "revoked by hash, says the log",
    KERNEL.team,
    { log: { fact: "revoked", subject: "{length = 20, bytes = 0x1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d}" } },
    "revoked",
    "no",
    [],
  ],
  [
    "another hash is revoked",
    KERNEL.team,
    { log: { fact: "revoked", subject: OTHER_HASH } },
    "unknown",
    "not-checked",
    [],
  ],
  // The log's words.
  ["amfid: not valid", KERNEL.developerId, { log: AMFID(-420) }, "invalid", "not-checked", ["signature"]],
  ["amfid: ad hoc or unknown, of ad hoc code", KERNEL.linker, { log: AMFID(-423) }, "linker-signed", "no", []],
  [
    "amfid: ad hoc or unknown, of Developer ID",
    KERNEL.developerId,
    { log: AMFID(-423) },
    "developer-id",
    "not-checked",
    ["signer"],
  ],
  ["amfid: a profile is missing", KERNEL.developerId, { log: AMFID(-413) }, "developer-id", "not-checked", []],
  [
    "AMFI: ad hoc, of Developer ID",
    KERNEL.developerId,
    { log: { fact: "amfi-ad-hoc", path: APP_IMAGE } },
    "developer-id",
    "not-checked",
    ["signer"],
  ],
  [
    "AMFI: of another file",
    KERNEL.developerId,
    { log: { fact: "amfi-ad-hoc", path: "/tmp/other" } },
    "developer-id",
    "not-checked",
    [],
  ],
  [
    "failed fatally",
    KERNEL.developerId,
    { log: { fact: "signature-failed-fatally", path: APP_IMAGE, text: "x" } },
    "invalid",
    "not-checked",
    ["signature"],
  ],
  [
    "a policy's refusal says nothing about the signature",
    KERNEL.developerId,
    { log: { fact: "asp-denied", pid: 700, path: APP_IMAGE } },
    "developer-id",
    "not-checked",
    [],
  ],
  // The same code, other names.
  [
    "another kind of signature",
    KERNEL.appStore,
    { inspector: inspection({ class: "development", teamId: null }) },
    "app-store",
    "not-checked",
    ["class"],
  ],
  [
    "another identifier",
    KERNEL.developerId,
    { inspector: inspection({ identifier: "com.tidepool.desktop" }) },
    "developer-id",
    "not-checked",
    ["identifier"],
  ],
  [
    "another team",
    KERNEL.developerId,
    { inspector: inspection({ teamId: "Z9Y8X7W6V5" }) },
    "developer-id",
    "not-checked",
    ["team"],
  ],
  [
    "no team, says codesign",
    KERNEL.developerId,
    { codesign: codesign({ teamId: "" }) },
    "developer-id",
    "not-checked",
    ["team"],
  ],
  [
    "not by Apple",
    KERNEL.developerId,
    { inspector: inspection({ class: "self-signed" }) },
    "developer-id",
    "not-checked",
    ["signer"],
  ],
  // Other code than what ran counts for nothing.
  [
    "other code",
    KERNEL.team,
    { inspector: inspection({ cdhashes: [OTHER_HASH] }) },
    "unknown",
    "not-checked",
    ["code"],
  ],
  [
    "other code, says codesign",
    KERNEL.team,
    { codesign: codesign({ cdhash: OTHER_HASH, ticketStapled: true }) },
    "unknown",
    "not-checked",
    ["code"],
  ],
  [
    "a file without a signature",
    KERNEL.team,
    { codesign: codesign({ verdict: "unsigned", cdhash: null, identifier: null, teamId: null, authorities: [] }) },
    "unknown",
    "not-checked",
    ["code"],
  ],
  [
    "ad hoc code is rebuilt",
    KERNEL.linker,
    { inspector: inspection({ ...AD_HOC_LOOK, cdhashes: [OTHER_HASH] }) },
    "linker-signed",
    "no",
    [],
  ],
  [
    "another slice of the file",
    KERNEL.team,
    { inspector: inspection({}, { class: "unsigned", slices: [slice({ class: "unsigned", cdhashes: [] }), slice()] }) },
    "developer-id",
    "not-checked",
    [],
  ],
];

describe("one trust value from all authorities", () => {
  it.each(CASES)("%s", (_name, kernel, looks, expected, notarized, disagreements) => {
    const trust = trustOf(kernel, looks);
    expect({
      class: trust?.class,
      notarized: trust?.notarized,
      disagreements: trust?.disagreements.map(({ about }) => about),
    }).toEqual({ class: expected, notarized, disagreements });
  });

  it("unsigned code stays unsigned, and the file's new signature is told", () => {
    const unsigned = { codesigningFlags: FLAGS.unsigned, cdhash: null, signingId: null };
    const trust = trustOf(unsigned, { inspector: inspection({ notarized: "yes" }), spctl: NOTARIZED });
    expect(trust).toMatchObject({ class: "unsigned", notarized: "no" });
    expect(trust?.disagreements.map(({ says }) => says)).toEqual([
      [
        { authority: "kernel", value: "no signature" },
        { authority: "inspector", value: slice().cdhashes[0] },
      ],
    ]);
    const rosetta = inspection(
      {},
      { class: "unsigned", slices: [slice({ class: "unsigned", cdhashes: [] }), slice()] },
    );
    expect(trustOf(unsigned, { inspector: rosetta })?.disagreements).toEqual([]);
  });

  it("who looked is listed, a disagreement names who says what, and its sentence is among the notes", () => {
    const trust = trustOf(KERNEL.developerId, {
      inspector: inspection(
        { class: "invalid" },
        { problems: [{ id: "page-hash-mismatch", message: "Page 3 was changed." }] },
      ),
      codesign: codesign(),
      spctl: NOTARIZED,
      log: AMFID(-420),
    });
    expect(trust?.checked).toEqual([
      "codesigning_flags",
      "cs_validation_category",
      "Sealbar's inspector: full",
      "codesign: valid on disk",
      `Gatekeeper assessment: ${NOTARIZED}`,
      "unified log",
    ]);
    const [first] = trust?.disagreements ?? [];
    expect(first).toEqual({
      about: "signature",
      says: [
        { authority: "kernel", value: "valid" },
        { authority: "inspector", value: "not valid" },
        { authority: "codesign", value: "valid" },
        { authority: "gatekeeper", value: "valid" },
        { authority: "log", value: "not valid" },
      ],
      sentence:
        "About the signature, the kernel says valid; Sealbar's inspector says not valid; codesign says valid; Gatekeeper says valid; the unified log says not valid.",
    });
    expect(trust?.notes).toEqual(["Page 3 was changed.", first?.sentence]);
  });

  it("the altered bundle around intact code is a note", () => {
    const looks = {
      inspector: inspection(
        {},
        {
          kind: "bundle" as const,
          class: "invalid" as const,
          checked: ["resources"],
          problems: [{ id: "resource-altered", message: "A file was altered." }],
        },
      ),
    };
    expect(trustOf(KERNEL.developerId, looks)?.notes).toEqual([
      "A file was altered.",
      "The code is as it was signed, but not the bundle around it.",
    ]);
  });

  it("unknown gives its reason first, whoever looked", () => {
    const notes = trustOf(KERNEL.team, { codesign: codesign() })?.notes ?? [];
    expect(notes[0]).toMatch(/does not report the kind of certificate/);
  });

  it("with nothing but the flags it is the same object every time", () => {
    const process = invoiceViewer(KERNEL.team);
    expect(joinTrust(process, null)).toBe(trustFromFlags(process));
    expect(trustOf(KERNEL.team, {})).toBe(trustFromFlags(process));
  });

  it("names without end stay short, and are not a difference where they were cut", () => {
    const long = "x".repeat(100_000);
    const same = trustOf(
      { ...KERNEL.developerId, signingId: long },
      { inspector: inspection({ identifier: long.slice(0, 512) }) },
    );
    expect(same?.disagreements).toEqual([]);
    const other = trustOf(
      { ...KERNEL.developerId, signingId: long },
      { inspector: inspection({ identifier: `y${long}` }) },
    );
    expect(JSON.stringify(other).length).toBeLessThan(4000);
  });
});

describe("Gatekeeper's assessment", () => {
  const read = (assessment: Parameters<typeof look>[0]) => readAssessment(look(assessment));

  it("a time-out, an unknown or an inherited word says nothing", () => {
    expect(read({ assessment: null })).toBeNull();
    expect(read({ assessment: { verdict: null, source: NOTARIZED, timedOut: true } })).toBeNull();
    expect(read({ assessment: { verdict: true, source: "constructor" } })).toBeNull();
  });
});

describe("an answer about a file", () => {
  const told = (part: Parameters<typeof look>[0]) => enricher().enrich(look(part), posture()).trust;

  it.each<[string, Parameters<typeof look>[0], TrustClass, Notarized]>([
    ["inspected", { inspection: inspection({ notarized: "yes" }) }, "developer-id", "yes"],
    [
      "inspected, and its bundle altered",
      { path: APP, inspection: inspection({}, { kind: "bundle", class: "invalid" }) },
      "invalid",
      "not-checked",
    ],
    ["not signed, says codesign", { codesign: codesign({ verdict: "unsigned", cdhash: null }) }, "unsigned", "no"],
    [
      "ad hoc, says codesign",
      { codesign: codesign({ adHoc: true, linkerSigned: true, authorities: [] }) },
      "linker-signed",
      "no",
    ],
    ["codesign's names only", { codesign: codesign({ verdict: null }) }, "unknown", "not-checked"],
    ["revoked", { inspection: inspection(), codesign: codesign({ verdict: "revoked" }) }, "revoked", "no"],
    [
      "unreadable",
      {
        inspection: inspection(
          {},
          {
            kind: "unreadable",
            class: "unknown",
            slices: [],
            problems: [{ id: "gone", message: "The file is gone." }],
          },
        ),
      },
      "unknown",
      "not-checked",
    ],
  ])("%s", (_name, part, expected, notarized) => {
    expect(told(part)).toMatchObject({ class: expected, notarized });
  });

  it("has a trust of its own only when somebody read its signature", () => {
    expect(told({ assessment: { verdict: true, source: NOTARIZED } })).toBeNull();
  });

  it("two looks at the same file that differ", () => {
    const trust = told({ inspection: inspection(), codesign: codesign({ verdict: "invalid" }) });
    expect(trust?.class).toBe("invalid");
    expect(trust?.disagreements.map(({ about }) => about)).toEqual(["signature"]);
  });
});
