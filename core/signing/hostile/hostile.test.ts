import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { time } from "#tools/signing/certificate.ts";
import { BUNDLE_CASES } from "#tools/signing/hostile/bundles.ts";
import { HOSTILE_CASES } from "#tools/signing/hostile/cases.ts";
import { machO } from "#tools/signing/mach-o.ts";
import { complaint } from "#tools/signing/said.ts";
import { signAdHoc } from "#tools/signing/sign.ts";
import { inspectBytes, inspectFile } from "../inspect.ts";

const NOW = time("2026-11-21T10:00:00Z");
/** What catches an endless loop; a busy machine must not. */
const HANG_MS = 30_000;
describe.each(Object.entries(HOSTILE_CASES))("%s", (_group, cases) => {
  it.each(cases)("$name", { timeout: HANG_MS }, ({ make, expect: expected }) => {
    expect(complaint(inspectBytes(make(), { depth: "full", now: NOW }), expected)).toBeNull();
  });
});

describe("entitlements", () => {
  it("names what the DER form asks for, which is what macOS goes by, also when the XML form is silent", () => {
    const image = signAdHoc(machO(), {
      entitlements: { "com.apple.security.app-sandbox": true },
      derEntitlements: { "com.apple.security.cs.disable-library-validation": true },
    });
    const [slice] = inspectBytes(image, { depth: "full", now: NOW }).slices;
    expect(slice?.entitlements).toContainEqual({
      key: "com.apple.security.cs.disable-library-validation",
      value: "true",
      weakens: expect.stringMatching(/./) as string,
    });
  });
});

describe("bundles", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sealbar-hostile-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(BUNDLE_CASES)("$name", { timeout: HANG_MS }, ({ make, expect: expected }) => {
    expect(complaint(inspectFile(make(folder), { depth: "deep", now: NOW }), expected)).toBeNull();
  });
});
