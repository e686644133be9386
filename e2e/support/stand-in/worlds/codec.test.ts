import { describe, expect, it } from "vitest";
import { createCodec } from "./codec.ts";

const codec = createCodec();
const cross = (value: unknown): unknown => codec.unpack(codec.pack(value));

describe("values cross as the structured clone algorithm has them", () => {
  const values: [string, unknown][] = [
    ["undefined", undefined],
    ["null", null],
    ["text with line and paragraph separators", "a\u2028b\u2029\u0000\ud800"],
    ["NaN", Number.NaN],
    ["minus infinity", -Infinity],
    ["a big integer", 2n ** 70n],
    ["a date", new Date(5)],
    ["a regular expression", /a+\/b/giu],
    ["a map with object keys", new Map<unknown, unknown>([[{ a: 1 }, new Set(["x", undefined])]])],
    ["bytes", new Uint8Array([0, 255, 7])],
    ["a window onto a buffer", new Uint16Array(new Uint16Array([1, 2, 3, 4]).buffer, 2, 2)],
    ["a buffer", new Uint8Array([1, 2]).buffer],
    ["nested lists", [[], [1, [2, { deep: undefined }]]]],
  ];
  it.each(values)("%s", (_name, value) => {
    expect(cross(value)).toStrictEqual(value);
  });

  it("keeps minus zero", () => {
    expect(Object.is(cross(-0), -0)).toBe(true);
  });

  it("keeps an invalid date invalid", () => {
    expect((cross(new Date(Number.NaN)) as Date).getTime()).toBeNaN();
  });

  it("drops prototypes", () => {
    class Secret {
      shown = 1;
      hidden(): number {
        return 2;
      }
    }
    expect(cross(new Secret())).toStrictEqual({ shown: 1 });
  });

  it("keeps an error's name only when it is one of the language's", () => {
    class Odd extends Error {
      override name = "Odd";
    }
    expect(cross(new RangeError("far"))).toMatchObject({ name: "RangeError", message: "far" });
    expect(cross(new Odd("odd"))).toMatchObject({ name: "Error", message: "odd" });
  });

  it("keeps identity and cycles", () => {
    const inner = { name: "inner" };
    const value: Record<string, unknown> = { a: inner, b: [inner, new Date(1)], c: new Map([[inner, inner]]) };
    value["self"] = value;
    const copy = cross(value) as typeof value;
    expect(copy["self"]).toBe(copy);
    expect((copy["b"] as unknown[])[0]).toBe(copy["a"]);
    expect((copy["c"] as Map<unknown, unknown>).get(copy["a"])).toBe(copy["a"]);
  });

  it("keeps a key named __proto__ a key", () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":true}}') as object;
    const copy = cross(hostile) as Record<string, unknown>;
    expect(Object.keys(copy)).toEqual(["__proto__"]);
    expect(copy["polluted"]).toBeUndefined();
  });

  it("does not mistake data for its own marks", () => {
    const value = { $: "date", v: 5 };
    expect(cross(value)).toStrictEqual(value);
  });
});

describe("what cannot be cloned is refused", () => {
  const values: [string, unknown][] = [
    ["a function", () => 1],
    ["a function below", { a: [{ b: () => 1 }] }],
    ["a symbol", Symbol("s")],
    ["a promise", Promise.resolve()],
    ["a weak map", new WeakMap()],
  ];
  it.each(values)("%s", (_name, value) => {
    expect(() => codec.pack(value)).toThrow("An object could not be cloned.");
  });
});
