import { describe, expect, it } from "vitest";
import { TRUST_CLASSES } from "#contract/trust.ts";
import { STANDING } from "#contract/trust-words.ts";
import { worstClass } from "./class-order.ts";

describe("the worst class", () => {
  it("is null of none, and the only one of one", () => {
    expect(worstClass([])).toBeNull();
    for (const name of TRUST_CLASSES) expect(worstClass([name])).toBe(name);
  });

  it("is never a trusted one where another is not, in either order", () => {
    for (const good of TRUST_CLASSES.filter((name) => STANDING[name] === "trusted")) {
      for (const other of TRUST_CLASSES.filter((name) => STANDING[name] !== "trusted" && name !== "not-code")) {
        expect(worstClass([good, other])).toBe(other);
        expect(worstClass([other, good])).toBe(other);
      }
    }
  });

  it("keeps what is known to be bad over what could not be checked", () => {
    for (const bad of TRUST_CLASSES.filter((name) => STANDING[name] === "not-trusted"))
      expect(worstClass(["unknown", bad])).toBe(bad);
  });
});
