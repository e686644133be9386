import { describe, expect, it } from "vitest";
import { Malformed } from "../problem.ts";
import { word } from "./blob.fixture.ts";
import {
  always,
  and,
  apple,
  appleGeneric,
  appleOid,
  cdhash,
  data,
  equal,
  exists,
  field,
  identifier,
  never,
  not,
  op,
  or,
  requirement,
  requirementSet,
  subject,
} from "./requirement.fixture.ts";
import { readRequirement } from "./requirement-reader.ts";
import { readDesignated } from "./requirement-set.ts";
import { requirementText } from "./requirement-text.ts";

const textOf = (expression: Buffer): string => requirementText(readRequirement(requirement(expression)));
const HASH = "00112233445566778899aabbccddeeff00112233";
const DEVELOPER_ID_INTERMEDIATE = field(1, appleOid(6, 2, 6), exists);
const DEVELOPER_ID_LEAF = field(0, appleOid(6, 1, 13), exists);

describe("requirementText", () => {
  it.each<[Buffer, string]>([
    [
      and(
        identifier("com.example.viewer"),
        and(
          appleGeneric,
          and(DEVELOPER_ID_INTERMEDIATE, and(DEVELOPER_ID_LEAF, subject(0, "subject.OU", equal("7QXW3N5R2K")))),
        ),
      ),
      'identifier "com.example.viewer" and anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] /* exists */' +
        ' and certificate leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate leaf[subject.OU] = "7QXW3N5R2K"',
    ],
    [
      and(
        and(appleGeneric, identifier("org.example.Ana")),
        or(
          field(0, appleOid(6, 1, 9), exists),
          and(DEVELOPER_ID_INTERMEDIATE, subject(0, "subject.OU", equal("LK3R2MNOP5"))),
        ),
      ),
      'anchor apple generic and identifier "org.example.Ana" and (certificate leaf[field.1.2.840.113635.100.6.1.9] /* exists */' +
        " or certificate 1[field.1.2.840.113635.100.6.2.6] /* exists */ and certificate leaf[subject.OU] = LK3R2MNOP5)",
    ],
    [or(or(cdhash(HASH), cdhash(HASH)), cdhash(HASH)), `cdhash H"${HASH}" or cdhash H"${HASH}" or cdhash H"${HASH}"`],
    [identifier("viewer2"), "identifier viewer2"],
    [identifier("host"), 'identifier "host"'],
    [identifier(""), 'identifier ""'],
    [identifier("2viewer"), 'identifier "2viewer"'],
    [identifier('a "quoted" \\ name'), String.raw`identifier "a \"quoted\" \\ name"`],
    [op(2, data(Buffer.from([0x61, 0x00, 0xff]))), "identifier 0x6100ff"],
    [apple, "anchor apple"],
    [never, "never"],
    [not(and(always, never)), "! (always and never)"],
    [not(identifier("x")), "! identifier x"],
    [op(4, 0, data(Buffer.from(HASH, "hex"))), `certificate leaf = H"${HASH}"`],
    [op(4, -1, data(Buffer.from(HASH, "hex"))), `certificate root = H"${HASH}"`],
    [op(4, -2, data(Buffer.from(HASH, "hex"))), `certificate -2 = H"${HASH}"`],
    [op(5, data("CFBundleName"), data("Invoice Viewer")), 'info[CFBundleName] = "Invoice Viewer"'],
    [op(10, data("CFBundleVersion"), op(8, data("12.1"))), 'info[CFBundleVersion] >= "12.1"'],
    [op(10, data("com.example-key"), op(2, data("x"))), 'info["com.example-key"] ~ x'],
    [
      op(16, data("com.apple.security.app-sandbox"), exists),
      'entitlement["com.apple.security.app-sandbox"] /* exists */',
    ],
    [op(16, data("team.one"), op(3, data("x"))), "entitlement[team.one] = x*"],
    [op(16, data("team.one"), op(4, data("x"))), "entitlement[team.one] = *x"],
    [op(16, data("n"), op(5, data("9"))), 'entitlement[n] < "9"'],
    [op(16, data("n"), op(6, data("9"))), 'entitlement[n] > "9"'],
    [op(16, data("n"), op(7, data("9"))), 'entitlement[n] <= "9"'],
    [op(17, 1, data(appleOid(5, 6)), exists), "certificate 1[policy.1.2.840.113635.100.5.6] /* exists */"],
    [op(13), "anchor trusted"],
    [op(18, data("iphone")), "anchor apple iphone"],
    [op(19, data("x")), "(x)"],
    [op(20, -1), "platform = -1"],
    [op(21), "notarized"],
    [op(23), "legacy"],
    [
      op(22, 0, data(appleOid(6, 1, 33)), Buffer.concat([word(10), word(0), word(576_374_400)])),
      'certificate leaf[timestamp.1.2.840.113635.100.6.1.33] < timestamp "20190408000000Z"',
    ],
    [op(0x80000099, data("?")), "false /* opcode 153 */"],
    [op(0x40000099, data("?"), apple), "anchor apple"],
    [and(apple, op(0x99)), "anchor apple and /* opcode 153 not understood */"],
  ])("%#", (expression, text) => {
    expect(textOf(expression)).toBe(text);
  });

  it("finds the designated one in a set", () => {
    const set = requirementSet([1, requirement(apple)], [3, requirement(identifier("x"))]);
    const designated = readDesignated(set);
    expect(designated && requirementText(designated)).toBe("identifier x");
    expect(readDesignated(requirementSet())).toBeNull();
  });
});

describe("readRequirement", () => {
  it.each<[string, Buffer]>([
    ["nothing", Buffer.alloc(0)],
    ["another magic", requirementSet()],
    ["no expression", requirement(Buffer.alloc(0))],
    ["an operand missing", requirement(op(6, apple))],
    ["data past the end", requirement(op(2, word(0xffffffff)))],
    ["a thousand nots and more", requirement(Buffer.concat([...Array.from({ length: 2000 }, () => word(9)), apple]))],
    ["larger than any", requirement(identifier("x".repeat(100_000)))],
  ])("refuses %s", (_case, bytes) => {
    expect(() => readRequirement(bytes)).toThrow(Malformed);
  });

  it("reads as deep as macOS does", () => {
    const deep = requirement(Buffer.concat([...Array.from({ length: 900 }, () => word(9)), apple]));
    expect(requirementText(readRequirement(deep))).toHaveLength(900 * 2 + "anchor apple".length);
  });

  it("does not understand another kind", () => {
    expect(readRequirement(requirement(data("lightweight"), 2))).toEqual({ op: "not-understood", code: 2 });
  });
});
