import { describe, expect, it } from "vitest";
import { PolicyPaths } from "./policy-paths.ts";
import { isProtectedPath } from "./protected-path.ts";

describe("isProtectedPath", () => {
  it.each([
    "/System/Library/CoreServices/Finder.app",
    "/usr/lib/dyld",
    "/usr/bin/codesign",
    "/bin/sh",
    "/sbin/launchd",
    "/Library/Apple/System/Library/CoreServices/XProtect.app",
    "/Library/Application Support/com.apple.TCC/TCC.db",
    "/Users/ana/Library/Application Support/com.apple.TCC/TCC.db",
    "/System/Volumes/Data/Library/Application Support/com.apple.TCC/TCC.db",
    "/private/var/db/SystemPolicyConfiguration/KextPolicy",
    "/var/db/SystemPolicy",
    "/SYSTEM/Library/x",
  ])("%s", (path) => {
    expect(isProtectedPath(path)).toBe(true);
  });

  it.each([
    "/usr/local/bin/tool",
    "/System/Volumes/Data/Users/ana/a",
    "/System/Volumes/Data/usr/local/x",
    "/System/Volumes/Preboot/x",
    "/Systematic/x",
    "/usrx",
    "/Library/Extensions/Ana.kext",
    "/Users/ana/System/x",
    "/etc/zshenv",
    "",
    "relative",
  ])("not %s", (path) => {
    expect(isProtectedPath(path)).toBe(false);
  });
});

describe("PolicyPaths", () => {
  const paths = new PolicyPaths([
    "/var/db/SystemPolicyConfiguration/*",
    "/Library/Preferences/com.apple.security*.plist",
    "/Library/Managed Preferences/*",
    "/Library/Extensions",
    "/System/Volumes/iSCPreboot/*/LocalPolicy",
    "/etc/zshenv",
    "/opt/a*b*c",
    "/",
  ]);

  it.each([
    ["/private/var/db/SystemPolicyConfiguration/KextPolicy", "/var/db/SystemPolicyConfiguration/*"],
    ["/var/db/SystemPolicyConfiguration/a/b", "/var/db/SystemPolicyConfiguration/*"],
    ["/private/var/db/SystemPolicyConfiguration", null],
    [
      "/Library/Preferences/com.apple.security.libraryvalidation.plist",
      "/Library/Preferences/com.apple.security*.plist",
    ],
    ["/Library/Preferences/com.apple.security.plist", "/Library/Preferences/com.apple.security*.plist"],
    ["/Library/Preferences/com.apple.securit.plist", null],
    ["/Library/Preferences/com.apple.dock.plist", null],
    ["/library/extensions/Ana.kext/Contents/Info.plist", "/Library/Extensions"],
    ["/Library/Extensions", "/Library/Extensions"],
    ["/System/Volumes/Data/Library/Extensions/x", "/Library/Extensions"],
    ["/Library/ExtensionsOld/x", null],
    ["/System/Volumes/iSCPreboot/4F/LocalPolicy/x.img4", "/System/Volumes/iSCPreboot/*/LocalPolicy"],
    ["/System/Volumes/iSCPreboot/LocalPolicy", null],
    ["/private/etc/zshenv", "/etc/zshenv"],
    ["/etc/zshenv", "/etc/zshenv"],
    ["/opt/a1b2c", "/opt/a*b*c"],
    ["/opt/abc", "/opt/a*b*c"],
    ["/opt/acb", null],
    ["/opt/ac", null],
    ["/Users/ana/a", null],
  ])("%s: %s", (path, expected) => {
    expect(paths.covering(path)).toBe(expected);
  });

  it("a hostile name costs no more than its length", () => {
    const many = new PolicyPaths([`/x/${"a*".repeat(200)}b`]);
    expect(many.covering(`/x/${"a".repeat(1_000_000)}`)).toBeNull();
    expect(new PolicyPaths([]).covering("/etc/zshenv")).toBeNull();
  });
});
