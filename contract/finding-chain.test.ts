import { describe, expect, it } from "vitest";
import type { Evidence } from "./finding.ts";
import { type ChainStep, chainOf } from "./finding-chain.ts";

const record = (second: number, role: string, more: Partial<Evidence> = {}): Evidence => ({
  id: { session: "s", src: "es", n: second },
  rowId: second,
  at: `2026-11-21T14:10:${String(second).padStart(2, "0")}.000000Z`,
  role,
  summary: `${role} at ${second}`,
  ...more,
});

const words = (steps: readonly ChainStep[]): string[] =>
  steps.map((step) => {
    if (step.kind === "more") return `more ${step.count}`;
    if (step.kind === "restart") return `restart ${step.restarts} ${step.evidence ?? "-"}`;
    return `${step.kind} ${step.evidence}${step.times > 1 ? ` x${step.times}` : ""}`;
  });

describe("the part of a record", () => {
  it.each<[string, string | undefined, string]>([
    ["state", "posture_change", "protection changed"],
    ["override", "gatekeeper_user_override", "opened anyway"],
    ["change", "deleteextattr", "quarantine removed"],
    ["change", "exec", "quarantine removed"],
    ["change", "exec", "signed anew"],
    ["execution", "exec", "program started"],
    ["execution", "process_snapshot", "program started"],
    ["attempt", "exec", "SIP command"],
    ["attempt", "exec", "some new tool's deed"],
    ["other", "exec", "SIP query"],
    ["other", "exec", "restart"],
    ["attempt", "exec", "quarantine marking off"],
    ["attempt", "exec", "enforcement stopped"],
    ["stopped", "log", "refused by macOS"],
    ["stopped", "exit", "stopped by SIGKILL"],
    ["change", "log", "signature became invalid"],
    ["attempt", "log", "boot arguments set"],
    ["other", "log", "record"],
    ["other", "constructor", "record"],
    ["execution", undefined, "program started"],
    ["change", undefined, "file changed"],
    ["state", undefined, "protection weakened"],
    ["attempt", undefined, "the attempt"],
    ["other", undefined, ""],
  ])("is %s for %s, %s", (part, kind, role) => {
    const [step] = chainOf({ evidence: [record(1, role, kind === undefined ? {} : { kind })] });
    expect(step?.kind).toBe(part);
  });
});

describe("the chain", () => {
  it("is in the order of time and says where the Mac restarted", () => {
    const evidence = [
      record(9, "program started", { kind: "exec", boot: 4 }),
      record(1, "SIP command", { kind: "exec", boot: 2 }),
      record(5, "protection changed", { kind: "posture_change", boot: 4 }),
    ];
    expect(words(chainOf({ evidence }))).toEqual(["attempt 1", "restart 2 -", "state 2", "execution 0"]);
  });

  it("does not say a restart twice where a record tells it", () => {
    const evidence = [
      record(1, "SIP command", { kind: "exec", boot: 1 }),
      record(2, "the restart", { kind: "session_start", boot: 2 }),
      record(3, "protection changed", { kind: "posture_change", boot: 2 }),
    ];
    expect(words(chainOf({ evidence }))).toEqual(["attempt 0", "restart 0 1", "state 2"]);
  });

  it.each<[string, number | undefined, number | undefined]>([
    ["the boot is not known", undefined, 3],
    ["no boot was known yet", 0, 1],
    ["a late record came from an earlier boot", 3, 2],
  ])("invents no restart where %s", (_, first, second) => {
    const boot = (ordinal: number | undefined) => (ordinal === undefined ? {} : { boot: ordinal });
    const evidence = [record(1, "program started", boot(first)), record(2, "program started", boot(second))];
    expect(words(chainOf({ evidence }))).toEqual(["execution 0", "execution 1"]);
  });

  it("tells the same in a row once", () => {
    const same = { kind: "exec", boot: 1, summary: "Ran relay" };
    const evidence = [
      record(1, "program started", same),
      record(2, "program started", same),
      record(3, "program started", { ...same, boot: 2 }),
    ];
    expect(words(chainOf({ evidence }))).toEqual(["execution 0 x2", "restart 1 -", "execution 2"]);
  });

  it("keeps the beginning and the end of a long story, and the restart between them", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => record(index, "program started", { boot: index < 6 ? 1 : 2 }));
    const parts = words(chainOf({ evidence: many(12) }));
    expect(parts).toEqual([
      ...[0, 1, 2, 3].map((index) => `execution ${index}`),
      "more 4",
      "restart 1 -",
      ...[8, 9, 10, 11].map((index) => `execution ${index}`),
    ]);
    expect(words(chainOf({ evidence: many(9) })).some((step) => step.startsWith("more"))).toBe(false);
    expect(chainOf({ evidence: [] })).toEqual([]);
  });
});
