import { describe, expect, it } from "vitest";
import { Anchors } from "./anchors.ts";
import { parseCertificate } from "./certificate.ts";
import { type CertificatePlan, CERTIFIES, type Identity, makeCertificate, utc } from "./certificate.fixture.ts";
import { buildChain, type Chain } from "./chain.ts";
import { chainProblems, datesOf, isValidAt } from "./chain-rules.ts";

const root = makeCertificate({ name: { cn: "Root" }, authority: true, keyUsage: CERTIFIES });
const anchors = new Anchors([parseCertificate(root.der)]);
const authority = (cn: string, issuer: Identity, plan: Partial<CertificatePlan> = {}): Identity =>
  makeCertificate({ name: { cn }, issuer, authority: true, keyUsage: CERTIFIES, ...plan });

function chainOf(leaf: Identity, ...pool: Identity[]): Chain {
  return buildChain(
    parseCertificate(leaf.der),
    pool.map(({ der }) => parseCertificate(der)),
    anchors,
  );
}
const names = ({ certificates }: Chain): (string | null)[] => certificates.map(({ commonName }) => commonName);
const ids = (chain: Chain): string[] => chainProblems(chain).map(({ id }) => id);

describe("buildChain", () => {
  const middle = authority("Middle", root);
  const leaf = makeCertificate({ name: { cn: "Leaf" }, issuer: middle });

  it("finds its way through certificates in any order, also without the root", () => {
    for (const pool of [[middle, root], [root, middle, leaf], [middle]]) {
      const chain = chainOf(leaf, ...pool);
      expect(chain.end).toBe("anchored");
      expect(names(chain)).toEqual(["Leaf", "Middle", "Root"]);
      expect(ids(chain)).toEqual([]);
    }
  });

  it("takes the issuer that signed, not the one that only has its name", () => {
    const impostor = authority("Middle", root);
    expect(names(chainOf(leaf, impostor, middle))).toEqual(["Leaf", "Middle", "Root"]);
    expect(chainOf(leaf, impostor)).toMatchObject({ end: "bad-signature" });
  });

  it("goes back from a way that ends nowhere", () => {
    const stranger = makeCertificate({ name: { cn: "Other root" }, authority: true });
    const crossed = authority("Middle", stranger, { key: middle.key });
    expect(chainOf(leaf, crossed, stranger, middle).end).toBe("anchored");
    expect(chainOf(leaf, crossed, stranger).end).toBe("foreign-root");
    expect(chainOf(leaf, crossed).end).toBe("incomplete");
  });

  it("ends in circles", () => {
    const first = makeCertificate({ name: { cn: "A" }, authority: true });
    const second = authority("B", first);
    const again = authority("A", second, { key: first.key });
    const below = makeCertificate({ name: { cn: "Leaf" }, issuer: again });
    expect(chainOf(below, again, second).end).not.toBe("anchored");
  });

  it("believes a root by all of its bytes, not by its name and key", () => {
    const copy = makeCertificate({ name: { cn: "Root" }, key: root.key, authority: true, serial: 99 });
    const below = makeCertificate({ name: { cn: "Leaf" }, issuer: copy });
    const chain = chainOf(below, copy);
    expect(chain.certificates.at(-1)?.sha256).toBe(parseCertificate(root.der).sha256);
  });

  it("stops at eight", () => {
    let issuer = root;
    const pool: Identity[] = [];
    for (let depth = 0; depth < 12; depth += 1) pool.push((issuer = authority(`Level ${depth}`, issuer)));
    const deep = chainOf(makeCertificate({ name: { cn: "Leaf" }, issuer }), ...pool);
    expect(deep.end).not.toBe("anchored");
    expect(deep.certificates).toHaveLength(8);
  });
});

describe("chainProblems", () => {
  const under = (plan: Partial<CertificatePlan>): Chain => {
    const middle = makeCertificate({ name: { cn: "Middle" }, issuer: root, ...plan });
    return chainOf(makeCertificate({ name: { cn: "Leaf" }, issuer: middle }), middle);
  };

  it.each<[string, Partial<CertificatePlan>, string[]]>([
    ["an authority", { authority: true, keyUsage: CERTIFIES }, []],
    ["an authority without key usage", { authority: true }, []],
    ["no authority", { keyUsage: CERTIFIES }, ["chain-issuer-not-authority"]],
    [
      "an authority that may not sign certificates",
      { authority: true, keyUsage: 0x80 },
      ["chain-issuer-not-authority"],
    ],
  ])("%s", (_name, plan, expected) => {
    expect(ids(under(plan))).toEqual(expected);
  });

  it("keeps to an authority's path length", () => {
    const first = authority("First", root, { pathLength: 0 });
    const second = authority("Second", first);
    expect(ids(chainOf(makeCertificate({ name: { cn: "Leaf" }, issuer: first }), first))).toEqual([]);
    expect(ids(chainOf(makeCertificate({ name: { cn: "Leaf" }, issuer: second }), first, second))).toEqual([
      "chain-path-too-long",
    ]);
  });
});

describe("dates", () => {
  const middle = authority("Middle", root, { notAfter: utc("2026-10-24") });
  const leaf = makeCertificate({ name: { cn: "Leaf" }, issuer: middle, notAfter: utc("2030-01-01") });
  const chain = chainOf(leaf, middle);
  const judged = (timestamp: string | null, now: string): string[] => {
    const { problems, notes } = datesOf(chain, timestamp === null ? null : utc(timestamp), utc(now));
    return [...problems, ...notes].map(({ id }) => id);
  };

  it.each<[string | null, string, string[]]>([
    [null, "2026-01-01", []],
    [null, "2026-11-21", ["expired-no-timestamp"]],
    ["2025-01-01", "2026-11-21", ["expired-valid-at-timestamp"]],
    ["2026-11-01", "2026-11-21", ["chain-expired-at-timestamp"]],
    ["2031-01-01", "2032-01-01", ["leaf-expired-at-timestamp"]],
    ["2019-01-01", "2026-01-01", ["not-yet-valid-at-timestamp"]],
  ])("signed %s, judged %s", (timestamp, now, expected) => {
    expect(judged(timestamp, now)).toEqual(expected);
  });

  it("a chain is valid while all of it is", () => {
    expect(
      [utc("2019-12-31"), utc("2020-01-01"), utc("2026-10-24"), utc("2026-10-25")].map((at) => isValidAt(chain, at)),
    ).toEqual([false, true, true, false]);
  });
});
