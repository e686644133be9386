import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HELPERS, neededFor, refuseIfMissing } from "./before-pack.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "sealbar-pack-"));
  for (const { file } of needed()) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), "x", { mode: 0o755 });
  }
});
afterEach(() => rmSync(root, { recursive: true }));

const needed = () => neededFor("arm64", HELPERS);
const HELPER = "native/build/darwin-arm64/sealbar-helper";

describe("refuseIfMissing", () => {
  it("lets a complete build through", () => {
    expect(() => refuseIfMissing(root, needed())).not.toThrow();
  });

  it("names everything that is missing, and how to get it", () => {
    rmSync(path.join(root, HELPER));
    rmSync(path.join(root, "out/preload/preload.cjs"));
    expect(() => refuseIfMissing(root, needed())).toThrow(
      /^out\/preload\/preload\.cjs is missing: .+\.\nnative\/build\/darwin-arm64\/sealbar-helper is missing: .+\.$/,
    );
  });

  it("refuses a helper that cannot be run", () => {
    chmodSync(path.join(root, HELPER), 0o644);
    expect(() => refuseIfMissing(root, needed())).toThrow("sealbar-helper is missing");
  });

  it("asks for the helper of the architecture that is packed", () => {
    expect(() => refuseIfMissing(root, neededFor("x64", HELPERS))).toThrow("darwin-x64/sealbar-helper is missing");
  });
});
