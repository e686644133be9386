import { describe, expect, it } from "vitest";
import {
  checkBundle,
  type Entries,
  MACHO,
  makeApp,
  plist,
  RULES_V1,
  RULES_V2,
  sealFile,
  sealFileV1,
  sealsOf,
  writeEntries,
} from "./sealed-bundle.fixture.ts";

const RESOURCES: Entries = {
  "Resources/icon.icns": "icon",
  "Resources/Base.lproj/Main.nib": "nib",
  "Resources/de.lproj/Main.strings": "zeichen",
  "version.plist": "1",
};

describe("rules", () => {
  const check = (rules: Parameters<typeof sealFile>[1]) =>
    checkBundle(makeApp(RESOURCES), { seal: sealFile(sealsOf(RESOURCES), rules) });

  it("that leave out everything or more than Apple allows are bad, whatever the files are", () => {
    expect(check({}).ids[0]).toBe("rules-omit-everything");
    expect(check({ "^.*": { omit: true } }).ids.slice(0, 2)).toEqual(["rules-omit-everything", "rules-omit-code"]);
    expect(check({ ...RULES_V2, "^MacOS/": { omit: true, weight: 3000 } }).ids).toEqual(["rules-omit-code"]);
    expect(check({ ...RULES_V2, "^Resources/x$": false }).ids).toEqual(["rules-omit-code"]);
    expect(check({ ...RULES_V2, "^.*": { weight: 1 } }).ids).toEqual(["rules-omit-everything"]);
    expect(check({ ...RULES_V2, "^.*": { optional: true } }).ids).toEqual(["rules-omit-everything"]);
  });

  it("that are not understood leave nothing out and keep the result from being good", () => {
    const included = check({ ...RULES_V2, "^x{2}": true });
    expect(included).toMatchObject({ status: "not-checked", noteIds: ["rule-not-understood"] });
    const seal = sealFile(sealsOf(RESOURCES), { ...RULES_V2, "^(Resources){1}/.*": { omit: true, weight: 9999 } });
    const root = makeApp(RESOURCES);
    writeEntries(root, { "Contents/Resources/new": "x" });
    expect(checkBundle(root, { seal }).ids).toEqual(["rules-omit-code", "resource-added"]);
  });

  it("that mean nothing are bad", () => {
    expect(check({ ...RULES_V2, x: "y" }).ids).toEqual(["rules-malformed"]);
    expect(check({ ...RULES_V2, x: { weight: -1 } }).ids).toEqual(["rules-malformed"]);
    expect(check({ ...RULES_V2, x: { omit: "yes" } }).ids).toEqual(["rules-malformed"]);
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`^${i}`, true]));
    expect(check({ ...RULES_V2, ...many }).ids).toEqual(["rules-too-many"]);
  });
});

describe("a seal that cannot be used", () => {
  it.each([
    ["no property list", Buffer.from("x"), "plist-not-a-plist"],
    ["no dictionary", plist("x"), "code-resources-malformed"],
    ["no old rules", plist({ files2: {}, rules2: RULES_V2 }), "code-resources-malformed"],
    ["no new rules", plist({ files: {}, rules: RULES_V1, files2: {} }), "code-resources-malformed"],
    ["wrong types", plist({ files: {}, rules: RULES_V1, files2: "x", rules2: RULES_V2 }), "code-resources-malformed"],
  ])("%s", (_name, seal, id) => {
    const result = checkBundle(makeApp(RESOURCES), { seal });
    expect(result).toMatchObject({ status: "bad", rulesVersion: null });
    expect(result.ids).toEqual([id]);
  });

  it("absent is not good", () => {
    expect(checkBundle(makeApp(RESOURCES), { seal: null })).toMatchObject({ status: "absent", problems: [] });
  });
});

describe("an old seal (version 1)", () => {
  const OLD = { "Resources/icon.icns": "icon" };
  const app = (contents: Entries) => makeApp({ ...OLD, ...contents });

  it("is good with a note", () => {
    const result = checkBundle(app({}), { seal: sealFileV1(OLD) });
    expect(result).toMatchObject({ status: "ok", rulesVersion: 1, noteIds: ["resources-v1-only"] });
  });

  it("covers Resources only, and says when code is elsewhere", () => {
    expect(checkBundle(app({ "Resources/x": "x" }), { seal: sealFileV1(OLD) }).ids).toEqual(["resource-added"]);
    expect(checkBundle(app({ other: "x" }), { seal: sealFileV1(OLD) }).status).toBe("ok");
    const code = checkBundle(app({ "Frameworks/A.framework/A": MACHO }), { seal: sealFileV1(OLD) });
    expect(code).toMatchObject({ status: "not-checked", noteIds: ["resources-v1-only", "unsealed-code-v1"] });
  });

  it("knows no links", () => {
    expect(checkBundle(app({ "Resources/l": { link: "x" } }), { seal: sealFileV1(OLD) }).status).toBe("ok");
  });

  it("with weak rules is bad", () => {
    expect(checkBundle(app({}), { seal: sealFileV1(OLD, {}) }).ids).toEqual(["rules-omit-everything"]);
  });
});
