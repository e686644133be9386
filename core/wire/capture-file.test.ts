import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { CaptureError } from "./capture-error.ts";
import { checkCapture, readCapture } from "./capture-file.ts";
import { LineSplitter } from "./line-splitter.ts";
import { SessionReader } from "./session-reader.ts";
import { seededRandom } from "#core/base/seeded-random.ts";
import { bytesOf, esFrame, HELLO } from "./test-support.ts";

/** Node cannot make a named pipe itself; Linux and macOS both have this program. */
const MAKE_PIPE = "mkfifo";
const folder = mkdtempSync(join(tmpdir(), "sealbar-capture-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const capture = bytesOf(
  `${[HELLO, ...Array.from({ length: 2000 }, (_, index) => esFrame(index + 1, index))].map((frame) => JSON.stringify(frame)).join("\n")}\n`,
);

function fileOf(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function problemOf(path: string): Promise<CaptureError> {
  const error: unknown = await checkCapture(path).catch((reason: unknown) => reason);
  if (!(error instanceof CaptureError)) throw new Error(`no CaptureError for ${path}`);
  return error;
}

async function recordCount(path: string): Promise<number> {
  const splitter = new LineSplitter();
  const reader = new SessionReader({ name: "x" });
  let count = 0;
  for await (const chunk of readCapture(path)) {
    for (const line of splitter.push(chunk)) count += reader.read(line).length;
  }
  return count;
}

describe("checkCapture and readCapture", () => {
  it("accept a plain file, a gzip file whatever its name, and a link to one", async () => {
    const plain = fileOf("plain.jsonl", capture);
    const packed = fileOf("packed.jsonl", gzipSync(capture));
    const link = join(folder, "link");
    symlinkSync(plain, link);
    for (const path of [plain, packed, link]) {
      await expect(checkCapture(path)).resolves.toMatchObject({ compressed: path === packed });
      expect(await recordCount(path)).toBe(2001);
    }
  });

  it("accept a stray line before the hello, and a hello without a newline", async () => {
    await expect(
      checkCapture(fileOf("stray", `Filtering the log data\n${JSON.stringify(HELLO)}\n`)),
    ).resolves.toBeDefined();
    await expect(checkCapture(fileOf("bare", JSON.stringify(HELLO)))).resolves.toBeDefined();
  });

  it("refuse what is no capture, in one sentence that names the file", async () => {
    const pipe = join(folder, "pipe");
    execFileSync(MAKE_PIPE, [pipe]);
    const loop = join(folder, "loop");
    symlinkSync(loop, loop);
    const packed = gzipSync(capture);
    const damaged = Uint8Array.from(packed);
    damaged.fill(0x55, damaged.length / 2, damaged.length / 2 + 40);
    const cases: [string, string, string][] = [
      [join(folder, "absent"), "missing", "does not exist"],
      [join(folder, "plain.jsonl", "x"), "missing", "does not exist"],
      [loop, "missing", "link"],
      [folder, "not-a-file", "is a folder"],
      [pipe, "not-a-file", "is a pipe"],
      ["/dev/null", "not-a-file", "is a device"],
      [fileOf("empty", ""), "empty", "is empty"],
      [fileOf("text", "one\ntwo\nthree\n"), "not-a-capture", "not a Sealbar capture"],
      [fileOf("many", "{}\n".repeat(10_000)), "not-a-capture", "not a Sealbar capture"],
      [fileOf("events", `${JSON.stringify(esFrame(1))}\n`), "not-a-capture", "not a Sealbar capture"],
      [fileOf("text.gz", gzipSync("one\ntwo\n")), "not-a-capture", "not a Sealbar capture"],
      [fileOf("short.gz", packed.subarray(0, packed.length - 20)), "damaged", "ends too early"],
      [fileOf("two.gz", packed.subarray(0, 2)), "damaged", "ends too early"],
      [fileOf("damaged.gz", damaged), "damaged", "damaged gzip"],
    ];
    for (const [path, problem, words] of cases) {
      const error = await problemOf(path);
      expect({ path, problem: error.problem }).toEqual({ path, problem });
      expect(error.message).toContain(words);
      expect(error.message).toContain(path);
      expect(error.message).not.toContain("\n");
      expect(error.message.endsWith(".")).toBe(true);
    }
  });

  it("say that the hello is there when only one of its keys is wrong", async () => {
    const line = (hello: object) => `${JSON.stringify(hello)}\n`;
    const cases: [string, string | Uint8Array, string][] = [
      ["key", line({ ...HELLO, host: { os: 26 } }), "host.os: "],
      ["key.gz", gzipSync(line({ ...HELLO, at: null })), "at: "],
      ["bare-key", JSON.stringify({ ...HELLO, sources: ["es", 5] }), "sources.1: "],
      ["version", line({ ...HELLO, v: 2 }), "v: "],
      ["twice", line({ ...HELLO, at: 1 }) + line({ ...HELLO, host: 1 }), "at: "],
      ["late", `stray\n${line({ ...HELLO, session: "" })}${"{}\n".repeat(100)}`, "session: "],
    ];
    for (const [name, content, words] of cases) {
      const error = await problemOf(fileOf(name, content));
      expect(error.problem).toBe("not-a-capture");
      expect(error.message).toContain(`has a hello line, but one that cannot be read (${words}`);
      expect(error.message).not.toContain("no hello line");
      expect(error.message.endsWith(".")).toBe(true);
    }
    const second = fileOf("second", line({ ...HELLO, at: 1 }) + line(HELLO));
    await expect(checkCapture(second)).resolves.toBeDefined();
  });

  it("refuse gigabytes of zeros or one endless line fast and in bounded memory", async () => {
    const zeros = fileOf("zeros", "");
    truncateSync(zeros, 5_000_000_000);
    const before = process.memoryUsage().arrayBuffers;
    expect((await problemOf(zeros)).problem).toBe("not-a-capture");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(128 * 1024 * 1024);
  });

  it("show control characters of a hostile name instead of printing them", async () => {
    const error = await problemOf(join(folder, "a\u001b[2J\u202eb"));
    expect(error.message).toContain("‹U+001B›");
    expect(error.message).toContain("‹U+202E›");
  });

  it("report damage also to a reader that did not check first", async () => {
    const random = seededRandom(3);
    const noise = Uint8Array.from({ length: 400_000 }, () => Math.floor(random() * 256));
    const packed = gzipSync(noise);
    const path = fileOf("late.gz", packed.subarray(0, packed.length / 2));
    await expect(recordCount(path)).rejects.toThrow("ends too early");
  });
});
