import { MINUTE, SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "../cast.ts";
import { adHoc, cdhashOf, type Code, developerId, development, linkerSigned, platformBinary } from "../code.ts";
import { es, invalidated } from "../es.ts";
import { ANA_AS_ROOT, type LiveProcess, ROOT } from "../es-process.ts";
import { hum, typing } from "../hum.ts";
import { log } from "../log-lines.ts";
import type { Mac } from "../mac.ts";
import {
  buildInXcode,
  buildWithClang,
  buildWithGo,
  buildWithNpm,
  signOwnDebugBuild,
  upgradeWithBrew,
} from "../ordinary.ts";
import { type ProbeAnswer, probe } from "../probes.ts";
import { codesign } from "../looks.ts";
import { openShell, restart, scene, sudo } from "./scene.ts";

/**
 * Days on which much happens that looks like what Sealbar detects, and nothing is wrong. None of them may raise a
 * notification (the update at most one), nor fill more than a line of the digest.
 */

const tool = (name: string): Code => platformBinary(`/usr/bin/${name}`, `com.apple.${name}`);
const libexec = (name: string): Code => platformBinary(`/usr/libexec/${name}`, `com.apple.${name}`);
const FRAMEWORKS = "/System/Library/PrivateFrameworks";
const systemInstalld = platformBinary(
  `${FRAMEWORKS}/PackageKit.framework/Resources/system_installd`,
  "com.apple.system_installd",
);
const packageScripts = platformBinary(
  `${FRAMEWORKS}/PackageKit.framework/XPCServices/package_script_service.xpc/Contents/MacOS/package_script_service`,
  "com.apple.package_script_service",
);

/** Homebrew pours a cask: the mark is carried over to every file of the new app, then the app starts. */
function upgradeCask(mac: Mac, shell: LiveProcess): void {
  const ruby = linkerSigned("/opt/homebrew/Library/Homebrew/vendor/portable-ruby/3.4.7/bin/ruby");
  const brew = mac.launch(shell, ruby, { args: ["ruby", "brew.rb", "upgrade", "--cask", "lantern"], env: SHELL_ENV });
  const staged = "/opt/homebrew/Caskroom/lantern/3.2.0/Lantern.app";
  mac.run(brew, cast.curl, { args: ["curl", "--location", "https://lantern.example.invalid/3.2.0.zip"] });
  const ditto = mac.launch(brew, tool("ditto"), { args: ["ditto", "-x", "-k", "lantern.zip", staged] });
  mac.event(ditto, es.create(`${staged}/Contents/MacOS/Lantern`, 0o100755));
  mac.event(ditto, es.close(`${staged}/Contents/MacOS/Lantern`));
  mac.exit(ditto);
  const xargs = mac.launch(brew, tool("xargs"), { args: ["xargs", "-0", "--", "xattr", "-w"] });
  const mark = "0181;691d7c11;Homebrew Cask;5D0E6E0A-8F0B-43E5-8B0C-1C8C2A6C1E10";
  const xattr = mac.launch(xargs, cast.xattr, { args: ["xattr", "-w", "com.apple.quarantine", mark, staged] });
  mac.event(xattr, es.setextattr(staged, "com.apple.quarantine"));
  mac.exit(xattr);
  mac.exit(xargs);
  const move = mac.launch(brew, platformBinary("/bin/mv", "com.apple.mv"), {
    args: ["mv", staged, "/Applications/Lantern.app"],
  });
  mac.event(move, es.rename(staged, "/Applications/Lantern.app"));
  mac.exit(move);
  mac.exit(brew);
  mac.wait(20 * SECOND);
  const { path, signingId, teamId } = cast.lanternEditor;
  const next = { ...developerId(path, signingId ?? "", teamId ?? ""), cdhash: cdhashOf(path, "3.2.0") };
  mac.launch(mac.launchd, next, { app: true });
}

/** brew looks at the Mac before it builds, and so do installers' scripts. */
function brewDoctor(mac: Mac, shell: LiveProcess): void {
  const ruby = linkerSigned("/opt/homebrew/Library/Homebrew/vendor/portable-ruby/3.4.7/bin/ruby");
  const brew = mac.launch(shell, ruby, { args: ["ruby", "brew.rb", "doctor"], env: SHELL_ENV });
  mac.run(brew, tool("xcode-select"), { args: ["xcode-select", "--print-path"] });
  mac.run(brew, tool("sw_vers"), { args: ["sw_vers"] });
  mac.run(brew, cast.csrutil, { args: ["csrutil", "status"] });
  mac.exit(brew);
}

const developerBuild = scene("noise developer build", (mac, shell) => {
  mac.launch(mac.launchd, cast.lanternEditor, { app: true });
  hum(mac, 2);
  brewDoctor(mac, shell);
  upgradeWithBrew(mac, shell);
  upgradeCask(mac, shell);
  typing(mac, shell, 2);
  buildInXcode(mac);
  hum(mac, 1);
  buildWithNpm(mac, shell);
  buildWithGo(mac, shell);
  for (const build of ["1", "2"]) buildWithClang(mac, shell, build);
  typing(mac, shell, 2);
  signOwnDebugBuild(mac, shell);
  hum(mac, 1);
});

const UPDATED_PROGRAMS = 500;
const OLD_LEAF = ["Software Signing", "Apple Code Signing Certification Authority", "Apple Root CA"];

/** One of macOS's own programs in one of its builds. */
function appleProgram(index: number, build: string): Code {
  const folder = ["/usr/libexec", "/usr/bin", "/usr/sbin", "/System/Library/CoreServices"][index % 4] ?? "/usr/bin";
  const name = `tided${index}`;
  const path = `${folder}/${name}`;
  return { ...platformBinary(path, `com.apple.${name}`), cdhash: cdhashOf(path, build) };
}

/** The first look at what runs: the standard tier's, and what is there when Sealbar starts. */
function snapshotAll(mac: Mac, build: string): void {
  for (let index = 0; index < UPDATED_PROGRAMS; index++) {
    const code = appleProgram(index, build);
    mac.capture.proc("new", mac.already(code, { as: ROOT }), [code.path]);
    mac.wait(2000);
  }
}

/** XProtect's new rules, a package with a script of Apple's, and the policy database that follows. */
function softwareUpdate(mac: Mac): void {
  const updater = mac.launch(mac.launchd, cast.softwareUpdate, { as: ROOT });
  const xprotect = "/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Resources";
  for (const name of ["XProtect.yara", "XProtect.plist", "gk.db"]) {
    mac.event(updater, es.create(`${xprotect}/${name}`));
    mac.event(updater, es.write(`${xprotect}/${name}`));
    mac.event(updater, es.close(`${xprotect}/${name}`));
  }
  const installd = mac.launch(mac.launchd, systemInstalld, { as: ROOT });
  const service = mac.launch(installd, packageScripts, { as: ROOT });
  const script = mac.launch(service, cast.sh, {
    args: ["/bin/sh", "/tmp/PKInstallSandbox.k1q9Zx/Scripts/com.apple.pkg.XProtectPlistConfigData/postinstall"],
    as: ROOT,
  });
  const copy = mac.launch(script, platformBinary("/bin/cp", "com.apple.cp"), {
    args: ["cp", "-R", "staged", xprotect],
    as: ROOT,
  });
  mac.event(copy, es.create(`${xprotect}/XProtect.json`));
  mac.event(copy, es.write(`${xprotect}/XProtect.json`));
  mac.exit(copy);
  mac.exit(script);
  mac.exit(service);
  mac.event(installd, es.rename(`${xprotect}/.staged`, `${xprotect}/XProtect.meta.plist`));
  mac.exit(installd);
  const policy = mac.already(cast.syspolicyd, { as: ROOT });
  mac.event(policy, es.write("/private/var/db/SystemPolicyConfiguration/ExecPolicy"));
  mac.exit(updater);
}

const updateDay = scene(
  "noise update day",
  (mac) => {
    snapshotAll(mac, "25B78");
    softwareUpdate(mac);
    mac.run(mac.launchd, cast.shutdown, { args: ["shutdown", "-r", "now"], as: ROOT });
    mac.capture.bye();
    mac.wait(22 * MINUTE);
    mac.os = "26.2";
    mac.build = "25C56";
    mac.boot();
    mac.probes(mac.healthyProbes());
    const shell = openShell(mac);
    snapshotAll(mac, mac.build);
    for (let index = 0; index < 12; index++) {
      const code = appleProgram(index, mac.build);
      const running = mac.launch(mac.launchd, code, { as: ROOT });
      // Its pages on disk were replaced while it was mapped.
      if (index % 4 === 0) mac.event(invalidated(running), es.csInvalidated());
      mac.log(log.kernel.sandboxDenied(code.path, running.pid, "file-read-data", "/private/var/db/tides"));
    }
    for (let index = 12; index < 20; index++) {
      const code = appleProgram(index, mac.build);
      const authorities = index % 2 === 0 ? OLD_LEAF : ["Apple Software Signing 2", ...OLD_LEAF.slice(1)];
      mac.capture.file({
        path: code.path,
        quarantine: null,
        provenance: null,
        mode: 0o755,
        size: 204_800 + index,
        mtime: "2026-11-12T06:00:00.000000Z",
        cdhash: code.cdhash.toLowerCase(),
        assessment: null,
        codesign: codesign.display(code, authorities),
      });
    }
    softwareUpdate(mac);
    typing(mac, shell, 1);
    hum(mac, 2);
  },
  { sources: ["es", "log", "proc", "probe"] },
);

const mdmclient = libexec("mdmclient");
const harbourAgent = developerId(
  "/Library/Application Support/Harbour/agent",
  "org.example.harbour.agent",
  "R5N8D2V6TK",
  0,
);
const ORGANIZATION = "Harbour Cooperative";
const PROFILES = [
  ["org.example.harbour.enrolment", "Enrolment"],
  ["org.example.harbour.wifi", "Office Wi-Fi"],
  ["org.example.harbour.root", "Harbour Root CA"],
  ["org.example.harbour.systempolicy", "Gatekeeper"],
  ["org.example.harbour.updates", "Software Update"],
] as const;

/** A new employee's Mac: profiles, the organization's certificate, managed settings, and its agent from a package. */
const mdmEnrolment = scene("noise mdm enrolment", (mac, shell) => {
  hum(mac, 2);
  const settings = mac.launch(mac.launchd, cast.systemSettings, { app: true });
  sudo(
    mac,
    shell,
    platformBinary("/usr/bin/profiles", "com.apple.profiles"),
    ["profiles", "renew", "-type", "enrollment"],
    0,
  );
  const client = mac.launch(mac.launchd, mdmclient, { args: [mdmclient.path, "daemon"], as: ROOT });
  for (const [identifier, name] of PROFILES) {
    mac.wait(3 * SECOND);
    mac.event(client, es.profileAdd(client, identifier, name, ORGANIZATION));
  }
  for (const domain of ["com.apple.systempolicy.control", "com.apple.SoftwareUpdate", "org.example.harbour"]) {
    const plist = `/Library/Managed Preferences/ana/${domain}.plist`;
    mac.event(client, es.create(plist));
    mac.event(client, es.write(plist));
    mac.event(client, es.close(plist));
  }
  const securityd = mac.launch(mac.launchd, libexec("securityd_service"), { as: ROOT });
  mac.event(securityd, es.write("/Library/Keychains/System.keychain"));
  mac.event(securityd, es.close("/Library/Keychains/System.keychain"));
  mac.exit(securityd);
  hum(mac, 2);
  installAgent(mac);
  mac.exit(client);
  mac.exit(settings);
  hum(mac, 2);
  typing(mac, shell, 2);
});

/** The management's package: its agent reads the Mac's protections, as every such agent does on the hour. */
function installAgent(mac: Mac): void {
  const installd = mac.launch(mac.launchd, systemInstalld, { as: ROOT });
  mac.event(installd, es.create(harbourAgent.path, 0o100755));
  mac.event(installd, es.close(harbourAgent.path));
  mac.exit(installd);
  mac.wait(5 * SECOND);
  const agent = mac.launch(mac.launchd, harbourAgent, { args: [harbourAgent.path, "--report"], as: ROOT });
  mac.event(
    agent,
    es.btmLaunchItemAdd({
      instigator: agent,
      itemUrl: "file:///Library/LaunchDaemons/org.example.harbour.agent.plist",
      executablePath: harbourAgent.path,
      itemType: 4,
    }),
  );
  mac.run(agent, tool("security"), {
    args: [
      "security",
      "add-trusted-cert",
      "-d",
      "-r",
      "trustRoot",
      "-k",
      "/Library/Keychains/System.keychain",
      "/Library/Application Support/Harbour/root.pem",
    ],
    as: ROOT,
  });
  mac.run(agent, tool("defaults"), {
    args: ["defaults", "write", "/Library/Preferences/com.apple.SoftwareUpdate", "ConfigDataInstall", "-bool", "true"],
    as: ROOT,
  });
  for (let report = 0; report < 2; report++) {
    mac.run(agent, cast.csrutil, { args: ["csrutil", "status"], as: ROOT });
    mac.run(agent, cast.spctl, { args: ["spctl", "--status"], as: ROOT });
    mac.run(agent, platformBinary("/usr/bin/profiles", "com.apple.profiles"), { args: ["profiles", "list"], as: ROOT });
    hum(mac, 1);
  }
}

const DEBUG_TOOLS = "/Applications/Xcode.app/Contents/Developer";
const lldb = platformBinary(`${DEBUG_TOOLS}/usr/bin/lldb`, "com.apple.lldb");
const debugserver = platformBinary(
  "/Applications/Xcode.app/Contents/SharedFrameworks/LLDB.framework/Versions/A/Resources/debugserver",
  "com.apple.debugserver",
);

/** A session in lldb: the server takes hold of the program, and its breakpoints change the program's pages. */
function debug(mac: Mac, starter: LiveProcess, program: Code, env: readonly string[]): void {
  const server = mac.launch(starter, debugserver, { args: [debugserver.path, "--fd=4", "--native-regs"] });
  const running = mac.launch(server, program, { args: [program.path, "--verbose"], env: [...SHELL_ENV, ...env] });
  mac.event(server, es.trace(running));
  mac.event(server, es.getTask(running));
  mac.event(invalidated(running), es.csInvalidated());
  mac.wait(40 * SECOND);
  mac.event(server, es.getTask(running));
  mac.exit(running, { signal: 9 });
  mac.exit(server);
}

const debuggerDay = scene("noise debugger day", (mac, shell) => {
  hum(mac, 2);
  const cwd = `${HOME}/Developer/tides`;
  mac.run(shell, platformBinary("/usr/sbin/DevToolsSecurity", "com.apple.DevToolsSecurity"), {
    args: ["DevToolsSecurity", "-status"],
    env: SHELL_ENV,
  });
  sudo(
    mac,
    shell,
    platformBinary("/usr/sbin/DevToolsSecurity", "com.apple.DevToolsSecurity"),
    ["DevToolsSecurity", "-enable"],
    0,
  );
  for (const build of ["1", "2"]) {
    buildWithClang(mac, shell, build);
    const debugger_ = mac.launch(shell, lldb, { args: ["lldb", "--", "./a.out"], env: SHELL_ENV, cwd });
    debug(mac, debugger_, linkerSigned(`${cwd}/a.out`, build), ["DYLD_LIBRARY_PATH=/Users/ana/Developer/tides/lib"]);
    mac.exit(debugger_);
    typing(mac, shell, 1);
  }
  const xcode = mac.launch(mac.launchd, cast.xcode, { app: true });
  const products = cast.latticeDebug.path.slice(0, cast.latticeDebug.path.indexOf("/Lattice Notes.app"));
  for (const build of ["1", "2"]) {
    const { path, signingId, teamId } = cast.latticeDebug;
    debug(mac, xcode, development(path, signingId ?? "", teamId ?? "", build), [
      `DYLD_FRAMEWORK_PATH=${products}`,
      `DYLD_INSERT_LIBRARIES=${DEBUG_TOOLS}/usr/lib/libMainThreadChecker.dylib`,
      "OS_ACTIVITY_DT_MODE=YES",
    ]);
    hum(mac, 1);
  }
  const watched = mac.launch(shell, linkerSigned(`${cwd}/a.out`, "2"), { args: ["./a.out"], env: SHELL_ENV, cwd });
  for (const name of ["sample", "leaks", "vmmap"]) {
    const looker = mac.launch(shell, tool(name), { args: [name, String(watched.pid)], env: SHELL_ENV });
    mac.event(looker, es.getTask(watched));
    mac.exit(looker);
  }
  mac.exit(watched);
  signOwnDebugBuild(mac, shell);
  hum(mac, 1);
});

/** As a Mac that OpenCore Legacy Patcher keeps alive reports itself: parts of SIP off, and AMFI told to look away. */
function patchedMac(mac: Mac): ProbeAnswer[] {
  const bootArgs = "amfi=0x80";
  const { bootUuid, bootTime } = mac;
  return [
    probe.csrutilStatus({ off: ["Filesystem Protections", "Debugging Restrictions", "Kext Signing"] }),
    probe.authenticatedRoot("disabled"),
    probe.spctlStatus("enabled"),
    probe.sysctl({ bootUuid, bootTime, bootArgs }),
    probe.nvramBootArgs(bootArgs),
    probe.ibridge({ secureBoot: "Permissive Security", sip: "Custom Configuration", ssv: "Disabled" }),
    probe.mount(false),
    probe.swVers(mac.os, mac.build),
  ];
}

/** What such a Mac runs all day: programs signed ad hoc by the patcher, and a developer's own. */
function ordinaryUse(mac: Mac, shell: LiveProcess): void {
  const patcher = adHoc("/Library/Application Support/Patcher/patch-agent", "patch-agent");
  mac.adHocRemarks(patcher);
  mac.run(mac.launchd, patcher, { as: ROOT, lasting: 2 * SECOND });
  buildWithClang(mac, shell, "1");
  signOwnDebugBuild(mac, shell);
  upgradeWithBrew(mac, shell);
  hum(mac, 2);
  typing(mac, shell, 2);
}

const weakenedBaseline = scene(
  "noise weakened baseline",
  (mac, shell) => {
    hum(mac, 1);
    mac.capture.baseline({ by: "ana", reason: "This Mac needs the patcher's settings to run this macOS." });
    mac.probes(patchedMac(mac));
    ordinaryUse(mac, shell);
    const again = restart(mac, patchedMac);
    mac.wait(20 * SECOND);
    ordinaryUse(mac, again);
    mac.run(again, tool("uptime"), { args: ["uptime"], env: SHELL_ENV, as: ANA_AS_ROOT });
  },
  { probes: patchedMac },
);

export const NOISE_SCENARIOS = {
  "noise-developer-build": developerBuild,
  "noise-update-day": updateDay,
  "noise-mdm-enrolment": mdmEnrolment,
  "noise-debugger-day": debuggerDay,
  "noise-weakened-baseline": weakenedBaseline,
} as const;
