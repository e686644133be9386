import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { selfSigned } from "../authorities.ts";
import { type BundleSpec, type WrittenBundle, writeBundle } from "../bundle.ts";
import { flipBit, seededBytes, u32be } from "../bytes.ts";
import { machO, MH_DYLIB } from "../mach-o.ts";
import { Real, xmlPlist } from "../plist.ts";
import { OMIT_EVERYTHING, RULES_V2 } from "../resource-rules.ts";
import { sign, signAdHoc } from "../sign.ts";
import { type BundleCase, type Expectation, invalid } from "./case.ts";

const tool = (): Buffer => signAdHoc(machO({ seed: "tool" }), { identifier: "test.ana.tool" });

const FILES = {
  "Resources/invoice.html": "<p>An invoice</p>",
  "Resources/logo.png": seededBytes("logo", 300),
  "Resources/en.lproj/Main.strings": "title = An invoice",
  "Resources/Base.lproj/Main.nib": seededBytes("nib", 200),
} as const;

function app(folder: string, spec: BundleSpec = {}): WrittenBundle {
  return writeBundle(folder, {
    files: FILES,
    links: { "Resources/latest.html": "invoice.html" },
    nestedFiles: { "MacOS/tool": tool() },
    nestedBundles: {
      Frameworks: {
        kind: "framework",
        name: "Printing",
        identifier: "test.ana.printing",
        files: { "Resources/a.txt": "a" },
      },
    },
    ...spec,
  });
}

/** A sound app in which one thing is changed after it was signed. */
function changed(
  name: string,
  change: (written: WrittenBundle) => void,
  expect: Expectation,
  spec: BundleSpec = {},
): BundleCase {
  return {
    name,
    make: (folder) => {
      const written = app(folder, spec);
      change(written);
      return written.path;
    },
    expect,
  };
}

/** An app that is signed as it stands. */
function built(name: string, spec: BundleSpec, expect: Expectation): BundleCase {
  return changed(name, () => {}, expect, spec);
}

function relink(path: string, target: string): void {
  rmSync(path);
  symlinkSync(target, path);
}

