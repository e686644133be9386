import { describe, expect, it } from "vitest";
import { fieldsOf } from "./examples.ts";
import { DEFAULT_IDENTITY, groupsOf, groupValues, MAX_GROUPS_PER_RECORD } from "./group-key.ts";

describe("groups of a record", () => {
  it("come from the highest rung of which every field has a value", () => {
    const ladder = (fields: Record<string, string | null>) => groupsOf(fieldsOf(fields), DEFAULT_IDENTITY);
    const code = { CDHash: "aa", SigningId: "x", TeamId: "7QXW3N5R2K", CodeRoot: "/x" };
    expect(ladder(code)).toEqual({ fields: ["CDHash"], values: [["aa"]] });
    expect(ladder({ ...code, CDHash: null })).toEqual({
      fields: ["SigningId", "TeamId"],
      values: [["x", "7QXW3N5R2K"]],
    });
    expect(ladder({ ...code, CDHash: "", SigningId: null })?.fields).toEqual(["TeamId"]);
    expect(ladder({ CodeRoot: "/x" })?.values).toEqual([["/x"]]);
    expect(ladder({})).toBeNull();
  });

  it("are one for each value of a list, without repeats and bounded", () => {
    expect(groupValues(fieldsOf({ A: ["x", "y", "x", ""], B: 5 }), ["A", "B"])).toEqual([
      ["x", "5"],
      ["y", "5"],
    ]);
    const many = Array.from({ length: 100 }, (_, i) => `v${i}`);
    expect(groupValues(fieldsOf({ A: many, B: many }), ["A", "B"])).toHaveLength(MAX_GROUPS_PER_RECORD);
    expect(groupValues(fieldsOf({ A: [""] }), ["A"])).toEqual([]);
  });

  it("are one for everything when there is no field to group by", () => {
    expect(groupValues(fieldsOf({}), [])).toEqual([[]]);
  });

  it("keep long values apart without keeping them", () => {
    const long = "a".repeat(1_000_000);
    const [[one = ""] = []] = groupValues(fieldsOf({ A: `${long}x` }), ["A"]);
    const [[other = ""] = []] = groupValues(fieldsOf({ A: `${long}y` }), ["A"]);
    expect(one.length).toBeLessThan(1_200);
    expect(one).not.toBe(other);
  });
});
