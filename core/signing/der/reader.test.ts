import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { attempt } from "../problem.ts";
import { bits, element, indefinite, int, octet, seq, set } from "./der-writer.fixture.ts";
import { children, type DerElement, octets, readDer, readOnlyDer, sequence, setOf } from "./reader.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

function problemOf(read: () => unknown): string | null {
  const result = attempt(read);
  return "problem" in result ? result.problem.id : null;
}

describe("readDer", () => {
  it("reads the first element and leaves what follows", () => {
    const bytes = Buffer.concat([seq(int(5), octet(Buffer.from("ab"))), Buffer.from("rest")]);
    const outer = readDer(bytes);
    expect(outer).toMatchObject({ tagClass: 0, constructed: true, tag: 16 });
    expect(outer.bytes).toHaveLength(bytes.length - 4);
    expect(children(outer).map(({ tag, content }) => [tag, content.toString("hex")])).toEqual([
      [2, "05"],
      [4, "6162"],
    ]);
    expect(problemOf(() => readOnlyDer(bytes))).toBe("asn1-bad-length");
  });

  it("gives views, not copies", () => {
    const bytes = seq(octet(Buffer.from("ab")));
    expect(readDer(bytes).bytes.buffer).toBe(bytes.buffer);
  });

  it("reads indefinite lengths, nested, and keeps the mark out of the content", () => {
    const inner = indefinite(0x30, int(1));
    const bytes = Buffer.concat([indefinite(0x30, inner, int(2)), Buffer.of(9)]);
    const outer = readDer(bytes);
    expect(outer.bytes).toHaveLength(bytes.length - 1);
    const [first, second, ...none] = children(outer);
    expect(none).toEqual([]);
    expect(first?.bytes).toEqual(inner);
    expect(first?.content).toEqual(int(1));
    expect(second?.content).toEqual(Buffer.of(2));
  });

  it("reads classes and long tags and lengths", () => {
    expect(readDer(hex("9f 8148 01 ff"))).toMatchObject({ tagClass: 2, constructed: false, tag: 200 });
    expect(readDer(element(0x04, Buffer.alloc(70_000))).content).toHaveLength(70_000);
    expect(readDer(hex("04 84 00000001 aa")).content).toEqual(Buffer.of(0xaa));
  });

  const broken: [string, string, string][] = [
    ["nothing", "", "asn1-truncated"],
    ["a tag alone", "30", "asn1-truncated"],
    ["a length past the end", "04 05 00", "asn1-truncated"],
    ["a length of a length past the end", "04 82 01", "asn1-truncated"],
    ["a length of five bytes", "04 85 0000000001 00", "asn1-bad-length"],
    ["the reserved length", "04 ff 00", "asn1-bad-length"],
    ["a length of 4 GB", "04 84 ffffffff 00", "asn1-truncated"],
    ["an indefinite primitive", "04 80 00 00", "asn1-bad-length"],
    ["an indefinite element without its mark", "30 80 02 01 05", "asn1-truncated"],
    ["a mark with content", "30 80 00 01 05 00 00", "asn1-bad-length"],
    ["a tag that begins with zeros", "1f 80 01 00", "asn1-bad-tag"],
    ["a tag of too many bytes", "1f 81 81 81 81 01 00", "asn1-bad-tag"],
    ["a tag without an end", "1f 81 81", "asn1-truncated"],
  ];
  it.each(broken)("refuses %s", (_name, bytes, id) => {
    expect(problemOf(() => readDer(hex(bytes)))).toBe(id);
  });

  it("limits depth: of indefinite lengths at once, of definite ones by whoever goes down", () => {
    const deep = Buffer.concat([Buffer.alloc(20_000, hex("3080")), Buffer.alloc(20_000, 0)]);
    expect(problemOf(() => readDer(deep))).toBe("asn1-too-deep");
    let strings = octet(Buffer.from("x"));
    for (let depth = 0; depth < 100; depth += 1) strings = element(0x24, strings);
    expect(problemOf(() => octets(readDer(strings)))).toBe("asn1-too-deep");
  });

  it("limits elements", () => {
    const many = Array.from({ length: 20_001 }, () => Buffer.of(5, 0));
    expect(problemOf(() => children(readDer(seq(...many))))).toBe("asn1-too-many");
    expect(problemOf(() => readDer(indefinite(0x30, ...many)))).toBe("asn1-too-many");
  });

  it("refuses a mark where none belongs", () => {
    expect(problemOf(() => children(readDer(seq(Buffer.of(0, 0)))))).toBe("asn1-bad-tag");
    expect(problemOf(() => children(readDer(int(1))))).toBe("asn1-unexpected");
  });
});

describe("expectations", () => {
  it("names what is missing or of another kind", () => {
    expect(problemOf(() => sequence(undefined))).toBe("asn1-unexpected");
    expect(problemOf(() => sequence(readDer(set())))).toBe("asn1-unexpected");
    expect(problemOf(() => setOf(readDer(seq())))).toBe("asn1-unexpected");
    expect(problemOf(() => octets(readDer(bits(Buffer.of(1)))))).toBe("asn1-unexpected");
  });

  it("joins the parts of a constructed OCTET STRING", () => {
    const parts = element(
      0x24,
      octet(Buffer.from("ab")),
      element(0x24, octet(Buffer.from("c"))),
      octet(Buffer.from("de")),
    );
    expect(octets(readDer(parts)).toString()).toBe("abcde");
    expect(octets(readDer(indefinite(0x24, octet(Buffer.from("xy"))))).toString()).toBe("xy");
    expect(octets(readDer(octet(Buffer.from("z")))).toString()).toBe("z");
    expect(problemOf(() => octets(readDer(element(0x24, int(1)))))).toBe("asn1-unexpected");
  });
});

describe("any bytes", () => {
  function walk(item: DerElement, depth: number): number {
    if (!item.constructed || depth > 50) return 1;
    return children(item).reduce((sum, child) => sum + walk(child, depth + 1), 1);
  }

  it("are read or refused, and no part lies outside them", () => {
    const random = seededRandom(11);
    let read = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(Array.from({ length: 24 }, () => Math.floor(random() * 256)));
      if (round % 2 === 0) bytes[0] = 0x30;
      bytes[1] = Math.floor(random() * 24);
      if ("value" in attempt(() => walk(readDer(bytes), 0))) read += 1;
    }
    expect(read).toBeGreaterThan(1000);
  });
});