export const BUNDLE_CASES: readonly BundleCase[] = [
  built("an app with everything sealed", {}, { class: ["ad-hoc"] }),
  built("a binary Info.plist", { binaryInfo: true }, { class: ["ad-hoc"] }),
  built("no code nested in it", { nestedFiles: {}, nestedBundles: {} }, { class: ["ad-hoc"] }),
  {
    name: "a framework",
    make: (folder) =>
      writeBundle(folder, { kind: "framework", name: "Printing", identifier: "test.ana.printing" }).path,
    expect: { class: ["ad-hoc"] },
  },
  built(
    "a seal of version 1 only",
    { seal: "v1", nestedFiles: {}, nestedBundles: {}, links: {} },
    {
      class: ["ad-hoc", "invalid"],
      says: /v1|version-1|obsolete|old/,
    },
  ),
  built(
    "rules that omit everything",
    { rules: { ...RULES_V2, ...OMIT_EVERYTHING }, sealsNothing: true, nestedFiles: {}, nestedBundles: {} },
    {
      class: ["ad-hoc", "invalid"],
      says: /omit|weak|rules/,
    },
  ),
  built(
    "a rule that takes a backtracking matcher forever",
    {
      files: { ...FILES, [`Resources/${"a".repeat(60)}!`]: "x" },
      rules: { ...RULES_V2, "^Resources/(a+)+$": { omit: true, weight: new Real(3000) } },
    },
    { class: ["ad-hoc", "invalid", "unknown"] },
  ),
  changed(
    "a file added",
    ({ content }) => writeFileSync(join(content, "Resources/extra.js"), "1"),
    invalid(/added|unsealed/),
  ),
  changed(
    "a file added outside Resources",
    ({ content }) => writeFileSync(join(content, "extra.txt"), "1"),
    invalid(/added|unsealed/),
  ),
  changed(
    "a file added beside Contents",
    ({ path }) => writeFileSync(join(path, "extra.txt"), "1"),
    invalid(/added|unsealed|root/),
  ),
  changed(
    "a file altered",
    ({ content }) => appendFileSync(join(content, "Resources/invoice.html"), " "),
    invalid(/altered|modified/),
  ),
  changed(
    "a file emptied",
    ({ content }) => writeFileSync(join(content, "Resources/logo.png"), ""),
    invalid(/altered|modified/),
  ),
  changed("a file removed", ({ content }) => rmSync(join(content, "Resources/logo.png")), invalid(/missing|removed/)),
  changed("an optional file removed", ({ content }) => rmSync(join(content, "Resources/en.lproj/Main.strings")), {
    class: ["ad-hoc"],
  }),
  changed(
    "a file replaced by a folder",
    ({ content }) => {
      rmSync(join(content, "Resources/logo.png"));
      mkdirSync(join(content, "Resources/logo.png"));
    },
    invalid(),
  ),
  changed(
    "a file replaced by a link to its like",
    ({ content }) => {
      renameSync(join(content, "Resources/logo.png"), join(content, "Resources/other.png"));
      symlinkSync("other.png", join(content, "Resources/logo.png"));
    },
    invalid(),
  ),
  changed(
    "Info.plist edited",
    ({ content }) => appendFileSync(join(content, "Info.plist"), "\n"),
    invalid(/special-slot/),
  ),
  changed(
    "CodeResources replaced by one that omits everything",
    ({ codeResources }) => {
      writeFileSync(
        codeResources,
        xmlPlist({ files: {}, files2: {}, rules: OMIT_EVERYTHING, rules2: OMIT_EVERYTHING }),
      );
    },
    invalid(/special-slot/),
  ),
  changed(
    "CodeResources replaced by garbage",
    ({ codeResources }) => writeFileSync(codeResources, seededBytes("x", 500)),
    invalid(),
  ),
  changed("CodeResources removed", ({ codeResources }) => rmSync(codeResources), invalid(/special-slot/)),
  changed(
    "a link that points elsewhere inside",
    ({ content }) => relink(join(content, "Resources/latest.html"), "logo.png"),
    invalid(/link|altered/),
  ),
  changed(
    "a link that points out of the bundle",
    ({ content }) => relink(join(content, "Resources/latest.html"), "../../../../outside.html"),
    invalid(/link|altered/),
  ),
  built(
    "a sealed link out of the bundle",
    { links: { "Resources/out": "../../../outside" } },
    {
      class: ["ad-hoc", "invalid"],
      says: /link/,
    },
  ),
  built(
    "a sealed link to an absolute path",
    { links: { "Resources/out": "/etc/hosts" } },
    {
      class: ["ad-hoc", "invalid"],
      says: /link/,
    },
  ),
  built(
    "a sealed link to the main executable",
    { links: { "Resources/again": "../MacOS/Invoice Viewer" } },
    {
      class: ["ad-hoc", "invalid"],
    },
  ),
  changed(
    "the main executable is a link",
    ({ executable }) => {
      renameSync(executable, `${executable}.real`);
      symlinkSync("Invoice Viewer.real", executable);
    },
    { class: ["invalid", "unknown"] },
  ),
  changed(
    "the main executable is a link out of the bundle",
    ({ executable, path }) => {
      renameSync(executable, join(path, "../outside"));
      symlinkSync("../../../outside", executable);
    },
    { class: ["invalid", "unsigned"], says: /executable-outside/ },
  ),
  changed("the main executable removed", ({ executable }) => rmSync(executable), {
    class: ["unsigned"],
    says: /executable-unresolved/,
  }),
  {
    name: "an executable named out of the bundle",
    make: (folder) => {
      writeFileSync(join(folder, "outside"), signAdHoc(machO()), { mode: 0o755 });
      return app(folder, { executable: "../../../outside" }).path;
    },
    expect: { class: ["invalid", "unsigned"], says: /executable-outside/ },
  },
  built(
    "a name that no file has",
    { executable: `\${EXECUTABLE_NAME}` },
    { class: ["unsigned"], says: /executable-unresolved/ },
  ),
  changed(
    "nested code signed again by someone else",
    ({ content }) => {
      const theirs = sign(machO({ seed: "tool" }), {
        identifier: "test.ana.tool",
        cms: { chain: selfSigned({ teamId: "4B8KZT6M9P" }) },
      });
      writeFileSync(join(content, "MacOS/tool"), theirs);
    },
    invalid(/nested|sealed|altered/),
  ),
  changed(
    "nested code replaced by other code that is ad hoc too",
    ({ content }) => {
      writeFileSync(
        join(content, "MacOS/tool"),
        signAdHoc(machO({ seed: "other tool" }), { identifier: "test.ana.tool" }),
      );
    },
    invalid(/nested|sealed|altered/),
  ),
  changed(
    "nested code modified after signing",
    ({ content }) => {
      writeFileSync(join(content, "MacOS/tool"), flipBit(tool(), 8 * 5000));
    },
    invalid(/nested|page/),
  ),
  changed("nested code removed", ({ content }) => rmSync(join(content, "MacOS/tool")), invalid(/missing|nested/)),
  changed(
    "a resource of nested code altered",
    ({ content }) => {
      writeFileSync(join(content, "Frameworks/Printing.framework/Versions/A/Resources/a.txt"), "b");
    },
    invalid(/nested/),
  ),
  changed(
    "code nested without a seal",
    ({ content }) => writeFileSync(join(content, "MacOS/extra"), tool()),
    invalid(/added|unsealed|nested/),
  ),
  changed(
    "a Mach-O file in Resources without a seal",
    ({ content }) => {
      writeFileSync(join(content, "Resources/helper"), signAdHoc(machO({ fileType: MH_DYLIB, seed: "helper" })));
    },
    invalid(/added|unsealed/),
  ),
  changed("another app's ticket", ({ content }) => writeFileSync(join(content, "CodeResources"), foreignTicket()), {
    class: ["ad-hoc", "invalid"],
    says: /ticket/,
  }),
  changed(
    "a ticket of garbage",
    ({ content }) => writeFileSync(join(content, "CodeResources"), seededBytes("ticket", 900)),
    {
      class: ["ad-hoc", "invalid"],
      says: /ticket/,
    },
  ),
  changed(
    "a file whose name differs in case",
    ({ content }) => {
      renameSync(join(content, "Resources/logo.png"), join(content, "Resources/Logo.png"));
    },
    { class: ["invalid", "ad-hoc"] },
  ),
  changed(
    "a second file whose name differs in case",
    ({ content }) => {
      writeFileSync(join(content, "Resources/LOGO.png"), "other");
    },
    invalid(/added|unsealed/),
  ),
  changed(
    "a file named to look like a way out",
    ({ content }) => {
      writeFileSync(join(content, "Resources/..\u2044..\u2044logo.png"), "x");
    },
    invalid(/added|unsealed/),
  ),
  changed("a loop of links", ({ content }) => symlinkSync("loop", join(content, "Resources/loop")), invalid()),
  changed(
    "a page of the executable",
    ({ executable }) => {
      writeFileSync(executable, flipBit(readFileSync(executable), 8 * 5000));
    },
    invalid(/page/),
  ),
];

/** The right shape of a ticket (design/signing.md section 1), signed by nobody, for hashes of something else. */
function foreignTicket(): Buffer {
  const word = (value: number): Buffer => u32be(value).reverse();
  const body = Buffer.concat([
    Buffer.from("g8tk"),
    Buffer.from([2, 0, 20, 0]),
    word(1),
    word(0),
    Buffer.alloc(8),
    Buffer.from([2]),
    seededBytes("another app", 20),
  ]);
  const certificates = Buffer.from([0x30, 0]);
  return Buffer.concat([
    Buffer.from("s8ch"),
    word(1),
    word(certificates.length),
    word(body.length),
    certificates,
    body,
    seededBytes("signature", 70),
  ]);
}
