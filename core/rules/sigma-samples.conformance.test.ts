import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FieldValue } from "#core/base/fields.ts";
import { fieldsOf } from "./examples.ts";
import { loadRules } from "./load-rules.ts";
import { RuleSet } from "./rule-set.ts";

const FOLDER = join(import.meta.dirname, "../../../shared/samples/sigma-macos");

/** Constructed records; each rule by its file's name without the common beginning. */
const cases: [rule: string, fields: Record<string, FieldValue>, matches: boolean][] = [
  ["emond_launch_daemon", { TargetFilename: "/private/etc/emond.d/rules/a.plist" }, true],
  ["emond_launch_daemon", { TargetFilename: "/private/var/db/emondClients/a" }, true],
  ["emond_launch_daemon", { TargetFilename: "/private/etc/emond.d/rules/a.txt" }, false],
  ["binary_padding", { Image: "/usr/bin/truncate", CommandLine: "truncate -s +5M a" }, true],
  ["binary_padding", { Image: "/bin/dd", CommandLine: "dd if=/dev/zero of=a" }, true],
  ["binary_padding", { Image: "/bin/dd", CommandLine: "dd if=a of=b" }, false],
  ["csrutil_disable", { Image: "/usr/bin/csrutil", CommandLine: "csrutil disable" }, true],
  ["csrutil_disable", { Image: "/usr/bin/csrutil", CommandLine: "csrutil status" }, false],
  ["csrutil_status", { Image: "/usr/bin/csrutil", CommandLine: "csrutil status" }, true],
  ["csrutil_status", { Image: "/usr/bin/csrutil", CommandLine: "csrutil disable" }, false],
  [
    "disable_security_tools",
    { Image: "/bin/launchctl", CommandLine: "launchctl unload com.google.santad.plist" },
    true,
  ],
  ["disable_security_tools", { Image: "/usr/sbin/spctl", CommandLine: "spctl --master-disable" }, true],
  ["disable_security_tools", { Image: "/bin/launchctl", CommandLine: "launchctl unload com.example.plist" }, false],
  ["file_and_directory_discovery", { Image: "/usr/bin/file", CommandLine: "x".repeat(200) }, true],
  ["file_and_directory_discovery", { Image: "/usr/bin/file", CommandLine: "file a" }, false],
  ["file_and_directory_discovery", { Image: "/bin/ls", CommandLine: "ls -R /" }, true],
  ["file_and_directory_discovery", { Image: "/tree", CommandLine: "tree" }, true],
  ["jxa_in_memory_execution", { CommandLine: "osascript -l JavaScript -e eval($.NSData.dataWithContentsOfURL)" }, true],
  ["jxa_in_memory_execution", { CommandLine: "osascript -e eval(NSData.dataWithContentsOfURL) a.js" }, true],
  ["jxa_in_memory_execution", { CommandLine: "osascript -l JavaScript a.scpt" }, false],
  ["local_account", { Image: "/usr/bin/dscl", CommandLine: "dscl . list /Users" }, true],
  ["local_account", { Image: "/usr/bin/awk", CommandLine: "awk '/x:0:'" }, true],
  ["local_account", { Image: "/bin/ls", CommandLine: "sh -c 'ls /Users'" }, true],
  ["local_account", { Image: "/bin/ls", CommandLine: "ls /Users/ana" }, false],
  ["remote_system_discovery", { Image: "/sbin/ping", CommandLine: "ping 10.0.0.1" }, true],
  ["remote_system_discovery", { Image: "/sbin/ping", CommandLine: "ping 203.0.113.9" }, false],
  [
    "susp_browser_child_process",
    { ParentImage: "/Applications/Safari.app/x", Image: "/bin/sh", CommandLine: "sh -c id" },
    true,
  ],
  ["susp_browser_child_process", { ParentImage: "/Applications/Safari.app/x", Image: "/bin/sh" }, false],
  [
    "susp_browser_child_process",
    { ParentImage: "/Applications/Safari.app/x", Image: "/bin/sh", CommandLine: "" },
    false,
  ],
  [
    "susp_browser_child_process",
    {
      ParentImage: "/Applications/Google Chrome.app/x",
      Image: "/bin/sh",
      CommandLine: "sh /Volumes/Google Chrome/Google Chrome.app/Contents/Frameworks/V1/Resources/install.sh",
    },
    false,
  ],
  ["xattr_gatekeeper_bypass", { Image: "/usr/bin/xattr", CommandLine: "xattr -d com.apple.quarantine a.app" }, true],
  ["xattr_gatekeeper_bypass", { Image: "/usr/bin/xattr", CommandLine: "xattr -l a.app" }, false],
];

describe.skipIf(!existsSync(FOLDER))("SigmaHQ's rules for macOS, read in place", () => {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".yml")) : [];
  const library = loadRules(
    files.map((file) => ({ file, text: readFileSync(join(FOLDER, file), "utf8") })),
    {},
  );
  const set = new RuleSet(library.rules);

  it("loads all of them without a problem", () => {
    expect(library.problems).toEqual([]);
    expect(library.rules).toHaveLength(files.length);
    expect(files.length).toBeGreaterThan(0);
  });

  it("has a matching and a near-miss record for each", () => {
    for (const { file } of library.rules) {
      const own = cases.filter(([rule]) => file.includes(`_macos_${rule}.yml`));
      expect({ file, kinds: new Set(own.map(([, , matches]) => matches)).size }).toEqual({ file, kinds: 2 });
    }
  });

  it.each(cases)("%s on %o: %s", (rule, fields, matches) => {
    const category = rule.startsWith("emond") ? "file_event" : "process_creation";
    const found = set.match(fieldsOf(fields, { category, service: "endpointsecurity" }));
    expect(found.some(({ file }) => file.includes(`_macos_${rule}.yml`))).toBe(matches);
  });
});
