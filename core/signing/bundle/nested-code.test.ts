import { describe, expect, it } from "vitest";
import { ReadFault } from "../problem.ts";
import {
  checkBundle,
  type Entries,
  GOOD_NESTED,
  GOOD_SLICE,
  MACHO,
  makeApp,
  NESTED_SEAL,
  sealsOf,
} from "./sealed-bundle.fixture.ts";

const OTHER_SLICE = { cdhashes: ["33".repeat(20)], designated: 'identifier "com.example.helper" and anchor x' };

const RESOURCES: Entries = {
  "Resources/icon.icns": "icon",
  "Resources/Base.lproj/Main.nib": "nib",
  "Resources/de.lproj/Main.strings": "zeichen",
  "version.plist": "1",
};

describe("code inside", () => {
  const NESTED = {
    ...sealsOf(RESOURCES),
    "Frameworks/Print.framework": NESTED_SEAL,
    "MacOS/helper": NESTED_SEAL,
  };
  const FILES: Entries = {
    ...RESOURCES,
    "Frameworks/Print.framework/Versions/A/Print": MACHO,
    "Frameworks/Print.framework/Versions/Current": { link: "A" },
    "MacOS/helper": MACHO,
  };
  const nested = (facts: Partial<typeof GOOD_NESTED>) =>
    checkBundle(makeApp(FILES, NESTED), { inspectNested: () => ({ ...GOOD_NESTED, ...facts }) });

  it("is good when it is the code that was sealed", () => {
    expect(nested({})).toMatchObject({
      status: "ok",
      counts: { sealed: 4, nested: 2 },
      nested: [
        { path: "Contents/MacOS/helper", class: "developer-id", sealed: "ok" },
        { path: "Contents/Frameworks/Print.framework", class: "developer-id", sealed: "ok" },
      ],
    });
  });

  it("is good when it satisfies the sealed requirement in another build", () => {
    expect(nested({ slices: [{ ...GOOD_SLICE, cdhashes: ["33".repeat(20)] }] }).status).toBe("ok");
    expect(nested({ slices: [{ ...GOOD_SLICE, designated: null }] }).status).toBe("ok");
  });

  it("is bad when signed by someone else", () => {
    const other = nested({ slices: [OTHER_SLICE] });
    expect(other.ids).toEqual(["nested-code-replaced", "nested-code-replaced"]);
    expect(other.nested.map(({ sealed }) => sealed)).toEqual(["bad", "bad"]);
    expect(nested({ class: "unsigned", slices: [] }).status).toBe("bad");
  });

  it("is bad when only one of its architectures is what was sealed", () => {
    expect(nested({ slices: [GOOD_SLICE, OTHER_SLICE] }).ids).toContain("nested-code-replaced");
    expect(nested({ slices: [OTHER_SLICE, GOOD_SLICE] }).ids).toContain("nested-code-replaced");
    const another = { ...GOOD_SLICE, cdhashes: ["33".repeat(20)] };
    expect(nested({ slices: [GOOD_SLICE, another] }).status).toBe("ok");
  });

  it("is not good when it cannot be told whether it satisfies the requirement", () => {
    const untold = { ...OTHER_SLICE, satisfies: () => null };
    expect(nested({ slices: [GOOD_SLICE, untold] })).toMatchObject({ status: "not-checked", ids: [] });
  });

  it("is bad when its own signature is invalid", () => {
    expect(nested({ class: "invalid" }).ids).toEqual(["nested-code-invalid", "nested-code-invalid"]);
  });

  it("is not good when it could not be looked at", () => {
    const problems = [{ id: "read-eacces", message: "Permission to read it was denied." }];
    expect(nested({ class: "unknown", problems })).toMatchObject({ status: "not-checked", ids: [] });
    const thrown = checkBundle(makeApp(FILES, NESTED), {
      inspectNested: () => {
        throw new ReadFault("read-eacces", "Permission to read it was denied.");
      },
    });
    expect(thrown).toMatchObject({ status: "not-checked", noteIds: ["nested-not-checked"] });
    expect(thrown.nested[0]).toMatchObject({ class: "unknown", sealed: "not-checked", problems });
  });

  it("is not looked at beyond sixteen bundles in one another", () => {
    const inspectNested = () => expect.unreachable("too deep");
    const result = checkBundle(makeApp(FILES, NESTED), { inspectNested, nesting: 16 });
    expect(result).toMatchObject({ status: "not-checked", counts: { nested: 2 }, nested: [] });
  });

  it("may be named by its code hashes alone, as ad hoc signed code is", () => {
    const requirement = `cdhash H"${"44".repeat(20)}" or cdhash H"${"11".repeat(20)}"`;
    const seal = { ...sealsOf(RESOURCES), "MacOS/helper": { requirement } };
    const app = makeApp({ ...RESOURCES, "MacOS/helper": MACHO }, seal);
    const inspectNested = () => ({ ...GOOD_NESTED, slices: [{ ...GOOD_SLICE, designated: null }] });
    expect(checkBundle(app, { inspectNested }).status).toBe("ok");
    const mixed = { ...sealsOf(RESOURCES), "MacOS/helper": { requirement: `${requirement} or anchor apple` } };
    const other = makeApp({ ...RESOURCES, "MacOS/helper": MACHO }, mixed);
    expect(checkBundle(other, { inspectNested }).status).toBe("bad");
  });

  it("in every version of a framework must be what was sealed", () => {
    const root = makeApp({ ...FILES, "Frameworks/Print.framework/Versions/B/Print": MACHO }, NESTED);
    const result = checkBundle(root, {
      inspectNested: (path) => (path.endsWith("/B") ? { ...GOOD_NESTED, slices: [] } : GOOD_NESTED),
    });
    expect(result.ids).toEqual(["framework-version-unsealed"]);
    expect(checkBundle(root).status).toBe("ok");
  });

  it("that is sealed as a file is compared as a file, and as a link or folder is changed", () => {
    const script = { ...RESOURCES, "MacOS/tool.sh": "#!/bin/sh\n" };
    expect(checkBundle(makeApp(script)).status).toBe("ok");
    expect(checkBundle(makeApp(script, { ...sealsOf(script), "MacOS/tool.sh": { symlink: "x" } })).ids).toEqual([
      "resource-changed-type",
    ]);
    const linked = { ...RESOURCES, "MacOS/helper": { link: "Invoice Viewer" } };
    expect(checkBundle(makeApp(linked, { ...sealsOf(RESOURCES), "MacOS/helper": NESTED_SEAL })).ids).toEqual([
      "resource-changed-type",
    ]);
    const folder = { ...RESOURCES, "PlugIns/x.appex/x": MACHO };
    expect(
      checkBundle(makeApp(folder, { ...sealsOf(RESOURCES), "PlugIns/x.appex": { hash2: Buffer.alloc(32) } })).ids,
    ).toEqual(["resource-changed-type"]);
  });

  it("that is missing is missing", () => {
    const result = checkBundle(makeApp(RESOURCES, NESTED));
    expect(result).toMatchObject({ status: "bad", counts: { missing: 2 } });
  });
});
