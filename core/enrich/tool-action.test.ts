import { describe, expect, it } from "vitest";
import { APP, appleTool, process } from "./events.fixture.ts";
import { readSudoCommand, readToolRun } from "./tool-action.ts";

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
    ["quarantine-written", ["xattr", "-w", "com.apple.quarantine", "-d", APP]],
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
    ["research-guests-allowed", ["csrutil", "allow-research-guests", "enable"]],
    [null, ["csrutil", "enable"]],
    [null, ["csrutil", "enable", "--no-internal"]],
    ["sip-status", ["csrutil", "status"]],
    ["sip-status", ["csrutil", "authenticated-root", "status"]],
    ["boot-args-write", ["nvram", "boot-args=amfi_get_out_of_my_way=1"]],
    ["csr-config-write", ["nvram", "csr-active-config=%7f%00%00%00"]],
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

  it.each([
    ["quarantine-written", "xattr -w com.apple.quarantine 0083;0;; /tmp/a"],
    [null, "xattr -w com.example.color red /tmp/a"],
    ["gatekeeper-off", "spctl --global-d"],
    ["gatekeeper-off", "spctl --master-disabl"],
    [null, "spctl --global-enable"],
    [null, "spctl --disable-status"],
    ["developer-mode-on", "spctl developer-mode enable-terminal"],
    ["developer-mode-on", "DevToolsSecurity -enable"],
    [null, "DevToolsSecurity -status"],
    [null, "DevToolsSecurity -disable"],
    ["lsquarantine-off", "defaults write com.apple.LaunchServices LSQuarantine -bool NO"],
    ["lsquarantine-off", "defaults -currentHost write com.apple.LaunchServices LSQuarantine -bool false"],
    [
      "lsquarantine-off",
      "defaults -host here write /Users/ana/Library/Preferences/com.apple.LaunchServices LSQuarantine 0",
    ],
    [null, "defaults write com.apple.LaunchServices LSQuarantine -bool YES"],
    [null, "defaults read com.apple.LaunchServices LSQuarantine"],
    [null, "defaults delete com.apple.LaunchServices LSQuarantine"],
    ["gatekeeper-rearm-off", "defaults write /Library/Preferences/com.apple.security GKAutoRearm -bool false"],
    [null, "defaults write /Library/Preferences/com.apple.security GKAutoRearm -bool true"],
    ["xprotect-off", "defaults write /Library/Preferences/com.apple.SoftwareUpdate.plist ConfigDataInstall -bool NO"],
    ["xprotect-off", "defaults write /Library/Preferences/com.apple.SoftwareUpdate CriticalUpdateInstall -int 0"],
    [null, "defaults write /Library/Preferences/com.apple.SoftwareUpdate AutomaticDownload -bool NO"],
    [
      "library-validation-off",
      "defaults write /Library/Preferences/com.apple.security.libraryvalidation.plist DisableLibraryValidation -bool true",
    ],
    [null, "defaults write /Library/Preferences/com.apple.security.libraryvalidation DisableLibraryValidation 0"],
    ["trust-root-added", "security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ca.crt"],
    ["trust-root-added", "security -v add-trusted-cert ca.crt"],
    ["trust-root-added", "security trust-settings-import -d all.plist"],
    [null, "security add-trusted-cert -r deny ca.crt"],
    [null, "security find-certificate -a"],
    ["recovery-boot", "nvram recovery-boot-mode=unused"],
    ["recovery-boot", "nvram internet-recovery-mode=RecoveryModeDisk"],
    ["csr-config-write", "nvram boot-args=-v csr-active-config=%7f%00"],
    ["boot-args-write", "nvram 7C436110-AB2A-4BBB-A880-FE41995C9F82:boot-args=amfi=0x80"],
    [null, "nvram -d recovery-boot-mode"],
    [null, "nvram SystemAudioVolume=%80"],
    ["recovery-boot", "bless --mount /Volumes/Recovery --setBoot --nextonly"],
    [null, "bless --info /Volumes/Recovery"],
    [null, "bless --mount / --setBoot"],
    ["restart", "reboot"],
    ["restart", "shutdown -r now"],
    ["restart", "shutdown -h now"],
    ["restart", "halt -q"],
    ["restart", "launchctl reboot"],
    [null, "shutdown -s now"],
    [null, "shutdown -k now bye"],
    [null, "launchctl reboot logout"],
    ["boot-policy-write", "bputil -nkcas"],
    ["boot-policy-write", "bputil -u ana -p word -g"],
    ["boot-policy-write", "bputil -f"],
    ["boot-policy-write", "bputil --disable-ssv"],
    [null, "bputil -d"],
    [null, "bputil -e"],
    [null, "bputil -j"],
    [null, "bputil -d -v AABBCCDD-EEFF"],
    [null, "bputil --display-policy"],
    [null, "bputil -u -n -d"],
    ["kernel-variable-write", "sysctl -w vm.cs_debug=1"],
    ["kernel-variable-write", "sysctl kern.maxfiles=65536"],
    ["kernel-variable-write", "sysctl security.mac.amfi.x=0"],
    [null, "sysctl -n kern.bootargs"],
    [null, "sysctl net.inet.ip.forwarding=1"],
    ["kext-load", "kextload /Library/Extensions/Ana.kext"],
    ["kext-load", "kmutil load -p /Library/Extensions/Ana.kext"],
    [null, "kmutil showloaded"],
    ["kernel-configure", "kmutil configure-boot -v /Volumes/Macintosh -c kc"],
    ["kernel-configure", "kmutil trigger-panic-medic"],
    ["enforcement-unload", "launchctl bootout system/com.apple.security.syspolicy"],
    ["enforcement-unload", "launchctl unload -w /System/Library/LaunchDaemons/com.apple.XProtect.daemon.scan.plist"],
    ["enforcement-unload", "launchctl kill SIGKILL system/com.apple.trustd"],
    ["enforcement-unload", "launchctl disable system/com.apple.MobileFileIntegrity"],
    ["enforcement-unload", "killall -9 amfid"],
    ["enforcement-unload", "pkill -f /usr/libexec/syspolicyd"],
    ["enforcement-unload", "killall XProtectService"],
    [null, "launchctl print system/com.apple.trustd"],
    [null, "launchctl bootout gui/501/com.example.trustdoor"],
    [null, "killall Finder"],
    [null, "killall -0 trustd"],
    [null, "killall -s trustd"],
    [null, "kill -9 4711"],
    ["quarantine-history-erased", "sqlite3 /q.db DELETE-FROM-LSQuarantineEvent"],
    [null, "sqlite3 /q.db select-*-from-LSQuarantineEvent"],
    ["profile-change", "profiles install -path /tmp/a.mobileconfig"],
    ["profile-change", "profiles remove -identifier com.example.wifi"],
    ["profile-change", "profiles -I -F /tmp/a.mobileconfig"],
    ["profile-change", "profiles -R -p com.example.wifi"],
    [null, "profiles status -type enrollment"],
    [null, "profiles show"],
  ])("%s: %s", (action, command) => {
    expect(run(...command.split(" "))?.action).toBe(action);
  });

  it("tells which kernel variables a sysctl writes, and a boot argument beside another variable", () => {
    expect(run("sysctl", "-w", "vm.cs_debug=1", "net.inet.x=1", "kern.y=2")?.kernelVariables).toEqual([
      "vm.cs_debug=1",
      "kern.y=2",
    ]);
    const many = Array.from({ length: 1000 }, (_, index) => `kern.v${index}=${"1".repeat(1000)}`);
    const written = run("sysctl", ...many)?.kernelVariables ?? [];
    expect(written).toHaveLength(16);
    expect(Math.max(...written.map((one) => one.length))).toBeLessThan(300);
    expect(run("nvram", "boot-args=-v", "csr-active-config=%7f")?.bootArgs).toBe("-v");
  });

  it.each([
    ["sip-weaken", "/usr/bin/csrutil disable", []],
    ["gatekeeper-off", "/usr/sbin/spctl --global-disable", []],
    ["boot-args-write", "/usr/sbin/nvram boot-args=amfi_get_out_of_my_way=1 -v", []],
    ["quarantine-removed", `/usr/bin/xattr -cr ${APP} /tmp/b.app`, [APP, "/private/tmp/b.app"]],
    ["kernel-variable-write", "/usr/sbin/sysctl -w vm.cs_debug=1", []],
    [null, "/usr/bin/csrutil enable", []],
  ])("%s, as sudo logs it: %s", (action, command, targets) => {
    expect(readSudoCommand(command, "/Users/ana")).toMatchObject({ action, targets });
  });

  it("a command of sudo that is no tool, or no command, is none", () => {
    expect(readSudoCommand("/bin/ls /usr/bin/csrutil disable", "/")).toBeNull();
    expect(readSudoCommand("", null)).toBeNull();
    expect(readSudoCommand("/usr/sbin/nvram boot-args=-v amfi=0x80", null)?.bootArgs).toBe("-v amfi=0x80");
    expect(readSudoCommand(" csrutil disable", null)).toBeNull();
    expect(readSudoCommand(`/usr/bin/xattr -c ${"/x ".repeat(1_000_000)}`, null)?.targets.length).toBeLessThan(17);
    expect(() => readSudoCommand(`/usr/bin/xattr -c /${"a ".repeat(1_000_000)}`, null)).not.toThrow();
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
