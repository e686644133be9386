import { HOUR, MINUTE, SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "../cast.ts";
import { adHoc, cdhashOf, type Code, developerId, linkerSigned, platformBinary, unsigned } from "../code.ts";
import { CATEGORY, CS_HARD, CS_KILL, CS_SIGNED, CS_VALID } from "../cs-flags.ts";
import { es, invalidated } from "../es.ts";
import { ANA_AS_ROOT, type LiveProcess, ROOT } from "../es-process.ts";
import { log } from "../log-lines.ts";
import type { Mac } from "../mac.ts";
import { buildWithClang } from "../ordinary.ts";
import { scene, sudo } from "./scene.ts";

/** Apple's tools; the signing ids are inferred from their names (UNVERIFIED). */
const tools = {
  security: platformBinary("/usr/bin/security", "com.apple.security"),
  devToolsSecurity: platformBinary("/usr/sbin/DevToolsSecurity", "com.apple.dt.DevToolsSecurity"),
  mdmclient: platformBinary("/usr/libexec/mdmclient", "com.apple.mdmclient"),
  debugserver: platformBinary(
    "/Applications/Xcode.app/Contents/SharedFrameworks/LLDB.framework/Versions/A/Resources/debugserver",
    "com.apple.debugserver",
  ),
  instruments: platformBinary(
    "/Applications/Xcode.app/Contents/SharedFrameworks/DVTInstrumentsFoundation.framework/Resources/DTServiceHub",
    "com.apple.dt.instruments.dtservicehub",
  ),
  xprotect: platformBinary(
    "/Library/Apple/System/Library/CoreServices/XProtect.app/Contents/MacOS/XProtect",
    "com.apple.XProtectFramework.XProtect",
  ),
} as const;

const NORTHWIND = "/Applications/Northwind Chat.app";
const patchTool = adHoc("/Users/Shared/.patch/apply", "apply");
const hiddenAgent = unsigned("/Users/Shared/.cache/helperd/agentd");

/** A newer version of the same maker's program. */
function newer(code: Code, version: string): Code {
  return { ...code, cdhash: cdhashOf(code.path, version) };
}

/** Signed once, and changed since: the kernel has taken its valid mark away. */
function broken(code: Code): Code {
  return { ...code, flags: (code.flags & ~CS_VALID) >>> 0, category: CATEGORY.invalid };
}

/** Signed by a team, without the flags that make the kernel end it when its code changes. */
function lenient(code: Code): Code {
  return { ...code, flags: (code.flags & ~(CS_KILL | CS_HARD)) >>> 0 };
}

/** Signed with somebody's own certificate, which leads to no root of Apple's. */
function selfSigned(path: string, signingId: string): Code {
  return { ...adHoc(path, signingId), flags: (CS_SIGNED | CS_VALID) >>> 0 };
}

function opens(mac: Mac, code: Code): LiveProcess {
  return mac.launch(mac.launchd, code, { app: true });
}

/** Opens it, and lets it run long enough to show that nothing stops it. */
function runsOn(mac: Mac, code: Code): LiveProcess {
  const process = opens(mac, code);
  mac.wait(20 * SECOND);
  mac.exit(process);
  return process;
}

function writesOver(mac: Mac, writer: LiveProcess, path: string): void {
  mac.event(writer, es.create(`${path}.new`, 0o100755));
  mac.event(writer, es.close(`${path}.new`));
  mac.event(writer, es.rename(`${path}.new`, path));
  mac.wait(2 * SECOND);
}

/** A chat app that its maker signed is replaced by one that nobody signed. */
const g14Fires = scene("g14 fires", (mac, shell) => {
  runsOn(mac, cast.northwind);
  mac.wait(2 * MINUTE);
  const patch = mac.launch(shell, patchTool, { args: ["./apply", NORTHWIND], env: SHELL_ENV });
  writesOver(mac, patch, cast.northwind.path);
  mac.exit(patch);
  mac.wait(MINUTE);
  const replaced = adHoc(cast.northwind.path, "com.northwind.chat", "replaced");
  mac.adHocRemarks(replaced);
  runsOn(mac, replaced);
});

/** An update by the same maker, and a program that its developer builds twice. */
const g14Quiet = scene("g14 quiet", (mac, shell) => {
  const before = opens(mac, cast.northwind);
  mac.wait(20 * SECOND);
  writesOver(mac, before, cast.northwind.path);
  mac.exit(before);
  runsOn(mac, newer(cast.northwind, "2"));
  buildWithClang(mac, shell, "1");
  mac.wait(MINUTE);
  buildWithClang(mac, shell, "2");
});

/** Patched after signing, and it runs on; then amfid finds another signature wrong, and that one runs on, too. */
const g15Fires = scene("g15 fires", (mac, shell) => {
  runsOn(mac, cast.northwind);
  const patch = mac.launch(shell, patchTool, { args: ["./apply", NORTHWIND], env: SHELL_ENV });
  writesOver(mac, patch, cast.northwind.path);
  mac.exit(patch);
  mac.wait(MINUTE);
  runsOn(mac, broken(lenient(newer(cast.northwind, "patched"))));

  mac.wait(MINUTE);
  const tide = adHoc("/usr/local/libexec/tided", "tided");
  mac.log(log.amfid.notValid(tide.path, -424));
  mac.launch(mac.launchd, tide, { as: ROOT });
  mac.wait(20 * SECOND);
});

/** An update that is whole again before it runs, and a patched program that the kernel ends at once. */
const g15Quiet = scene("g15 quiet", (mac) => {
  const before = opens(mac, cast.northwind);
  writesOver(mac, before, cast.northwind.path);
  mac.exit(before);
  runsOn(mac, newer(cast.northwind, "2"));
  mac.wait(MINUTE);
  const patched = opens(mac, broken(newer(cast.lanternEditor, "patched")));
  mac.log(log.kernel.signatureKilled(patched.pid, "Lantern"));
  mac.exit(patched, { signal: 9 });
  mac.wait(20 * SECOND);
});

/** A page of a running app no longer matches; nothing ends it. */
const g16Fires = scene("g16 fires", (mac) => {
  const lantern = opens(mac, lenient(cast.lanternEditor));
  mac.wait(5 * MINUTE);
  mac.event(invalidated(lantern), es.csInvalidated());
  mac.log(log.kernel.pageAllowed(lantern.pid, "Lantern"));
  mac.wait(20 * SECOND);
  mac.exit(invalidated(lantern));
});

/** A debugger sets its stops in one's own build; and a program that asks to be ended for a changed page is ended. */
const g16Quiet = scene("g16 quiet", (mac) => {
  const server = mac.launch(mac.launchd, tools.debugserver, { args: ["debugserver", "--fd=3"] });
  const debugged = mac.launch(server, cast.latticeDebug);
  mac.event(server, es.getTask(debugged));
  mac.event(invalidated(debugged), es.csInvalidated());
  mac.log(log.kernel.pageAllowed(debugged.pid, "Lattice Notes"));
  mac.wait(20 * SECOND);

  const chat = opens(mac, cast.northwind);
  mac.wait(5 * MINUTE);
  mac.log(log.kernel.pageKilled(chat.pid, "Northwind Chat"));
  mac.event(invalidated(chat), es.csInvalidated());
  mac.exit(invalidated(chat), { signal: 9 });
  mac.wait(20 * SECOND);
});

/** The launch of `g17-fires` that macOS refuses: it did not run. */
const g17Stopped = scene("g17 stopped", (mac) => {
  const viewer = adHoc(`${HOME}/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer`, "com.invoice.viewer");
  mac.adHocRemarks(viewer);
  const process = opens(mac, viewer);
  mac.log(log.kernel.policyDenied(process.pid, viewer.path));
  mac.exit(process, { signal: 9 });
  mac.wait(20 * SECOND);
});

/** The kernel refuses a first run while it is still looked at, and then lets it go on: it did run. */
const g17RefusedAndRan = scene("g17 refused and ran", (mac) => {
  const viewer = adHoc(`${HOME}/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer`, "com.invoice.viewer");
  const process = opens(mac, viewer);
  mac.log(log.kernel.policyDenied(process.pid, viewer.path));
  mac.wait(10 * MINUTE);
  mac.exit(process);
  mac.wait(20 * SECOND);
});

/** An agent that signs itself as a part of macOS. */
const g18Fires = scene("g18 fires", (mac) => {
  const agent = adHoc(`${HOME}/Library/Application Support/Updates/softwareupdated`, "com.apple.softwareupdated");
  mac.adHocRemarks(agent);
  mac.launch(mac.launchd, agent);
  mac.wait(20 * SECOND);
});

/** Apple's own, and the helpers of a browser that a test tool built from Apple's source. */
const g18Quiet = scene("g18 quiet", (mac, shell) => {
  opens(mac, cast.safari);
  mac.launch(mac.launchd, cast.webContent);
  opens(mac, cast.xcode);
  const node = mac.launch(shell, cast.node, { args: ["node", "node_modules/.bin/playwright", "test"], env: SHELL_ENV });
  const folder = `${HOME}/Library/Caches/ms-playwright/webkit-2215`;
  for (const helper of ["WebContent", "Networking", "GPU"]) {
    const name = `com.apple.WebKit.${helper}`;
    mac.launch(node, adHoc(`${folder}/${name}.xpc/Contents/MacOS/${name}.Development`, name));
  }
  mac.wait(20 * SECOND);
});

/** A library in /tmp is pushed into an editor that is not hardened. */
const g19Fires = scene("g19 fires", (mac, shell) => {
  mac.launch(shell, lenient({ ...cast.lanternEditor, flags: (CS_SIGNED | CS_VALID) >>> 0 }), {
    env: [...SHELL_ENV, "DYLD_INSERT_LIBRARIES=/tmp/hook.dylib"],
  });
  mac.wait(20 * SECOND);
});

/** Xcode's checkers in one's own build, Instruments in an app, and a recorder that needs no variable. */
const g19Quiet = scene("g19 quiet", (mac) => {
  const developer = "/Applications/Xcode.app/Contents/Developer";
  const xcode = opens(mac, cast.xcode);
  mac.launch(xcode, cast.latticeDebug, {
    env: [
      `DYLD_INSERT_LIBRARIES=/usr/lib/libBacktraceRecording.dylib:${developer}/usr/lib/libMainThreadChecker.dylib`,
      `DYLD_FRAMEWORK_PATH=${HOME}/Library/Developer/Xcode/DerivedData/LatticeNotes-gqxwzv/Build/Products/Debug`,
    ],
  });
  const hub = mac.launch(mac.launchd, tools.instruments);
  mac.launch(hub, cast.northwind, {
    env: [`DYLD_INSERT_LIBRARIES=${developer}/Platforms/MacOSX.platform/Developer/Library/PrivateFrameworks/x.dylib`],
    app: true,
  });
  opens(mac, developerId("/Applications/Tapedeck.app/Contents/MacOS/Tapedeck", "app.tapedeck.recorder", "P2C8X5V7WA"));
  mac.wait(20 * SECOND);
});

function grantsDeveloperTool(mac: Mac): void {
  const settings = opens(mac, cast.systemSettings);
  mac.event(settings, es.tccModify(settings, "kTCCServiceDeveloperTool", "com.apple.Terminal"));
  mac.exit(settings);
}

/** Terminal is added to Developer Tools; an hour later a download runs in it. */
const g20Fires = scene("g20 fires", (mac, shell) => {
  grantsDeveloperTool(mac);
  mac.wait(HOUR);
  const viewer = adHoc(`${HOME}/Downloads/viewer`, "viewer");
  mac.adHocRemarks(viewer);
  const process = mac.launch(shell, viewer, { args: ["./viewer"], env: SHELL_ENV, cwd: `${HOME}/Downloads` });
  mac.wait(20 * SECOND);
  mac.exit(process);
});

/** The same by a developer, who runs own builds. */
const g20Quiet = scene("g20 quiet", (mac, shell) => {
  sudo(mac, shell, tools.devToolsSecurity, ["DevToolsSecurity", "-enable"], 0);
  grantsDeveloperTool(mac);
  mac.wait(HOUR);
  buildWithClang(mac, shell, "1");
});

/** A hidden agent takes the task port of a chat app, and the app's code changes. */
const g21Fires = scene("g21 fires", (mac) => {
  const chat = opens(mac, lenient(cast.northwind));
  mac.wait(MINUTE);
  const agent = mac.launch(mac.launchd, hiddenAgent, { as: ROOT });
  mac.event(agent, es.getTask(chat));
  mac.event(agent, es.remoteThreadCreate(chat));
  mac.wait(3 * SECOND);
  mac.event(invalidated(chat), es.csInvalidated());
  mac.wait(20 * SECOND);
});

/** Apple's debugger at one's own build, and a process viewer of Homebrew's that looks at everything. */
const g21Quiet = scene("g21 quiet", (mac, shell) => {
  const server = mac.launch(mac.launchd, tools.debugserver, { args: ["debugserver", "--fd=3"] });
  const debugged = mac.launch(server, cast.latticeDebug);
  mac.event(server, es.getTask(debugged));
  mac.event(server, es.trace(debugged));
  mac.event(invalidated(debugged), es.csInvalidated());
  const chat = opens(mac, cast.northwind);
  const viewer = mac.launch(shell, linkerSigned("/opt/homebrew/Cellar/lookaround/3.1/bin/lookaround"), {
    env: SHELL_ENV,
    as: ANA_AS_ROOT,
  });
  mac.event(viewer, es.getTask(chat));
  mac.wait(20 * SECOND);
});

const lure = adHoc(`${HOME}/Downloads/Ledger Sync.app/Contents/MacOS/Ledger Sync`, "com.ledger.sync");

function xprotectFinds(mac: Mac): LiveProcess {
  const xprotect = mac.launch(mac.launchd, tools.xprotect, { as: ROOT });
  mac.event(
    xprotect,
    es.xpMalwareDetected({
      malware: "MACOS.INVENTED.A",
      incident: "1B6C7B0E-0C7A-4B49-93C8-2A4B1F7C9D10",
      signatureVersion: "5312",
      path: `${HOME}/Downloads/Ledger Sync.app`,
    }),
  );
  return xprotect;
}

/** Found, and it runs all the same ten minutes later. */
const g22Fires = scene("g22 fires", (mac) => {
  mac.exit(xprotectFinds(mac));
  mac.wait(10 * MINUTE);
  mac.adHocRemarks(lure);
  runsOn(mac, lure);
});

/** Found and removed; somebody tries once more, and macOS stops it. */
const g22Quiet = scene("g22 quiet", (mac) => {
  const xprotect = xprotectFinds(mac);
  mac.wait(MINUTE);
  const again = opens(mac, lure);
  mac.log(log.kernel.policyDenied(again.pid, lure.path));
  mac.exit(again, { signal: 9 });
  mac.wait(10 * SECOND);
  mac.event(
    xprotect,
    es.xpMalwareRemediated({
      malware: "MACOS.INVENTED.A",
      incident: "1B6C7B0E-0C7A-4B49-93C8-2A4B1F7C9D10",
      signatureVersion: "5312",
      path: `${HOME}/Downloads/Ledger Sync.app`,
    }),
  );
  mac.exit(xprotect);
});

/** A disk image is opened, and what lies on it runs half a minute later. */
const g23Fires = scene("g23 fires", (mac) => {
  mac.event(mac.launchd, es.mount("/Volumes/Crate Player", "/dev/disk5s1"));
  mac.wait(30 * SECOND);
  const crate = adHoc("/Volumes/Crate Player/Crate Player.app/Contents/MacOS/Crate Player", "com.cratewave.player");
  mac.adHocRemarks(crate);
  runsOn(mac, crate);
});

/** An installer with a Developer ID, from a disk image like any other. */
const g23Quiet = scene("g23 quiet", (mac) => {
  mac.event(mac.launchd, es.mount("/Volumes/Lantern", "/dev/disk6s1"));
  mac.wait(30 * SECOND);
  runsOn(
    mac,
    developerId(
      "/Volumes/Lantern/Install Lantern.app/Contents/MacOS/Install Lantern",
      "dev.lantern.install",
      "K8R2V5J4ND",
    ),
  );
});

const SYSTEM_KEYCHAIN = "/Library/Keychains/System.keychain";

/** A root is made trusted, and a program signed under it runs. */
const g24Fires = scene("g24 fires", (mac, shell) => {
  const args = ["security", "add-trusted-cert", "-d", "-r", "trustRoot", "-k", SYSTEM_KEYCHAIN, "/tmp/root.crt"];
  sudo(mac, shell, tools.security, args, 0);
  mac.wait(20 * MINUTE);
  runsOn(mac, selfSigned("/Library/Application Support/Harbour/harbourd", "com.harbour.daemon"));
});

/** A company's root by its device management, and a web developer's certificate for web pages only. */
const g24Quiet = scene("g24 quiet", (mac, shell) => {
  const client = mac.launch(mac.launchd, tools.mdmclient, { as: ROOT });
  mac.run(client, tools.security, {
    args: ["security", "add-trusted-cert", "-d", "-r", "trustRoot", "-k", SYSTEM_KEYCHAIN, "/var/tmp/company.cer"],
    as: ROOT,
  });
  mac.run(shell, tools.security, {
    args: ["security", "add-trusted-cert", "-p", "basic", "-p", "ssl", `${HOME}/Developer/kelp-site/localhost.pem`],
    env: SHELL_ENV,
  });
  mac.wait(20 * MINUTE);
  runsOn(mac, developerId("/Applications/Pier Portal.app/Contents/MacOS/Pier Portal", "com.pier.portal", "X6N3B9F4RT"));
});

export const SIGNATURE_SCENARIOS = {
  "g14-fires": g14Fires,
  "g14-quiet": g14Quiet,
  "g15-fires": g15Fires,
  "g15-quiet": g15Quiet,
  "g16-fires": g16Fires,
  "g16-quiet": g16Quiet,
  "g17-stopped": g17Stopped,
  "g17-refused-and-ran": g17RefusedAndRan,
  "g18-fires": g18Fires,
  "g18-quiet": g18Quiet,
  "g19-fires": g19Fires,
  "g19-quiet": g19Quiet,
  "g20-fires": g20Fires,
  "g20-quiet": g20Quiet,
  "g21-fires": g21Fires,
  "g21-quiet": g21Quiet,
  "g22-fires": g22Fires,
  "g22-quiet": g22Quiet,
  "g23-fires": g23Fires,
  "g23-quiet": g23Quiet,
  "g24-fires": g24Fires,
  "g24-quiet": g24Quiet,
} as const;
