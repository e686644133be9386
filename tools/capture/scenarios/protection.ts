import { MINUTE, SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "../cast.ts";
import { adHoc, type Code, developerId, platformBinary } from "../code.ts";
import { es } from "../es.ts";
import { ANA_AS_ROOT, type LiveProcess, ROOT } from "../es-process.ts";
import type { Mac } from "../mac.ts";
import { type BridgeFacts, type ProbeAnswer, probe } from "../probes.ts";
import { restart, scene, sudo } from "./scene.ts";

const PACKAGE_KIT = "/System/Library/PrivateFrameworks/PackageKit.framework/Resources";

/** Apple's signing ids here are UNVERIFIED; the rules know the programs by their paths too. */
const apple = {
  bputil: platformBinary("/usr/bin/bputil", "com.apple.bputil"),
  sysctl: platformBinary("/usr/sbin/sysctl", "com.apple.sysctl"),
  defaults: platformBinary("/usr/bin/defaults", "com.apple.defaults"),
  kmutil: platformBinary("/usr/bin/kmutil", "com.apple.kmutil"),
  kernelmanagerd: platformBinary("/usr/libexec/kernelmanagerd", "com.apple.kernelmanagerd"),
  installd: platformBinary(`${PACKAGE_KIT}/installd`, "com.apple.installd"),
  systemInstalld: platformBinary(`${PACKAGE_KIT}/system_installd`, "com.apple.system_installd"),
  storagekitd: platformBinary(
    "/System/Library/PrivateFrameworks/StorageKit.framework/Resources/storagekitd",
    "com.apple.storagekitd",
  ),
  cp: platformBinary("/bin/cp", "com.apple.cp"),
  tee: platformBinary("/usr/bin/tee", "com.apple.tee"),
  sqlite: platformBinary("/usr/bin/sqlite3", "com.apple.sqlite3"),
  killall: platformBinary("/usr/bin/killall", "com.apple.killall"),
  amfid: platformBinary("/usr/libexec/amfid", "com.apple.MobileFileIntegrity"),
  mdmclient: platformBinary("/usr/libexec/mdmclient", "com.apple.mdmclient"),
  cfprefsd: platformBinary("/usr/sbin/cfprefsd", "com.apple.cfprefsd"),
  sshd: platformBinary("/usr/libexec/sshd-session", "com.apple.sshd-session"),
} as const satisfies Record<string, Code>;

/** An invented driver: ad hoc in the hands of an attacker, signed in those of its maker. */
const RELAY_TOOL = "/private/var/tmp/relayd";
const relayMaker = developerId("/Library/Application Support/Relay/relayd", "example.relay.agent", "9HT4C6E2PW", 0);

/** A service that was there before anybody watched. */
function asRoot(mac: Mac, code: Code): LiveProcess {
  return mac.already(code, { as: ROOT });
}

/** A service that launchd starts when it is needed. */
function onDemand(mac: Mac, code: Code): LiveProcess {
  return mac.launch(mac.launchd, code, { as: ROOT });
}

/** Healthy answers, with some in the place of their own kind. */
function healthyBut(mac: Mac, ...answers: ProbeAnswer[]): ProbeAnswer[] {
  const names = answers.map(({ name }) => name);
  return [...mac.healthyProbes().filter(({ name }) => !names.includes(name)), ...answers];
}

const bridge = (facts: BridgeFacts) => probe.ibridge(facts);

/** Tried in macOS, carried through in Recovery, and then something of the system's is replaced. */
const s5Fires = scene("s5 fires", (mac, shell) => {
  sudo(mac, shell, cast.csrutil, ["csrutil", "authenticated-root", "disable"], 1);
  const after = restart(mac, (mac) =>
    healthyBut(
      mac,
      probe.csrutilStatus("disabled"),
      probe.software(mac.os, mac.build, "integrity_disabled"),
      probe.authenticatedRoot("disabled"),
      probe.mount(false),
      bridge({ secureBoot: "Permissive Security", sip: "Disabled", ssv: "Disabled" }),
    ),
  );
  mac.wait(30 * MINUTE);
  const patcher = mac.launch(after, adHoc(`${HOME}/patcher/patch`, "patch"), { as: ANA_AS_ROOT, env: SHELL_ENV });
  mac.event(patcher, es.close("/System/Library/CoreServices/PlatformSupport.plist"));
});

/** The state is asked for; one probe hangs, and another contradicts the rest: unknown and conflicting are not off. */
const s5Quiet = scene("s5 quiet", (mac, shell) => {
  mac.run(shell, cast.csrutil, { args: ["csrutil", "authenticated-root", "status"], env: SHELL_ENV });
  restart(mac, (mac) => healthyBut(mac, probe.timedOut("csrutil-authenticated-root")));
  restart(mac, (mac) => healthyBut(mac, probe.mount(false)));
});

const s6Fires = scene("s6 fires", (mac, shell) => {
  sudo(mac, shell, apple.bputil, ["bputil", "-nkcas"], 1);
  restart(mac, (mac) => healthyBut(mac, bridge({ secureBoot: "Permissive Security" })));
});

/** The policy is shown, raised to Full Security, and answers in another language. */
const s6Quiet = scene("s6 quiet", (mac, shell) => {
  sudo(mac, shell, apple.bputil, ["bputil", "-d"], 0);
  sudo(mac, shell, apple.bputil, ["bputil", "-f"], 0);
  restart(mac, (mac) =>
    healthyBut(
      mac,
      probe.raw("system-profiler-ibridge", '{"SPiBridgeDataType":[{"ibridge_secure_boot":"Volle Sicherheit"}]}\n'),
    ),
  );
});

const s8Fires = scene("s8 fires", (mac, shell) => {
  sudo(mac, shell, cast.nvram, ["nvram", "csr-active-config=%7f%00%00%00"], 1);
});

/** Read, set to all bits off (SIP wholly on), and another variable. */
const s8Quiet = scene("s8 quiet", (mac, shell) => {
  mac.run(shell, cast.nvram, { args: ["nvram", "csr-active-config"], env: SHELL_ENV, status: 1 });
  sudo(mac, shell, cast.nvram, ["nvram", "csr-active-config=%00%00%00%00"], 1);
  sudo(mac, shell, cast.nvram, ["nvram", "-d", "csr-active-config"], 1);
});

const s9Fires = scene("s9 fires", (mac, shell) => {
  sudo(mac, shell, cast.csrutil, ["csrutil", "allow-research-guests", "enable"], 1);
});

const s9Quiet = scene("s9 quiet", (mac, shell) => {
  mac.run(shell, cast.csrutil, { args: ["csrutil", "allow-research-guests", "status"], env: SHELL_ENV });
  sudo(mac, shell, cast.csrutil, ["csrutil", "allow-research-guests", "disable"], 1);
});

/** The command, and a kernel that obeys it as Apple's would not. */
const s10Fires = scene("s10 fires", (mac, shell) => {
  sudo(mac, shell, apple.sysctl, ["sysctl", "-w", "vm.cs_system_enforcement=0"], 0);
  mac.wait(MINUTE);
  const { bootUuid, bootTime } = mac;
  mac.probes([probe.sysctl({ bootUuid, bootTime, changed: { "vm.cs_system_enforcement": 0 } })]);
});

/** What servers and developers set, a read, and one that makes the checks stricter. */
const s10Quiet = scene("s10 quiet", (mac, shell) => {
  sudo(mac, shell, apple.sysctl, ["sysctl", "-w", "kern.maxfiles=65536", "kern.maxfilesperproc=65536"], 0);
  sudo(mac, shell, apple.sysctl, ["sysctl", "kern.ipc.somaxconn=1024"], 0);
  mac.run(shell, apple.sysctl, { args: ["sysctl", "vm.cs_system_enforcement"], env: SHELL_ENV });
  sudo(mac, shell, apple.sysctl, ["sysctl", "-w", "vm.cs_force_kill=1"], 0);
  const { bootUuid, bootTime } = mac;
  mac.probes([probe.sysctl({ bootUuid, bootTime, changed: { "vm.cs_force_kill": 1 } })]);
});

const LIBRARY_VALIDATION = "/Library/Preferences/com.apple.security.libraryvalidation.plist";

const s11Fires = scene("s11 fires", (mac, shell) => {
  mac.probes([libraryValidation(false)]);
  const args = ["defaults", "write", LIBRARY_VALIDATION, "DisableLibraryValidation", "-bool", "true"];
  sudo(mac, shell, apple.defaults, args, 0);
  mac.wait(5 * MINUTE);
  mac.probes([libraryValidation(true)]);
});

/** Read, switched on again, and a preference of an app's own. */
const s11Quiet = scene("s11 quiet", (mac, shell) => {
  mac.probes([libraryValidation(false)]);
  mac.run(shell, apple.defaults, { args: ["defaults", "read", LIBRARY_VALIDATION], env: SHELL_ENV, status: 1 });
  const args = ["defaults", "write", LIBRARY_VALIDATION, "DisableLibraryValidation", "-bool", "false"];
  sudo(mac, shell, apple.defaults, args, 0);
  mac.run(shell, apple.defaults, {
    args: ["defaults", "write", "dev.lantern.editor", "DisableLibraryPane", "-bool", "true"],
    env: SHELL_ENV,
  });
  mac.probes([libraryValidation(false)]);
});

function libraryValidation(off: boolean): ProbeAnswer {
  const err =
    "The domain/default pair of (com.apple.security.libraryvalidation, DisableLibraryValidation) does not exist\n";
  return off
    ? probe.raw("library-validation", "1\n")
    : probe.raw("library-validation", "", { exit: 1, err: `2026-11-19 14:00:00.000 defaults[700:5000] ${err}` });
}

/** Loaded by hand from a folder where anybody can write. */
const s12Fires = scene("s12 fires", (mac, shell) => {
  const kernelmanagerd = asRoot(mac, apple.kernelmanagerd);
  sudo(mac, shell, apple.kmutil, ["kmutil", "load", "--no-authentication", "-p", "/private/tmp/Relay.kext"], 0);
  mac.event(kernelmanagerd, es.kextload("example.relay"));
});

/** A driver's package loads its extension, macOS loads one of its own, and what is loaded is listed. */
const s12Quiet = scene("s12 quiet", (mac, shell) => {
  const kernelmanagerd = asRoot(mac, apple.kernelmanagerd);
  const script = packageScript(mac, onDemand(mac, apple.installd));
  mac.run(script, apple.kmutil, { args: ["kmutil", "load", "-p", "/Library/Extensions/Relay.kext"], as: ROOT });
  mac.event(kernelmanagerd, es.kextload("example.relay"));
  mac.exit(script);
  mac.wait(MINUTE);
  mac.event(kernelmanagerd, es.kextload("com.apple.filesystems.msdosfs"));
  mac.run(shell, apple.kmutil, { args: ["kmutil", "showloaded"], env: SHELL_ENV });
});

/** What an installer runs after it has put a package's files in their place. */
function packageScript(mac: Mac, installer: LiveProcess): LiveProcess {
  const script = "/private/tmp/PKInstallSandbox.a1b2c3/Scripts/example.relay.pkg.XyZ123/postinstall";
  return mac.launch(installer, cast.sh, { args: ["/bin/sh", script, "/", "/"], script, as: ROOT });
}

/** Below storagekitd, which SIP lets through, code that nobody vouches for writes where only macOS may. */
const s13Fires = scene("s13 fires", (mac) => {
  const storagekitd = onDemand(mac, apple.storagekitd);
  const tool = adHoc("/Library/Filesystems/relay.fs/Contents/Resources/relay_util", "relay_util");
  const payload = mac.launch(storagekitd, tool, { args: [tool.path, "-p", "disk4"], as: ROOT });
  mac.event(payload, es.create("/Library/Apple/System/Library/LaunchDaemons/example.relay.plist"));
  mac.event(payload, es.close("/Library/Apple/System/Library/LaunchDaemons/example.relay.plist"));
});

/** A developer's package with a script and a helper, by installd; and one of Apple's with a script, by system_installd. */
const s13Quiet = scene("s13 quiet", (mac) => {
  const script = packageScript(mac, onDemand(mac, apple.installd));
  mac.run(script, apple.cp, { args: ["cp", "-R", "/private/tmp/Relay.app", "/Applications/"], as: ROOT });
  mac.run(script, relayMaker, { args: [relayMaker.path, "--register"], as: ROOT });
  mac.exit(script);
  const systemInstalld = onDemand(mac, apple.systemInstalld);
  const appleScript = packageScript(mac, systemInstalld);
  mac.run(appleScript, cast.zsh, { args: ["zsh", "-c", "/usr/bin/true"], as: ROOT });
  mac.event(appleScript, es.create("/Library/Apple/System/Library/CoreServices/update.stamp"));
  mac.exit(appleScript);
  mac.event(
    systemInstalld,
    es.rename("/Library/Apple/System/.new/XProtect.bundle", "/Library/Apple/System/XProtect.bundle"),
  );
});

const s14Fires = scene("s14 fires", (mac) => {
  const tool = mac.launch(mac.launchd, adHoc(RELAY_TOOL, "relayd"), { as: ROOT });
  mac.event(tool, es.close("/private/var/db/SystemPolicyConfiguration/KextPolicy"));
});

/** macOS writes its own files, and a developer's program those beside them that anybody with rights may write. */
const s14Quiet = scene("s14 quiet", (mac) => {
  mac.event(asRoot(mac, cast.syspolicyd), es.close("/private/var/db/SystemPolicyConfiguration/ExecPolicy"));
  const agent = mac.launch(mac.launchd, relayMaker, { as: ROOT });
  mac.event(agent, es.create("/usr/local/lib/librelay.dylib"));
  mac.event(agent, es.close("/System/Volumes/Data/Library/Application Support/Relay/state.db"));
});

/** Ended by hand, and launchd does not bring it back. */
const s15Fires = scene("s15 fires", (mac, shell) => {
  const syspolicyd = asRoot(mac, cast.syspolicyd);
  const killer = mac.launch(shell, cast.sudo, {
    args: ["sudo", "killall", "-9", "syspolicyd"],
    env: SHELL_ENV,
    as: ANA_AS_ROOT,
  });
  const killall = mac.launch(killer, apple.killall, { args: ["killall", "-9", "syspolicyd"], as: ANA_AS_ROOT });
  mac.event(killall, es.signal(syspolicyd, 9));
  mac.exit(syspolicyd, { signal: 9 });
  mac.exit(killall);
  mac.exit(killer);
  mac.wait(10 * MINUTE);
  mac.run(shell, cast.ls, { args: ["ls"], env: SHELL_ENV });
});

/** A crash after which launchd starts it again, launchd's own signal, and somebody else's service. */
const s15Quiet = scene("s15 quiet", (mac, shell) => {
  const syspolicyd = asRoot(mac, cast.syspolicyd);
  mac.exit(syspolicyd, { signal: 11 });
  mac.wait(SECOND);
  mac.launch(mac.launchd, cast.syspolicyd, { as: ROOT });
  const amfid = asRoot(mac, apple.amfid);
  mac.event(mac.launchd, es.signal(amfid, 9));
  mac.exit(amfid, { signal: 9 });
  mac.run(shell, apple.killall, { args: ["killall", "Dock"], env: SHELL_ENV });
  mac.wait(10 * MINUTE);
  mac.run(shell, cast.ls, { args: ["ls"], env: SHELL_ENV });
});

/** A background service sends the Mac to Recovery, and somebody tries the same over ssh. */
const s17Fires = scene("s17 fires", (mac) => {
  const service = mac.launch(mac.launchd, cast.sh, { args: ["/bin/sh", "/Library/Scripts/relay.sh"], as: ROOT });
  mac.run(service, cast.nvram, { args: ["nvram", "recovery-boot-mode=unused"], as: ROOT });
  mac.wait(MINUTE);
  const sshd = mac.launch(mac.launchd, apple.sshd, { args: ["sshd-session: ana"], as: ROOT });
  const remote = mac.launch(sshd, cast.zsh, { args: ["-zsh"], as: ANA_AS_ROOT, tty: "/dev/ttys004" });
  mac.run(remote, cast.csrutil, { args: ["csrutil", "disable"], as: ANA_AS_ROOT, status: 1 });
});

/** Device management sets boot arguments as root, a service a harmless one; a person in Terminal only asks. */
const s17Quiet = scene("s17 quiet", (mac, shell) => {
  const mdm = onDemand(mac, apple.mdmclient);
  const script = mac.launch(mdm, cast.sh, { args: ["/bin/sh", "/private/var/tmp/setup.sh"], as: ROOT });
  mac.run(script, cast.nvram, { args: ["nvram", "boot-args=-v"], as: ROOT });
  mac.run(script, cast.csrutil, { args: ["csrutil", "status"], as: ROOT });
  mac.exit(script);
  const service = mac.launch(mac.launchd, cast.sh, { args: ["/bin/sh", "/Library/Scripts/inventory.sh"], as: ROOT });
  mac.run(service, cast.csrutil, { args: ["csrutil", "status"], as: ROOT });
  mac.run(shell, cast.csrutil, { args: ["csrutil", "authenticated-root", "status"], env: SHELL_ENV });
});

/** The policy's database opened by hand, and a profile's preferences written by something nobody knows. */
const s18Fires = scene("s18 fires", (mac, shell) => {
  const tool = mac.launch(mac.launchd, adHoc(RELAY_TOOL, "relayd"), { as: ROOT });
  mac.event(tool, es.create("/Library/Managed Preferences/com.apple.systempolicy.control.plist"));
  const tee = mac.launch(shell, apple.tee, { args: ["tee", "/etc/zshenv"], env: SHELL_ENV, as: ANA_AS_ROOT });
  mac.event(tee, es.create("/private/etc/zshenv"));
  mac.exit(tee);
});

/** A profile from device management, macOS's own databases, and a driver's package. */
const s18Quiet = scene("s18 quiet", (mac) => {
  const cfprefsd = asRoot(mac, apple.cfprefsd);
  mac.event(cfprefsd, es.create("/Library/Managed Preferences/com.apple.systempolicy.control.plist"));
  const mdm = onDemand(mac, apple.mdmclient);
  mac.event(
    mdm,
    es.rename("/Library/Managed Preferences/.tmp", "/Library/Managed Preferences/com.apple.applicationaccess.plist"),
  );
  mac.event(asRoot(mac, cast.syspolicyd), es.close("/private/var/db/SystemPolicyConfiguration/SystemPolicy"));
  const script = packageScript(mac, onDemand(mac, apple.installd));
  const cp = mac.launch(script, apple.cp, { args: ["cp", "-R", "Relay.kext", "/Library/Extensions/"], as: ROOT });
  mac.event(cp, es.create("/Library/Extensions/Relay.kext/Contents/Info.plist"));
  mac.exit(cp);
  mac.exit(script);
});

export const PROTECTION_SCENARIOS = {
  "s5-fires": s5Fires,
  "s5-quiet": s5Quiet,
  "s6-fires": s6Fires,
  "s6-quiet": s6Quiet,
  "s8-fires": s8Fires,
  "s8-quiet": s8Quiet,
  "s9-fires": s9Fires,
  "s9-quiet": s9Quiet,
  "s10-fires": s10Fires,
  "s10-quiet": s10Quiet,
  "s11-fires": s11Fires,
  "s11-quiet": s11Quiet,
  "s12-fires": s12Fires,
  "s12-quiet": s12Quiet,
  "s13-fires": s13Fires,
  "s13-quiet": s13Quiet,
  "s14-fires": s14Fires,
  "s14-quiet": s14Quiet,
  "s15-fires": s15Fires,
  "s15-quiet": s15Quiet,
  "s17-fires": s17Fires,
  "s17-quiet": s17Quiet,
  "s18-fires": s18Fires,
  "s18-quiet": s18Quiet,
} as const;
