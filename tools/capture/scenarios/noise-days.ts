import { MINUTE, SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "../cast.ts";
import { adHoc, appStore, cdhashOf, type Code, developerId, platformBinary } from "../code.ts";
import { es } from "../es.ts";
import { ANA_AS_ROOT, type LiveProcess, ROOT } from "../es-process.ts";
import { hum, typing } from "../hum.ts";
import { log } from "../log-lines.ts";
import type { Mac } from "../mac.ts";
import { probe } from "../probes.ts";
import { scene, sudo } from "./scene.ts";

/** Two days on which people do what people do, and nothing is wrong. */

const QUARANTINE = "com.apple.quarantine";
const DOWNLOADS = `${HOME}/Downloads`;
const FRAMEWORKS = "/System/Library/PrivateFrameworks";
const tool = (name: string, folder = "/usr/bin"): Code => platformBinary(`${folder}/${name}`, `com.apple.${name}`);
const installd = platformBinary(`${FRAMEWORKS}/PackageKit.framework/Resources/installd`, "com.apple.installd");
const systemInstalld = platformBinary(
  `${FRAMEWORKS}/PackageKit.framework/Resources/system_installd`,
  "com.apple.system_installd",
);
const appstored = platformBinary(`${FRAMEWORKS}/AppStoreDaemon.framework/Support/appstored`, "com.apple.appstored");
const packageScripts = platformBinary(
  `${FRAMEWORKS}/PackageKit.framework/XPCServices/package_script_service.xpc/Contents/MacOS/package_script_service`,
  "com.apple.package_script_service",
);
const installerApp = platformBinary(
  "/System/Library/CoreServices/Installer.app/Contents/MacOS/Installer",
  "com.apple.installer",
);

function newer(code: Code, version: string): Code {
  return { ...code, cdhash: cdhashOf(code.path, version) };
}

function writes(mac: Mac, writer: LiveProcess, path: string, mode = 0o100755): void {
  mac.event(writer, es.create(path, mode));
  mac.event(writer, es.write(path));
  mac.event(writer, es.close(path));
}

/** Safari fetches an archive, Archive Utility carries the mark over, Finder moves the app, and Gatekeeper lets it pass. */
function downloadNotarizedApp(mac: Mac): void {
  const zip = `${DOWNLOADS}/Harbour Maps.zip`;
  const app = `${DOWNLOADS}/Harbour Maps.app`;
  const maps = developerId(
    "/Applications/Harbour Maps.app/Contents/MacOS/Harbour Maps",
    "com.harbour.maps",
    "P5T8K2W9QA",
  );
  const safari = mac.launch(mac.launchd, cast.safari, { app: true });
  mac.launch(safari, cast.safariDownloads);
  mac.event(safari, es.create(`${zip}.download/Harbour Maps.zip`));
  mac.event(safari, es.setextattr(`${zip}.download/Harbour Maps.zip`, QUARANTINE));
  mac.event(safari, es.rename(`${zip}.download/Harbour Maps.zip`, zip));
  mac.wait(10 * SECOND);
  const archive = mac.launch(mac.launchd, cast.archiveUtility, { app: true });
  writes(mac, archive, `${app}/Contents/MacOS/Harbour Maps`);
  mac.event(archive, es.setextattr(`${app}/Contents/MacOS/Harbour Maps`, QUARANTINE));
  mac.event(archive, es.setextattr(app, QUARANTINE));
  mac.exit(archive);
  mac.wait(20 * SECOND);
  const finder = mac.already(cast.finder, {});
  mac.event(finder, es.rename(app, "/Applications/Harbour Maps.app"));
  mac.event(finder, es.unlink(zip));
  mac.wait(5 * SECOND);
  mac.log(log.syspolicyd.scanResult(3, maps, "1af0c2d93b7e5566", "com.harbour.maps"));
  mac.launch(mac.launchd, maps, { app: true });
  // The owner agrees to open what came from the internet: macOS itself notes that in the mark.
  mac.event(mac.already(cast.coreServicesUIAgent, {}), es.setextattr("/Applications/Harbour Maps.app", QUARANTINE));
  mac.wait(MINUTE);
}

/** The App Store brings a newer version and puts it in the place of the old one. */
function appStoreUpdate(mac: Mac): void {
  const before = mac.launch(mac.launchd, cast.paperboat, { app: true });
  mac.wait(30 * SECOND);
  mac.exit(before);
  mac.launch(mac.launchd, appstored);
  const install = mac.launch(mac.launchd, installd, { as: ROOT });
  const staged =
    "/private/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/C/PKInstallSandboxManager/9F1C.activeSandbox/Root/Applications/Paperboat.app";
  writes(mac, install, `${staged}/Contents/MacOS/Paperboat`);
  mac.event(install, es.rename(staged, "/Applications/Paperboat.app"));
  mac.exit(install);
  mac.wait(20 * SECOND);
  mac.launch(mac.launchd, newer(cast.paperboat, "2"), { app: true });
  mac.wait(20 * SECOND);
}

/** A printer maker's package: its script makes a folder, takes the mark off its own app and starts the agent. */
function installPackage(mac: Mac): void {
  const app = "/Applications/Inkwell Utility.app";
  const inkwell = developerId(`${app}/Contents/MacOS/Inkwell Utility`, "com.inkwell.utility", "Y6H3V8C1ZD", 0);
  mac.launch(mac.launchd, installerApp, { app: true, args: ["Installer", `${DOWNLOADS}/Inkwell.pkg`] });
  const install = mac.launch(mac.launchd, installd, { as: ROOT });
  writes(mac, install, inkwell.path);
  const scripts = mac.launch(mac.launchd, packageScripts, { as: ROOT });
  const script = "/private/tmp/PKInstallSandbox.Qk2L/Scripts/com.inkwell.pkg.8Hs2/postinstall";
  const sh = mac.launch(scripts, cast.sh, { args: ["/bin/sh", script, "Inkwell.pkg"], script, as: ROOT });
  mac.run(sh, tool("mkdir", "/bin"), { args: ["mkdir", "-p", "/Library/Printers/Inkwell"] });
  mac.run(sh, cast.xattr, { args: ["xattr", "-dr", QUARANTINE, app] });
  mac.run(sh, tool("launchctl", "/bin"), {
    args: ["launchctl", "load", "/Library/LaunchAgents/com.inkwell.agent.plist"],
  });
  mac.exit(sh);
  mac.exit(scripts);
  mac.exit(install);
  mac.wait(20 * SECOND);
  mac.launch(mac.launchd, inkwell, { app: true });
  mac.wait(20 * SECOND);
}

const ordinaryDay = scene("noise ordinary day", (mac) => {
  hum(mac, 3);
  for (const app of [cast.mail, cast.calendar, cast.notes, cast.preview]) mac.launch(mac.launchd, app, { app: true });
  downloadNotarizedApp(mac);
  hum(mac, 3);
  appStoreUpdate(mac);
  installPackage(mac);
  hum(mac, 3);
  mac.probes([probe.csrutilStatus("enabled"), probe.spctlStatus("enabled")]);
});

/** An app that looks after the Mac's own protection asks everything there is to ask. */
function checkProtection(mac: Mac): void {
  const checker = developerId(
    "/Applications/Plover Check.app/Contents/MacOS/Plover Check",
    "com.plover.check",
    "D4P7L9X2RS",
  );
  const app = mac.launch(mac.launchd, checker, { app: true });
  const asks: readonly (readonly [Code, readonly string[]])[] = [
    [cast.csrutil, ["csrutil", "status"]],
    [cast.csrutil, ["csrutil", "authenticated-root", "status"]],
    [cast.spctl, ["spctl", "--status"]],
    [cast.spctl, ["spctl", "--disable-status"]],
    [tool("fdesetup"), ["fdesetup", "status"]],
    [tool("system_profiler", "/usr/sbin"), ["system_profiler", "SPiBridgeDataType"]],
    [tool("softwareupdate", "/usr/sbin"), ["softwareupdate", "-l", "--include-config-data"]],
    [cast.nvram, ["nvram", "-p"]],
  ];
  for (const [code, args] of asks) {
    mac.run(app, code, { args });
    mac.wait(SECOND);
  }
  mac.wait(30 * SECOND);
  mac.exit(app);
}

/** Device management looks in, macOS's own client and its maker's agent. */
function checkIn(mac: Mac): void {
  const mdmclient = platformBinary("/usr/libexec/mdmclient", "com.apple.mdmclient");
  mac.run(mac.launchd, mdmclient, { args: ["mdmclient", "daemon"], as: ROOT, lasting: 2 * SECOND });
  const agent = developerId("/usr/local/fleet/bin/fleetagent", "com.fleet.agent", "F9L2E4T7MM", 0);
  const run = mac.launch(mac.launchd, agent, { as: ROOT });
  const bash = mac.launch(run, cast.bash, { args: ["/bin/bash", "/usr/local/fleet/scripts/inventory.sh"] });
  mac.run(bash, cast.csrutil, { args: ["csrutil", "status"] });
  mac.run(bash, cast.spctl, { args: ["spctl", "--status"] });
  mac.run(bash, tool("profiles"), { args: ["profiles", "status", "-type", "enrollment"] });
  mac.run(bash, tool("sysctl", "/usr/sbin"), { args: ["sysctl", "-n", "kern.bootargs"] });
  mac.exit(bash);
  mac.exit(run);
}

/** Somebody logs in over ssh and brings the Mac up to date. */
function updateOverSsh(mac: Mac): void {
  const sshd = mac.launch(mac.launchd, platformBinary("/usr/libexec/sshd-session", "com.apple.sshd-session"), {
    as: ROOT,
  });
  const shell = mac.launch(sshd, cast.zsh, { args: ["-zsh"], env: SHELL_ENV, cwd: HOME, tty: "/dev/ttys004" });
  mac.run(shell, cast.csrutil, { args: ["csrutil", "status"], env: SHELL_ENV });
  sudo(mac, shell, tool("softwareupdate", "/usr/sbin"), ["softwareupdate", "--install", "--all"], 0);
  const update = mac.launch(mac.launchd, systemInstalld, { as: ROOT });
  writes(mac, update, "/Library/Apple/System/Library/CoreServices/XProtect.app/Contents/MacOS/XProtect");
  const sh = mac.launch(update, cast.sh, { args: ["/bin/sh", "./postinstall"] });
  mac.run(sh, tool("killall"), { args: ["killall", "-HUP", "cfprefsd"] });
  mac.exit(sh);
  mac.exit(update);
  typing(mac, shell, 1);
  mac.exit(shell);
  mac.exit(sshd);
}

/** Time Machine copies programs to its volume, unsigned ones too, and runs none. */
function backUp(mac: Mac): void {
  const volume = "/Volumes/.timemachine/9B1F/2026-11-19-150000.backup";
  mac.event(mac.launchd, es.mount(volume, "/dev/disk6s2"));
  const backupd = mac.launch(mac.launchd, cast.backupd, { as: ROOT });
  for (let i = 0; i < 20; i++) {
    const copy = `${volume}/Data${DOWNLOADS}/tool ${i}`;
    writes(mac, backupd, copy);
    mac.event(backupd, es.setextattr(copy, QUARANTINE));
  }
  mac.exit(backupd);
}

/** A VPN client brings a system extension, which macOS itself puts in place and starts. */
function connectVpn(mac: Mac): void {
  const client = developerId("/Applications/Tern VPN.app/Contents/MacOS/Tern VPN", "com.tern.vpn", "T3R8N5V2PQ");
  mac.launch(mac.launchd, client, { app: true });
  const sysextd = mac.launch(mac.launchd, platformBinary("/usr/libexec/sysextd", "com.apple.sysextd"), { as: ROOT });
  const path = "/Library/SystemExtensions/5F0C1B7E-77AB-4E0E-9B0E-3C1F2D7A9E11/com.tern.vpn.tunnel.systemextension";
  const binary = `${path}/Contents/MacOS/com.tern.vpn.tunnel`;
  writes(mac, sysextd, binary);
  writes(mac, sysextd, "/Library/SystemExtensions/db.plist", 0o100644);
  mac.launch(mac.launchd, developerId(binary, "com.tern.vpn.tunnel", "T3R8N5V2PQ", 0), { as: ROOT });
  mac.wait(30 * SECOND);
}

/** A shop for games starts one that nobody signed, with its own overlay in it. */
function playGame(mac: Mac): void {
  const shop = `${HOME}/Library/Application Support/Kettle/Kettle.AppBundle/Kettle/Contents/MacOS`;
  const kettle = mac.launch(mac.launchd, developerId(`${shop}/kettle_osx`, "com.kettle.client", "G2K6T8B4WY"), {
    app: true,
  });
  const path = `${HOME}/Library/Application Support/Kettle/kettleapps/common/Tidal/Tidal.app/Contents/MacOS/Tidal`;
  writes(mac, kettle, path);
  const game = mac.launch(kettle, adHoc(path, "com.tidal.game"), {
    env: [`DYLD_INSERT_LIBRARIES=${shop}/gameoverlayrenderer.dylib`, "KettleAppId=480"],
  });
  mac.wait(2 * MINUTE);
  mac.exit(game);
}

/** An app brings its own next version, takes the mark off it, and starts it. */
function electronUpdate(mac: Mac): void {
  const app = mac.launch(mac.launchd, cast.lanternEditor, { app: true });
  const cache = `${HOME}/Library/Caches/dev.lantern.editor.ShipIt/update.Xk29Lw/Lantern.app`;
  writes(mac, app, `${cache}/Contents/MacOS/Lantern`);
  mac.event(app, es.setextattr(cache, QUARANTINE));
  const shipIt = developerId(
    "/Applications/Lantern.app/Contents/Frameworks/Squirrel.framework/Resources/ShipIt",
    "ShipIt",
    "K8R2V5J4ND",
  );
  const updater = mac.launch(mac.launchd, shipIt);
  mac.exit(app);
  for (const part of ["", "/Contents", "/Contents/MacOS/Lantern"]) {
    mac.event(updater, es.deleteextattr(`${cache}${part}`, QUARANTINE));
  }
  mac.event(
    updater,
    es.rename("/Applications/Lantern.app", `${HOME}/Library/Caches/dev.lantern.editor.ShipIt/old.app`),
  );
  mac.event(updater, es.rename(cache, "/Applications/Lantern.app"));
  mac.launch(mac.launchd, newer(cast.lanternEditor, "4.0.0"), { app: true });
  mac.exit(updater);
  mac.wait(30 * SECOND);
}

const adminDay = scene("noise admin day", (mac, shell) => {
  hum(mac, 2);
  checkProtection(mac);
  checkIn(mac);
  connectVpn(mac);
  electronUpdate(mac);
  updateOverSsh(mac);
  backUp(mac);
  hum(mac, 2);
  playGame(mac);
  mac.run(shell, cast.csrutil, { args: ["csrutil", "status"], env: SHELL_ENV });
  sudo(mac, shell, tool("tmutil"), ["tmutil", "startbackup", "--auto"], 0);
  mac.run(shell, tool("log"), { args: ["log", "show", "--last", "5m"], env: SHELL_ENV, as: ANA_AS_ROOT });
  mac.launch(mac.launchd, appStore("/Applications/Inlet.app/Contents/MacOS/Inlet", "app.inlet.mac", "M4G7Y8L3ZB"), {
    app: true,
  });
});

export const NOISE_DAY_SCENARIOS = {
  "noise-ordinary-day": ordinaryDay,
  "noise-admin-day": adminDay,
} as const;
