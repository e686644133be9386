import { chmodSync, chownSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { remove, temporaryFolder } from "./test-support.ts";
import { verifyBinary } from "./verify-binary.ts";
import { verifySocket } from "./verify-socket.ts";

const ME = process.getuid?.() ?? 0;
const SOMEBODY_ELSE = ME + 4242;

let folder: string;
let binary: string;

beforeEach(() => {
  folder = realpathSync(temporaryFolder());
  binary = join(folder, "sealbar-helper");
  writeFileSync(binary, "#!/bin/sh\n");
  chmodSync(binary, 0o755);
});

afterEach(() => {
  remove(folder);
});

function refusal(path: string = binary, uid = ME): string {
  const verified = verifyBinary(path, uid);
  return verified.ok ? "" : verified.reason;
}

describe("verifyBinary", () => {
  it("lets a file pass that only its owner can change, and gives its real path", () => {
    expect(verifyBinary(binary, ME)).toMatchObject({ ok: true, path: binary });
  });

  it("tells a replaced file by its stamp", () => {
    const before = verifyBinary(binary, ME);
    writeFileSync(join(folder, "other"), "#!/bin/sh\necho other\n");
    chmodSync(join(folder, "other"), 0o755);
    rmSync(binary);
    writeFileSync(binary, "#!/bin/sh\necho other\n", { mode: 0o755 });
    const after = verifyBinary(binary, ME);
    expect(before.ok && after.ok && before.stamp !== after.stamp).toBe(true);
  });

  it.each<[string, () => string, RegExp]>([
    ["a relative path", () => "sealbar-helper", /not absolute/],
    ["a missing file", () => join(folder, "gone"), /missing at/],
    ["a path below a file", () => join(binary, "deeper"), /missing at/],
    ["a folder", () => folder, /not a regular file/],
    [
      "a link",
      () => {
        symlinkSync(binary, join(folder, "link"));
        return join(folder, "link");
      },
      /not a regular file/,
    ],
    [
      "a file the group may change",
      () => {
        chmodSync(binary, 0o775);
        return binary;
      },
      /Other users may change/,
    ],
    [
      "a file everybody may change",
      () => {
        chmodSync(binary, 0o757);
        return binary;
      },
      /Other users may change/,
    ],
    [
      "a file without an execute bit",
      () => {
        chmodSync(binary, 0o644);
        return binary;
      },
      /cannot be executed \(EACCES\)/,
    ],
    [
      "a folder that everybody may change",
      () => {
        chmodSync(folder, 0o777);
        return binary;
      },
      /not in a safe place.*Every user may change the folder/,
    ],
    [
      "a way there by a link whose target everybody may change",
      () => {
        mkdirSync(join(folder, "open"));
        chmodSync(join(folder, "open"), 0o777);
        writeFileSync(join(folder, "open", "sealbar-helper"), "", { mode: 0o755 });
        symlinkSync(join(folder, "open"), join(folder, "way"));
        return join(folder, "way", "sealbar-helper");
      },
      /not in a safe place/,
    ],
  ])("refuses %s in one sentence", (_, path, reason) => {
    expect(refusal(path())).toMatch(reason);
  });

  it("refuses a file that belongs to neither root nor the user", () => {
    // Root's own files always pass, so root gives the file away instead of being somebody else.
    if (ME === 0) chownSync(binary, SOMEBODY_ELSE, SOMEBODY_ELSE);
    expect(refusal(binary, ME === 0 ? ME : SOMEBODY_ELSE)).toMatch(/belongs to another user/);
  });

  it("lets a sticky folder above pass", () => {
    chmodSync(folder, 0o1777);
    expect(refusal()).toBe("");
  });
});

describe("verifySocket", () => {
  let server: Server;
  let socket: string;

  beforeEach(async () => {
    chmodSync(folder, 0o755);
    socket = join(folder, "helper.sock");
    const { promise, resolve } = Promise.withResolvers<void>();
    server = createServer();
    server.listen(socket, resolve);
    await promise;
  });

  afterEach(() => {
    server.close();
  });

  it("lets a socket pass that belongs, with its folder, to the one it must belong to", () => {
    expect(verifySocket(socket, ME)).toEqual({ kind: "safe" });
  });

  it("is absent when there is none", () => {
    expect(verifySocket(join(folder, "no.sock"), ME)).toEqual({ kind: "absent" });
    expect(verifySocket(join(folder, "no", "no.sock"), ME)).toEqual({ kind: "absent" });
  });

  it.each<[string, () => [string, number], RegExp]>([
    ["a socket of somebody else", () => [socket, SOMEBODY_ELSE], /does not belong to root/],
    [
      "a folder that others may change",
      () => {
        chmodSync(folder, 0o775);
        return [socket, ME];
      },
      /Other users may change the folder/,
    ],
    ["a file in its place", () => [binary, ME], /is not the launch daemon's socket/],
    [
      "a link in its place",
      () => {
        symlinkSync(socket, join(folder, "link.sock"));
        return [join(folder, "link.sock"), ME];
      },
      /is not the launch daemon's socket/,
    ],
    [
      "a link in the place of its folder",
      () => {
        mkdirSync(join(folder, "inner"), { mode: 0o755 });
        symlinkSync(folder, join(folder, "inner", "sealbar"));
        return [join(folder, "inner", "sealbar", "helper.sock"), ME];
      },
      /does not belong to root/,
    ],
  ])("refuses %s", (_, place, reason) => {
    const [path, owner] = place();
    const verdict = verifySocket(path, owner);
    expect(verdict.kind === "unsafe" ? verdict.reason : verdict.kind).toMatch(reason);
  });
});
