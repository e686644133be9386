import { describe, expect, it } from "vitest";
import { APP, appleTool, process } from "./events.fixture.ts";
import { readToolRun } from "./tool-action.ts";

const IDS: Record<string, string> = {
  xattr: "com.apple.xattr",
  codesign: "com.apple.security.codesign",
  spctl: "com.apple.spctl",
  csrutil: "com.apple.csrutil",
  nvram: "com.apple.nvram",
};

function run(...args: string[]) {
  const tool = args[0] ?? "";
  return readToolRun(appleTool(tool, IDS[tool] ?? ""), args, "/Users/ana/Downloads");
}

describe("readToolRun", () => {
  it.each([
    ["quarantine-removed", ["xattr", "-d", "com.apple.quarantine", APP]],
    ["quarantine-removed", ["xattr", "-rd", "com.apple.quarantine", APP]],
    ["quarantine-removed", ["xattr", "-dr", "com.apple.quarantine", APP]],
    ["quarantine-removed", ["xattr", "-r", "-d", "com.apple.quarantine", APP]],
    ["quarantine-removed", ["xattr", "-c", APP]],
    ["quarantine-removed", ["xattr", "-cr", APP]],
    ["quarantine-removed", ["xattr", "-rc", APP]],
    ["quarantine-removed", ["xattr", "-rsc", APP]],
    [null, ["xattr", "-d", "com.apple.metadata:kMDItemWhereFroms", APP]],
    [null, ["xattr", "-d", "com.example.color", "com.apple.quarantine"]],
    [null, ["xattr", "-p", "com.apple.quarantine", APP]],
    [null, ["xattr", "-w", "com.apple.quarantine", "-d", APP]],
    [null, ["xattr", "-l", APP]],
    ["re-signed", ["codesign", "--force", "--sign", "-", APP]],
    ["re-signed", ["codesign", "-f", "-s", "-", APP]],
    ["re-signed", ["codesign", "-fs", "-", APP]],
    ["re-signed", ["codesign", "-s-", APP]],
    ["re-signed", ["codesign", "--sign=-", APP]],
    ["re-signed", ["codesign", "--force", "--deep", "-s", "Ana Local", APP]],
    ["signature-removed", ["codesign", "--remove-signature", APP]],
    [null, ["codesign", "-s", "Developer ID Application: Ana", APP]],
    [null, ["codesign", "-dvvv", APP]],
    [null, ["codesign", "--verify", "--strict", APP]],
    ["gatekeeper-off", ["spctl", "--master-disable"]],
    ["gatekeeper-off", ["spctl", "--global-disable"]],
    [null, ["spctl", "--disable-status"]],
    [null, ["spctl", "--status"]],
    ["gatekeeper-rule", ["spctl", "--add", APP]],
    ["gatekeeper-rule", ["spctl", "--disable", "--label", "Ana"]],
    ["sip-weaken", ["csrutil", "disable"]],
    ["sip-weaken", ["csrutil", "clear"]],
    ["sip-weaken", ["csrutil", "enable", "--without", "fs"]],
    ["sip-weaken", ["csrutil", "authenticated-root", "disable"]],
    ["sip-weaken", ["csrutil", "allow-research-guests", "enable"]],
    [null, ["csrutil", "enable"]],
    [null, ["csrutil", "enable", "--no-internal"]],
    ["sip-status", ["csrutil", "status"]],
    ["sip-status", ["csrutil", "authenticated-root", "status"]],
    ["boot-args-write", ["nvram", "boot-args=amfi_get_out_of_my_way=1"]],
    ["sip-weaken", ["nvram", "csr-active-config=%7f%00%00%00"]],
    [null, ["nvram", "boot-args"]],
    [null, ["nvram", "-p"]],
    ["re-signed", ["ldid", "-S", "/tmp/tool"]],
    ["re-signed", ["ldid", "-Sentitlements.xml", "-Kkey.p12", "/tmp/tool"]],
    ["re-signed", ["ldid", "-s", "/tmp/tool"]],
    ["re-signed", ["ldid", "-MS", "/tmp/tool"]],
    ["signature-removed", ["ldid", "-r", "/tmp/tool"]],
    [null, ["ldid", "-e", "/tmp/tool"]],
    [null, ["ldid", "-h", "-arch", "arm64", "/tmp/tool"]],
    ["re-signed", ["rcodesign", "sign", APP]],
    ["re-signed", ["rcodesign", "-v", "sign", "--p12-file", "k.p12", "in", "out"]],
    [null, ["rcodesign", "verify", APP]],
    [null, ["rcodesign"]],
    ["re-signed", ["jsign", "--keystore", "k.p12", "/tmp/tool"]],
    ["re-signed", ["jsign", "sign", "/tmp/tool"]],
    ["signature-removed", ["jsign", "remove", "/tmp/tool"]],
    [null, ["jsign", "show", "/tmp/tool"]],
    [null, ["jsign", "--help"]],
  ])("%s: %j", (action, args) => {
    expect(run(...args)?.action).toBe(action);
  });

  it("a renamed copy is known by its signing id, a re-signed one by its name, and anything else is no tool", () => {
    const args = ["x", "-c", APP];
    expect(readToolRun(process({ path: "/tmp/helper", signingId: "com.apple.xattr" }), args, null)?.action).toBe(
      "quarantine-removed",
    );
    expect(readToolRun(process({ path: "/tmp/xattr", signingId: null }), args, null)?.action).toBe(
      "quarantine-removed",
    );
    expect(readToolRun(process({ path: "/tmp/xattr-notes", signingId: "constructor" }), args, null)).toBeNull();
  });

  it("resolves the files it is given to what they are part of", () => {
    expect(run("xattr", "-cr", "./Invoice Viewer.app/", "../Documents/./a.txt")?.targets).toEqual([
      APP,
      "/Users/ana/Documents/a.txt",
    ]);
    expect(
      run("codesign", "-fs", "-", "--entitlements", "e.plist", "Invoice Viewer.app/Contents/MacOS/Invoice Viewer")
        ?.targets,
    ).toEqual([APP]);
    expect(readToolRun(appleTool("xattr", "com.apple.xattr"), ["xattr", "-c", "a"], null)?.targets).toEqual([]);
    expect(run("xattr", "-c", "/tmp/a.out")?.targets).toEqual(["/private/tmp/a.out"]);
    expect(run("nvram", "boot-args=-v amfi=0x80")?.bootArgs).toBe("-v amfi=0x80");
  });

  it("other signers: every file they are given, by their names alone", () => {
    expect(run("ldid", "-Sent.xml", "kit/tool")?.targets).toEqual(["/Users/ana/Downloads/kit/tool"]);
    expect(run("rcodesign", "sign", "--p12-file", "k.p12", APP, "/tmp/B.app")?.targets).toEqual([
      "/Users/ana/Downloads/k.p12",
      APP,
      "/private/tmp/B.app",
    ]);
    expect(readToolRun(process({ path: "/opt/ldid-notes" }), ["ldid", "-S", "a"], null)).toBeNull();
  });

  it("bounds hostile arguments", () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `/x${index}`);
    expect(run("xattr", "-c", ...many)?.targets).toHaveLength(16);
    expect(() => run("codesign", `-${"f".repeat(1_000_000)}`, "/".repeat(1_000_000))).not.toThrow();
  });
});
