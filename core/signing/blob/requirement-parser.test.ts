import { describe, expect, it } from "vitest";
import { Malformed } from "../problem.ts";
import { parseRequirementText } from "./requirement-parser.ts";
import { requirementText } from "./requirement-text.ts";

const HASH = "00112233445566778899aabbccddeeff00112233";

describe("parseRequirementText", () => {
  it.each([
    'identifier "com.example.viewer" and anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] /* exists */ and certificate leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate leaf[subject.OU] = "7QXW3N5R2K"',
    "anchor apple generic and identifier x and (certificate leaf[field.1.2.840.113635.100.6.1.9] /* exists */ or certificate 1[policy.2.5.29.32] /* exists */ and certificate leaf[subject.OU] = LK3R2MNOP5)",
    `cdhash H"${HASH}" or cdhash H"${HASH}" or cdhash H"${HASH}"`,
    `identifier viewer and certificate leaf = H"${HASH}"`,
    `identifier viewer and certificate root = H"${HASH}"`,
    `identifier viewer and certificate -2 = H"${HASH}"`,
    "identifier viewer and anchor apple",
    "anchor apple and identifier viewer",
    "anchor apple iphone",
    "anchor trusted",
    "! (always and never)",
    String.raw`identifier "a \"quoted\" \\ name"`,
    "identifier 0x6100ff",
    'info[CFBundleVersion] >= "12.1"',
    'info["com.example-key"] ~ x',
    'entitlement["com.apple.security.app-sandbox"] /* exists */',
    "entitlement[team.one] = x*",
    "entitlement[team.one] = *x",
    "platform = -1",
    "notarized",
  ])("%s", (text) => {
    expect(requirementText(parseRequirementText(text))).toBe(text);
  });

  it.each([
    ["identifier = viewer", "identifier viewer"],
    ["cert leaf[subject.OU] exists # the team", "certificate leaf[subject.OU] /* exists */"],
    ["anchor generic apple", "anchor apple generic"],
    ["((true))", "always"],
    ["certificate leaf trusted", "certificate leaftrusted"],
    ["info[a] = *x*", "info[a] ~ x"],
    ["certificate leaf[field.2.999.3] exists", "certificate leaf[field.2.999.3] /* exists */"],
  ])("also takes %s", (text, written) => {
    expect(requirementText(parseRequirementText(text))).toBe(written);
  });

  it.each([
    "",
    "identifier",
    "identifier x y",
    "(always",
    "always)",
    "nonsense",
    'identifier "x',
    'cdhash H"0"',
    "certificate leaf[field.1]",
    "certificate leaf[nothing.1.2] exists",
    "always /* no end",
    "always and",
    "\u0000",
    "(".repeat(5000),
    "! ".repeat(5000),
    `identifier ${"x".repeat(70_000)}`,
  ])("refuses %j", (text) => {
    expect(() => parseRequirementText(text)).toThrow(Malformed);
  });

  it("takes a long chain without depth, up to a length no real one has", () => {
    const chain = (terms: number): string => Array.from({ length: terms }, () => "true").join(" or ");
    expect(requirementText(parseRequirementText(chain(2000)))).toHaveLength("always or ".length * 2000 - 4);
    expect(() => parseRequirementText(chain(3000))).toThrow(Malformed);
  });
});
