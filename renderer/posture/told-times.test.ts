import { describe, expect, it } from "vitest";
import { listedPieces, type ToldPiece, toldPieces } from "./told-times.ts";

const shown = (pieces: ToldPiece[]): string =>
  pieces.map((piece) => (piece.kind === "text" ? piece.text : `<${piece.at}>`)).join("");

describe("toldPieces", () => {
  it.each<[string, Parameters<typeof toldPieces>[0], string, string]>([
    [
      "a restart after an attempt",
      "boot",
      "The Mac was started again. It began at 2026-11-18 08:18 UTC. A command to weaken it had been seen by ana at 2026-11-18 08:13 UTC: csrutil disable.",
      "The Mac was started again. It began at <2026-11-18T08:18:00Z>. A command to weaken it had been seen by ana at <2026-11-18T08:13:00Z>: csrutil disable.",
    ],
    [
      "since when it is weaker",
      "epoch-opened",
      "This Mac is weaker than expected: SIP is off. Since 2026-11-18 08:18 UTC.",
      "This Mac is weaker than expected: SIP is off. Since <2026-11-18T08:18:00Z>.",
    ],
    [
      "how long it had been",
      "epoch-closed",
      "This Mac is protected as expected again. It had been weaker since 2026-11-18 08:18 UTC.",
      "This Mac is protected as expected again. It had been weaker since <2026-11-18T08:18:00Z>.",
    ],
    [
      "a moment in a quoted command",
      "boot",
      "The Mac was started again. A command to weaken it had been seen at 2026-11-18 08:13 UTC: at 2026-01-01 10:00 UTC.",
      "The Mac was started again. A command to weaken it had been seen at <2026-11-18T08:13:00Z>: at 2026-01-01 10:00 UTC.",
    ],
    ["no real time", "boot", "It began at 2026-99-99 08:18 UTC.", "It began at 2026-99-99 08:18 UTC."],
    ["an entry that quotes only", "change", "Now: since 2026-11-18 08:18 UTC", "Now: since 2026-11-18 08:18 UTC"],
    ["nothing", "boot", "", ""],
  ])("%s", (_what, kind, words, expected) => {
    expect(shown(toldPieces(kind, words))).toBe(expected);
  });
});

describe("listedPieces", () => {
  it("takes the moment in front of an attempt, and nothing in its command or in a probe's answer", () => {
    const line = "2026-11-18T08:13:46.464700Z ana: csrutil disable 2026-01-01T00:00:00.000000Z x";
    expect(shown(listedPieces("boot", line))).toBe(
      "<2026-11-18T08:13:46.464700Z> ana: csrutil disable 2026-01-01T00:00:00.000000Z x",
    );
    expect(shown(listedPieces("change", line))).toBe(line);
    expect(shown(listedPieces("boot", "2026-13-41T08:13:46.464700Z ana"))).toBe("2026-13-41T08:13:46.464700Z ana");
  });
});
