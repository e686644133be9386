import { mkdirSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { enclosingBundleOf } from "./enclosing-bundle.ts";
import { resolveBundle } from "./resolve-bundle.ts";
import {
  APP_BASE,
  type Entries,
  infoPlist,
  layoutOf,
  MACHO,
  makeBundle,
  plist,
  readSeal,
  sealFile,
  temporaryFolder,
} from "./sealed-bundle.fixture.ts";

/** A binary property list of one key, written by hand: {"CFBundleExecutable": "x"}. */
const BINARY_INFO = Buffer.concat([
  Buffer.from("bplist00"),
  Buffer.from([0xd1, 1, 2]),
  Buffer.from([0x5f, 0x10, 18]),
  Buffer.from("CFBundleExecutable"),
  Buffer.from([0x51, 0x78]),
  Buffer.from([8, 11, 32]),
  Buffer.from([0, 0, 0, 0, 0, 0, 1, 1]),
  Buffer.from("000000000000000300000000000000000000000000000022", "hex"),
]);

function resolve(name: string, entries: Entries) {
  const layout = layoutOf(makeBundle(name, entries));
  return { ...layout, ids: layout.problems.map(({ id }) => id), noteIds: layout.notes.map(({ id }) => id) };
}

describe("the layout of a bundle", () => {
  it("modern: everything in Contents", () => {
    const layout = resolve("Invoice Viewer.app", {
      ...APP_BASE,
      "Contents/_CodeSignature/CodeResources": sealFile({}),
      "Contents/CodeResources": "s8ch",
      "Contents/MacOS/decoy": MACHO,
    });
    expect(layout).toMatchObject({
      style: "modern",
      contents: "Contents",
      contentsDir: join(layout.root, "Contents"),
      kind: "app",
      identifier: "com.example.invoice-viewer",
      version: "2.4",
      executable: {
        relative: "Contents/MacOS/Invoice Viewer",
        absolute: join(layout.root, "Contents/MacOS/Invoice Viewer"),
      },
      executableKey: "MacOS/Invoice Viewer",
      signedFile: null,
      detachedSignature: null,
      codeResources: { relative: "Contents/_CodeSignature/CodeResources" },
      ticket: { relative: "Contents/CodeResources" },
      ids: [],
      noteIds: [],
    });
    expect(layout.infoPlist?.bytes).toEqual(infoPlist());
    expect(readSeal(layout)).toEqual(sealFile({}));
  });

  it("shallow, as on iOS", () => {
    const layout = resolve("Viewer.app", {
      "Info.plist": infoPlist({ CFBundleExecutable: "Viewer" }),
      Viewer: MACHO,
      "_CodeSignature/CodeResources": "x",
    });
    expect(layout).toMatchObject({ style: "shallow", contents: "", executableKey: "Viewer", ids: [] });
    expect(layout.executable?.relative).toBe("Viewer");
    expect(layout.codeResources?.relative).toBe("_CodeSignature/CodeResources");
  });

  it("of a framework: the current version", () => {
    const entries: Entries = {
      "Versions/A/Print": MACHO,
      "Versions/A/Resources/Info.plist": plist({ CFBundleExecutable: "Print", CFBundleVersion: "7" }),
      "Versions/B/Print": "x",
      "Versions/Current": { link: "A" },
      Print: { link: "Versions/Current/Print" },
    };
    const layout = resolve("Print.framework", entries);
    expect(layout).toMatchObject({
      style: "versioned",
      kind: "framework",
      version: "7",
      executableKey: "Print",
      ids: [],
    });
    expect(layout.executable?.relative).toBe("Versions/A/Print");
    expect(resolveBundle(join(layout.root, "Versions/A"))).toMatchObject({ style: "shallow", kind: "framework" });
  });

  it.each([
    ["a binary Info.plist", BINARY_INFO, "x"],
    ["an XML Info.plist", plist({ CFBundleExecutable: "x" }), "x"],
  ])("with %s", (_name, info, name) => {
    const layout = resolve("B.bundle", { "Contents/Info.plist": info, [`Contents/MacOS/${name}`]: MACHO });
    expect(layout.executable?.relative).toBe(`Contents/MacOS/${name}`);
  });

  it("old seals leave a link where a ticket would be", () => {
    const layout = resolve("Invoice Viewer.app", {
      ...APP_BASE,
      "Contents/_CodeSignature/CodeResources": "x",
      "Contents/CodeResources": { link: "_CodeSignature/CodeResources" },
    });
    expect(layout).toMatchObject({ ticket: null, ids: [] });
  });

  it("is known by its build when its name says nothing", () => {
    expect(resolve("Invoice Viewer", APP_BASE)).toMatchObject({ kind: "bundle", style: "modern" });
    const app = makeBundle("A.app", APP_BASE);
    expect(resolveBundle(join(app, "Contents"))).toBeNull();
    expect(resolveBundle(join(app, "Contents/MacOS"))).toBeNull();
    expect(resolveBundle(makeBundle("notes", { "Info.plist": infoPlist(), "Invoice Viewer": "x" }))).toBeNull();
    expect(resolveBundle(makeBundle("v1.2", { x: "x" }))).toBeNull();
    expect(resolveBundle(join(app, "nothing"))).toBeNull();
    expect(resolveBundle(join(app, "Contents/Info.plist"))).toBeNull();
    expect(resolveBundle(`${app}\0`)).toBeNull();
  });

  it("is found through a link to the bundle, and not through links in a circle", () => {
    const app = makeBundle("A.app", APP_BASE);
    const folder = temporaryFolder();
    symlinkSync(app, join(folder, "Other.app"));
    symlinkSync("Loop.app", join(folder, "Loop.app"));
    expect(resolveBundle(join(folder, "Other.app"))?.root).toBe(app);
    expect(resolveBundle(join(folder, "Loop.app"))).toBeNull();
  });
});

describe("an app for another system in its wrapper", () => {
  const inside = {
    "Wrapper/Viewer.app/Info.plist": infoPlist({ CFBundleExecutable: "Viewer" }),
    "Wrapper/Viewer.app/Viewer": MACHO,
  };

  it("is the app inside", () => {
    const layout = resolve("Viewer.app", { ...inside, WrappedBundle: { link: "Wrapper/Viewer.app" } });
    expect(layout).toMatchObject({ style: "shallow", executable: { relative: "Viewer" }, ids: [] });
    expect(layout.root.endsWith("/Wrapper/Viewer.app")).toBe(true);
  });

  it.each(["/Applications", "..", "."])("is not %s", (link) => {
    expect(resolveBundle(makeBundle("Viewer.app", { ...inside, WrappedBundle: { link } }))).toBeNull();
  });
});

describe("the main executable", () => {
  const app = (CFBundleExecutable: string, extra: Entries = {}) =>
    resolve("Invoice Viewer.app", { ...APP_BASE, "Contents/Info.plist": infoPlist({ CFBundleExecutable }), ...extra });

  it.each(["../../../../../../bin/sh", "/bin/sh", "../MacOS/Invoice Viewer", "a/../Invoice Viewer"])(
    "is never %s",
    (name) => expect(app(name)).toMatchObject({ executable: null, ids: ["executable-outside-bundle"] }),
  );

  it("is not outside by way of a link", () => {
    const link = app("x", { "Contents/MacOS/x": { link: "/bin/sh" } });
    expect(link).toMatchObject({ executable: null, ids: ["executable-outside-bundle"] });
    const climbing = app("x", { "Contents/MacOS/x": { link: "../../../../../bin/sh" } });
    expect(climbing).toMatchObject({ executable: null, ids: ["executable-outside-bundle"] });
    const folder = app("d/x", { "Contents/MacOS/d": { link: "/bin" } });
    expect(folder).toMatchObject({ executable: null, ids: ["executable-outside-bundle"] });
  });

  it("must be a plain file", () => {
    const link = app("x", { "Contents/MacOS/x": { link: "Invoice Viewer" } });
    expect(link).toMatchObject({ ids: ["executable-not-plain"] });
    expect(link.executable?.relative).toBe("Contents/MacOS/Invoice Viewer");
    expect(app("x", { "Contents/MacOS/x/y": "y" })).toMatchObject({ executable: null, ids: ["executable-not-plain"] });
  });

  it.each(["${EXECUTABLE_NAME}", "gone", "", "n".repeat(5000), "with\u0001control"])(
    "named %j does not exist: Info.plist is what is signed",
    (name) => {
      const layout = app(name, { "Contents/_CodeSignature/CodeDirectory": "x" });
      expect(layout).toMatchObject({
        executable: null,
        executableKey: "Info.plist",
        signedFile: { relative: "Contents/Info.plist" },
        noteIds: ["executable-unresolved"],
        ids: [],
      });
      expect(layout.detachedSignature).toBe(join(layout.contentsDir, "_CodeSignature"));
    },
  );

  it("has the bundle's name when Info.plist names none", () => {
    const entries = { ...APP_BASE, "Contents/Info.plist": plist({ CFBundleIdentifier: "com.example.x" }) };
    const layout = resolve("Invoice Viewer.app", entries);
    expect(layout.executable?.relative).toBe("Contents/MacOS/Invoice Viewer");
    expect(layout.noteIds).toEqual(["executable-by-bundle-name"]);
    const bare = resolve("Invoice Viewer.app", { "Contents/MacOS/Invoice Viewer": "#!/bin/sh" });
    expect(bare).toMatchObject({ infoPlist: null, noteIds: ["info-plist-missing", "executable-by-bundle-name"] });
  });

  it("of a widget is its page", () => {
    const page = resolve("Clock.wdgt", { "Info.plist": plist({ MainHTML: "Clock.html" }), "Clock.html": "<p>" });
    expect(page).toMatchObject({
      executable: null,
      signedFile: { relative: "Clock.html" },
      executableKey: "Clock.html",
    });
    const outside = resolve("Clock.wdgt", { "Info.plist": plist({ MainHTML: "../x.html" }) });
    expect(outside).toMatchObject({ signedFile: null, ids: ["executable-outside-bundle"] });
  });
});

describe("a bundle built to mislead", () => {
  it("with Contents as a link is not gone through", () => {
    const real = makeBundle("Real.app", APP_BASE);
    const layout = resolve("Fake.app", { Contents: { link: join(real, "Contents") } });
    expect(layout).toMatchObject({ executable: null, infoPlist: null, contents: "", ids: ["contents-outside-bundle"] });
  });

  it("with a framework version outside is refused", () => {
    const real = makeBundle("Print.framework", { Print: MACHO });
    const out = resolve("Fake.framework", { "Versions/Current": { link: real } });
    expect(out).toMatchObject({ executable: null, ids: ["contents-outside-bundle"] });
    expect(resolve("Fake.framework", { "Versions/Current": { link: ".." } }).ids).toContain("contents-outside-bundle");
  });

  it.each<[string, Entries, string]>([
    ["Info.plist as a link out", { "Contents/Info.plist": { link: "/etc/passwd" } }, "info-plist-not-plain"],
    [
      "Info.plist as a link within",
      { "Contents/Info.plist": { link: "Other.plist" }, "Contents/Other.plist": infoPlist() },
      "info-plist-not-plain",
    ],
    ["Info.plist as a folder", { "Contents/Info.plist/x": "x" }, "info-plist-not-plain"],
    ["Info.plist that is none", { "Contents/Info.plist": "x" }, "info-plist-malformed"],
    ["Info.plist without keys", { "Contents/Info.plist": plist("x") }, "info-plist-malformed"],
    ["Info.plist far too long", { "Contents/Info.plist": Buffer.alloc(17 * 1024 * 1024) }, "info-plist-too-large"],
  ])("%s", (_name, entries, id) => {
    expect(resolve("Fake.app", entries).ids).toContain(id);
  });

  it("with a seal that is a link or folder is refused", () => {
    const link = resolve("A.app", { ...APP_BASE, "Contents/_CodeSignature/CodeResources": { link: "/etc/passwd" } });
    expect(link).toMatchObject({ codeResources: null, ids: ["code-resources-not-plain"] });
    const away = resolve("A.app", { ...APP_BASE, "Contents/_CodeSignature": { link: "/etc" } });
    expect(away).toMatchObject({ codeResources: null, ids: ["code-resources-not-plain"] });
  });
});

describe("the bundle around a file", () => {
  const app = makeBundle("Invoice Viewer.app", { ...APP_BASE, "Contents/MacOS/helper": MACHO });
  const framework = makeBundle("Print.framework", {
    "Versions/A/Print": MACHO,
    "Versions/A/Resources/Info.plist": plist({ CFBundleExecutable: "Print" }),
    "Versions/Current": { link: "A" },
    Print: { link: "Versions/Current/Print" },
  });

  it("is known only to its main executable", () => {
    expect(enclosingBundleOf(join(app, "Contents/MacOS/Invoice Viewer"))?.root).toBe(app);
    expect(enclosingBundleOf(join(app, "Contents/MacOS/helper"))).toBeNull();
    expect(enclosingBundleOf(join(app, "Contents/PkgInfo"))).toBeNull();
    expect(enclosingBundleOf(join(app, "nothing"))).toBeNull();
  });

  it("is the framework, by whichever way one comes", () => {
    for (const path of ["Print", "Versions/A/Print", "Versions/Current/Print"])
      expect(enclosingBundleOf(join(framework, path))?.root).toBe(framework);
  });

  it("is a version that is not the current one by itself", () => {
    const other = makeBundle("Print.framework", {
      "Versions/A/Print": MACHO,
      "Versions/A/Resources/Info.plist": plist({ CFBundleExecutable: "Print" }),
      "Versions/B/Print": MACHO,
      "Versions/B/Resources/Info.plist": plist({ CFBundleExecutable: "Print" }),
      "Versions/Current": { link: "A" },
    });
    expect(enclosingBundleOf(join(other, "Versions/B/Print"))?.root).toBe(join(other, "Versions/B"));
  });

  it("is found for relative paths and paths with odd parts", () => {
    const path = join(app, "Contents/MacOS/Invoice Viewer");
    expect(enclosingBundleOf(relative(process.cwd(), path))?.root).toBe(app);
    mkdirSync(join(app, "Contents/x"), { recursive: true });
    expect(enclosingBundleOf(`${app}/Contents/x/../MacOS/Invoice Viewer`)?.root).toBe(app);
  });
});
