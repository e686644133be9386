import { describe, expect, it } from "vitest";
import type { CodesignOutput } from "#contract/frames.ts";
import { readCodesignText } from "./codesign-text.ts";

const APP = "/Applications/Tidepool.app";
const HASH = "a2b6c444c428c0c2858a8d577ef81195aa7a67ca";
const printed = (err: string, part: Partial<CodesignOutput> = {}): CodesignOutput => ({
  exit: 0,
  out: "",
  err,
  timedOut: false,
  ...part,
});
const read = (err: string, part: Partial<CodesignOutput> = {}) => readCodesignText(printed(err, part), APP);

/** Constructed in the recorded form (telemetry.md 3.6), with invented names. */
const DISPLAY = `Executable=${APP}/Contents/MacOS/Tidepool
Identifier=com.tidepool.desktop
Format=app bundle with Mach-O universal (x86_64 arm64)
CodeDirectory v=20500 size=768 flags=0x10000(runtime) hashes=13+7 location=embedded
Hash type=sha256 size=32
CandidateCDHash sha256=${HASH}
Hash choices=sha256
CMSDigestType=2
CDHash=${HASH}
Signature size=9013
Authority=Developer ID Application: Invented Software (7QXW3N5R2K)
Authority=Developer ID Certification Authority
Authority=Apple Root CA
Timestamp=Mar 12, 2025 at 22:31:07
Notarization Ticket=stapled
Info.plist entries=36
TeamIdentifier=7QXW3N5R2K
Runtime Version=15.1.0
Sealed Resources version=2 rules=13 files=2157
Internal requirements count=1 size=180
`;

const AD_HOC = (flags: string): string => `Executable=/Users/ana/tool
Identifier=tool
Format=Mach-O thin (arm64)
CodeDirectory v=20400 size=314 flags=${flags} hashes=3+3 location=embedded
Signature=adhoc
Info.plist=not bound
TeamIdentifier=not set
`;

describe("codesign's display", () => {
  it("reads what a Developer ID signature claims, and no verdict", () => {
    expect(read(DISPLAY)).toEqual({
      verdict: null,
      error: null,
      identifier: "com.tidepool.desktop",
      teamId: "7QXW3N5R2K",
      cdhash: HASH,
      adHoc: false,
      linkerSigned: false,
      authorities: [
        "Developer ID Application: Invented Software (7QXW3N5R2K)",
        "Developer ID Certification Authority",
        "Apple Root CA",
      ],
      timestamp: "Mar 12, 2025 at 22:31:07",
      ticketStapled: true,
    });
  });

  it.each([
    ["0x2(adhoc)", false],
    ["0x20002(adhoc,linker-signed)", true],
  ])("ad hoc, flags %s", (flags, linkerSigned) => {
    expect(read(AD_HOC(flags))).toMatchObject({ adHoc: true, linkerSigned, teamId: "", authorities: [] });
  });

  it("a certificate that codesign cannot show is no name", () => {
    const hidden = DISPLAY.replaceAll(/^Authority=.*\n/gm, "").replace(
      "Timestamp",
      "Authority=(unavailable)\nTimestamp",
    );
    expect(read(hidden)?.authorities).toEqual([]);
  });

  it.each([
    ["a ticket", "x\nNotarization Ticket=stapled"],
    ["a team", "x\nTeamIdentifier=7QXW3N5R2K"],
    ["a whole display", `x\n${DISPLAY}`],
    ["another identifier", "x\nIdentifier=com.apple.ls"],
  ])("an identifier that imitates %s makes all of it unknown", (_what, identifier) => {
    const forged = DISPLAY.replace("Identifier=com.tidepool.desktop", `Identifier=${identifier}`);
    expect(read(forged.replace("\nNotarization Ticket=stapled\nInfo", "\nInfo"))).toBeNull();
  });
});

describe("codesign's verification", () => {
  it.each([
    [`${APP}: valid on disk\n${APP}: satisfies its Designated Requirement\n`, "valid", null],
    [`${APP}: code object is not signed at all\n`, "unsigned", "code object is not signed at all"],
    [
      `${APP}: invalid signature (code or signature have been modified)\nIn architecture: arm64\n`,
      "invalid",
      "invalid signature (code or signature have been modified)",
    ],
    [`${APP}: a sealed resource is missing or invalid\n`, "altered", "a sealed resource is missing or invalid"],
    [
      `${APP}: nested code is modified or invalid\nIn subcomponent: ${APP}/x\n`,
      "altered",
      "nested code is modified or invalid",
    ],
    [`${APP}: CSSMERR_TP_CERT_REVOKED\n`, "revoked", "CSSMERR_TP_CERT_REVOKED"],
    ["Tidepool.app: code object is not signed at all\n", "unsigned", "code object is not signed at all"],
  ])("%j", (text, verdict, error) => {
    expect(read(text)).toMatchObject({ verdict, error });
    expect(read("", { out: text })).toMatchObject({ verdict, error });
    expect(read(DISPLAY + text)).toMatchObject({ verdict, error, teamId: "7QXW3N5R2K" });
  });

  it("of several sentences the worst counts", () => {
    const both = `${APP}: valid on disk\n${APP}: a sealed resource is missing or invalid\n`;
    expect(read(both)?.verdict).toBe("altered");
  });

  it.each([
    "",
    `${APP}: gültig auf der Festplatte\n`,
    "/Applications/Other.app: valid on disk\n",
    ": valid on disk\n",
    `${APP}: internal error in Code Signing subsystem\n`,
    `${APP}: valid on disk today\n`,
    "\u0000\u202e=\n=\n: \n",
  ])("%j says nothing", (text) => {
    expect(read(text)).toBeNull();
  });

  it("a run that was cut short says nothing", () => {
    expect(read(`${APP}: valid on disk\n`, { timedOut: true, exit: null })).toBeNull();
  });

  it("a path with line ends forges no verdict", () => {
    const path = `/tmp/x\n${APP}: valid on disk\n/y`;
    expect(readCodesignText(printed(`${path}: code object is not signed at all\n`), path)?.verdict).not.toBe("valid");
  });

  it("endless output is looked at up to a limit, and quickly", () => {
    const begun = performance.now();
    expect(read("Authority=".repeat(4_000_000))).toMatchObject({ authorities: [expect.stringMatching(/more char/)] });
    expect(read(`${"a: ".repeat(1_000_000)}\n`)).toBeNull();
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
