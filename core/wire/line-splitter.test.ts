import { describe, expect, it } from "vitest";
import { type Line, LineSplitter, OVERSIZED_HEAD_BYTES } from "./line-splitter.ts";
import { seededRandom } from "#core/base/seeded-random.ts";
import { bytesOf } from "./test-support.ts";

const decoder = new TextDecoder();

function show(line: Line): string {
  const text = decoder.decode(line.kind === "line" ? line.bytes : line.head);
  const kind = line.kind === "line" ? "" : `oversized ${line.byteCount} `;
  return `${line.number}:${kind}${line.terminated ? "" : "cut "}${text}`;
}

function split(chunks: Uint8Array[], maxBytes?: number): string[] {
  const splitter = new LineSplitter(maxBytes);
  const shown = chunks.flatMap((chunk) => splitter.push(chunk).map(show));
  return [...shown, ...splitter.end().map(show)];
}

function cutAtRandom(bytes: Uint8Array, random: () => number, longest: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = from + Math.floor(random() * longest);
    chunks.push(bytes.slice(from, to));
    from = to;
  }
  return chunks;
}

describe("LineSplitter", () => {
  it.each([
    ["newlines only", "a\nb\n", ["1:a", "2:b"]],
    ["an unterminated last line is flagged", "a\nb", ["1:a", "2:cut b"]],
    ["blank lines are left out but numbered", "\n\na\n\r\n\nb\n", ["3:a", "6:b"]],
    ["one CR before LF belongs to the line end", "a\r\nb\r\r\nc\rd\n", ["1:a", "2:b\r", "3:c\rd"]],
    ["other separators of Unicode are content", "a\u2028b\u2029c\u0085d\u000be\n", ["1:a\u2028b\u2029c\u0085d\u000be"]],
    ["nothing", "", []],
  ])("%s", (_name, text, expected) => {
    expect(split([bytesOf(text)])).toEqual(expected);
  });

  it("gives the same lines wherever the chunks are cut (also inside UTF-8)", () => {
    const text = `{"a":"\u2028 ж 🍎"}\n\n${"é".repeat(300)}\r\n{"long":"${"x".repeat(120)}"}\n${"🧱".repeat(40)}\nlast`;
    const bytes = bytesOf(text);
    for (const limit of [40, 100, 10_000]) {
      const whole = split([bytes], limit);
      expect(whole.length).toBe(5);
      for (let seed = 1; seed <= 200; seed += 1) {
        const random = seededRandom(seed);
        const chunks = cutAtRandom(bytes, random, 2 + Math.floor(random() * 200));
        expect(split(chunks, limit), `limit ${limit}, seed ${seed}`).toEqual(whole);
      }
    }
  });

  it("keeps a line of exactly the limit and drops one that is a byte longer", () => {
    expect(split([bytesOf("12345\n123456\n12345")], 5)).toEqual(["1:12345", "2:oversized 6 123456", "3:cut 12345"]);
  });

  it("goes on after a line that is far too long, and says how long it was", () => {
    const splitter = new LineSplitter(1024);
    const piece = new Uint8Array(64 * 1024).fill(0x61);
    for (let count = 0; count < 1600; count += 1) expect(splitter.push(piece)).toEqual([]);
    const lines = splitter.push(bytesOf("z\nnext\n"));
    expect(lines.map((line) => line.kind)).toEqual(["oversized", "line"]);
    const [long] = lines;
    expect(long).toMatchObject({ byteCount: 1600 * 64 * 1024 + 1, terminated: true });
    expect(long?.kind === "oversized" && long.head.length).toBe(OVERSIZED_HEAD_BYTES);
  });

  it("reports an oversized line that never ends", () => {
    expect(split([bytesOf("abcdef"), bytesOf("ghi")], 4)).toEqual(["1:oversized 9 cut abcdefghi"]);
  });

  it("does not mix a held line with a buffer that the reader uses again", () => {
    const splitter = new LineSplitter();
    const buffer = bytesOf("abc");
    splitter.push(buffer);
    buffer.fill(0x7a);
    expect(splitter.push(bytesOf("d\n")).map(show)).toEqual(["1:abcd"]);
  });
});
