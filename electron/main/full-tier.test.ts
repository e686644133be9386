import { describe, expect, it } from "vitest";
import { enableFullTier } from "./full-tier.ts";

function mac(status: string, { packaged = true, refuses = false, opens = true } = {}) {
  const calls: string[] = [];
  const deps = {
    packaged,
    register: () => {
      calls.push("register");
      if (refuses) throw new Error("Operation not permitted");
    },
    status: () => status,
    openSystemSettings: async (address: string) => {
      calls.push(address);
      if (!opens) throw new Error("no such pane");
    },
  };
  return { deps, calls };
}

describe("turning the full tier on", () => {
  it("is done when macOS says so, and then asks for nothing more", async () => {
    const { deps, calls } = mac("enabled");
    expect(await enableFullTier(deps)).toBe("enabled");
    expect(calls).toEqual(["register"]);
  });

  it.each([true, false])("leads to the place where the user allows it (which opens: %s)", async (opens) => {
    const { deps, calls } = mac("requires-approval", { opens });
    expect(await enableFullTier(deps)).toBe("needs-approval");
    expect(calls).toEqual(["register", "x-apple.systempreferences:com.apple.LoginItems-Settings.extension"]);
  });

  it.each(["not-registered", "not-found", "something new"])("has failed when macOS says “%s”", async (status) => {
    expect(await enableFullTier(mac(status).deps)).toBe("failed");
  });

  it("has failed when macOS refuses", async () => {
    expect(await enableFullTier(mac("enabled", { refuses: true }).deps)).toBe("failed");
  });

  it("asks nobody from source", async () => {
    const { deps, calls } = mac("enabled", { packaged: false });
    expect(await enableFullTier(deps)).toBe("from-source");
    expect(calls).toEqual([]);
  });
});
