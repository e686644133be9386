import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  APP_BASE,
  checkBundle,
  type Entries,
  makeApp,
  makeBundle,
  sealFile,
  sealsOf,
  writeEntries,
} from "./sealed-bundle.fixture.ts";

const RESOURCES: Entries = {
  "Resources/icon.icns": "icon",
  "Resources/Base.lproj/Main.nib": "nib",
  "Resources/de.lproj/Main.strings": "zeichen",
  "version.plist": "1",
};

describe("links", () => {
  const check = (link: string, contents: Entries = {}, sealed: string = link) => {
    const all = { ...RESOURCES, ...contents };
    return checkBundle(
      makeApp({ ...all, "Resources/link": { link } }, { ...sealsOf(all), "Resources/link": { symlink: sealed } }),
    );
  };

  it.each<[string, string[]]>([
    ["icon.icns", []],
    ["../version.plist", []],
    ["../Resources", []],
    ["../MacOS/Invoice Viewer", []],
    ["/System/Library/Fonts", []],
    ["/Library/Fonts/x", []],
    ["/System/../private/tmp/x", ["symlink-outside-bundle"]],
    ["/System/", ["symlink-outside-bundle"]],
    ["/tmp/evil", ["symlink-outside-bundle"]],
    ["../../..", ["symlink-outside-bundle"]],
    ["../../x", ["symlink-outside-bundle"]],
    ["nothing", ["symlink-broken"]],
    ["link", ["symlink-broken"]],
    ["../_CodeSignature/CodeResources", ["symlink-to-unsealed"]],
    ["../Info.plist", ["symlink-to-unsealed"]],
  ])("to %s", (target, ids) => {
    const result = check(target);
    expect(result.ids).toEqual(ids);
    expect(result.counts.sealed).toBe(5);
  });

  it("that lead elsewhere than when sealed are bad", () => {
    expect(check("icon.icns", {}, "other").ids).toEqual(["symlink-retargeted"]);
  });

  it("are followed through other links, never out", () => {
    const away = { "Resources/away": { link: "/tmp" } };
    expect(check("away/x", away).ids).toEqual(["symlink-outside-bundle", "symlink-outside-bundle"]);
    const round = { "Resources/a": { link: "b" }, "Resources/b": { link: "a" } };
    expect(new Set(check("a", round).ids)).toEqual(new Set(["symlink-broken"]));
  });

  it("to folders are not gone into", () => {
    const root = makeApp({ ...RESOURCES, "Resources/all": { link: "." } });
    expect(checkBundle(root)).toMatchObject({ status: "ok", counts: { sealed: 5 } });
  });

  it("may lead into the bundle around", () => {
    const outer = makeBundle("Outer.app", { "Contents/Frameworks/lib": "x" });
    const inside = join(outer, "Contents/Inner.app");
    writeEntries(inside, { ...APP_BASE, "Contents/lib": { link: "../../Frameworks/lib" } });
    const seal = sealFile({ lib: { symlink: "../../Frameworks/lib" } });
    expect(checkBundle(inside, { seal }).ids).toEqual(["symlink-outside-bundle"]);
    expect(checkBundle(inside, { seal, outerRoots: [join(outer, "Contents")] }).status).toBe("ok");
  });
});
