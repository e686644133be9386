import { describe, expect, it } from "vitest";
import { tarEntries } from "./tarball.ts";

/** A constructed ustar entry. */
function entry(path: string, content: string, { type = "0", link = "", prefix = "" } = {}): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write("0000644\0", 100);
  header.write(Buffer.byteLength(content).toString(8).padStart(11, "0"), 124);
  header.write(type, 156);
  header.write(link, 157);
  header.write("ustar\0", 257);
  header.write(prefix, 345);
  const padding = (512 - (Buffer.byteLength(content) % 512)) % 512;
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc(padding)]);
}

const END = Buffer.alloc(1024);

describe("tarEntries", () => {
  it("reads files, long paths of three sorts, and links to siblings", () => {
    const archive = Buffer.concat([
      entry("package/a.txt", "one"),
      entry("name.txt", "two", { prefix: "package/deep" }),
      entry("pax", "23 path=package/pax.md\n", { type: "x" }),
      entry("cut", "three"),
      entry("././@LongLink", "package/long.md\0", { type: "L" }),
      entry("cut", "four"),
      entry("package/latest", "", { type: "2", link: "a.txt" }),
      END,
    ]);
    expect(tarEntries(archive).map(({ path, bytes, target }) => [path, bytes.toString(), target])).toEqual([
      ["package/a.txt", "one", null],
      ["package/deep/name.txt", "two", null],
      ["package/pax.md", "three", null],
      ["package/long.md", "four", null],
      ["package/latest", "", "a.txt"],
    ]);
  });

  it.each([
    ["a path that climbs out", entry("package/../../outside", "x")],
    ["an absolute path", entry("/etc/outside", "x")],
    ["a link out of its folder", entry("package/a", "", { type: "2", link: "../../outside" })],
    ["a hard link", entry("package/a", "", { type: "1", link: "a" })],
    ["a device", entry("package/a", "", { type: "3" })],
    ["a file that is cut short", entry("package/a", "x".repeat(600)).subarray(0, 700)],
    ["a size that is no number", entry("package/a", "").fill("z", 124, 135)],
    ["a pax header that is none", entry("pax", "nonsense", { type: "x" })],
  ])("refuses %s", (_name, archive) => {
    expect(() => tarEntries(Buffer.concat([archive, archive.length % 512 === 0 ? END : Buffer.alloc(0)]))).toThrow(
      /archive/,
    );
  });
});
