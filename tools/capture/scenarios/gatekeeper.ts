import { HOUR, MINUTE, SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "../cast.ts";
import { adHoc, type Code, linkerSigned, unsigned } from "../code.ts";
import { es } from "../es.ts";
import { type LiveProcess, ROOT } from "../es-process.ts";
import { log } from "../log-lines.ts";
import type { Mac } from "../mac.ts";
import { buildInXcode, buildWithClang, buildWithGo } from "../ordinary.ts";
import { probe } from "../probes.ts";
import { scene, sudo } from "./scene.ts";

const QUARANTINE = "com.apple.quarantine";
const DOWNLOADS = `${HOME}/Downloads`;
const VIEWER_APP = `${DOWNLOADS}/Invoice Viewer.app`;
const viewer = adHoc(`${VIEWER_APP}/Contents/MacOS/Invoice Viewer`, "com.invoice.viewer");

function removeExtattr(mac: Mac, shell: LiveProcess, app: string, extattr: string): void {
  const xattr = mac.launch(shell, cast.xattr, { args: ["xattr", "-dr", extattr, app], env: SHELL_ENV, cwd: HOME });
  mac.event(xattr, es.deleteextattr(app, extattr));
  mac.event(xattr, es.deleteextattr(`${app}/Contents`, extattr));
  mac.exit(xattr);
}

function runsAdHoc(mac: Mac, code: Code): LiveProcess {
  mac.adHocRemarks(code);
  return mac.launch(mac.launchd, code, { app: true });
}

/** The flag comes off, and the app runs half a minute later. */
const g1Fires = scene("g1 fires", (mac, shell) => {
  removeExtattr(mac, shell, VIEWER_APP, QUARANTINE);
  mac.wait(38 * SECOND);
  runsAdHoc(mac, viewer);
});

/** An updater takes the flag off, as updaters do: what it brought is signed by its developer. */
function selfUpdate(mac: Mac, app: string): void {
  const updater = mac.launch(mac.launchd, cast.lanternEditor, { app: true });
  mac.event(updater, es.deleteextattr(app, QUARANTINE));
  mac.event(updater, es.deleteextattr(`${app}/Contents`, QUARANTINE));
  mac.exit(updater);
}

/**
 * Near misses: another attribute, a self-updater and its signed app, ad-hoc code that ran before the removal, other code
 * after it, and the same code two days later.
 */
const g1Quiet = scene("g1 quiet", (mac, shell) => {
  const notes = adHoc(`${HOME}/Applications/Lattice Notes.app/Contents/MacOS/Lattice Notes`, "com.latticenotes.mac");
  removeExtattr(mac, shell, `${HOME}/Applications/Lattice Notes.app`, "com.apple.metadata:kMDItemWhereFroms");
  mac.wait(10 * SECOND);
  runsAdHoc(mac, notes);

  selfUpdate(mac, "/Applications/Northwind Chat.app");
  mac.wait(10 * SECOND);
  mac.launch(mac.launchd, cast.northwind, { app: true });

  mac.exit(runsAdHoc(mac, viewer));
  mac.wait(10 * SECOND);
  selfUpdate(mac, VIEWER_APP);
  mac.wait(10 * SECOND);
  mac.run(shell, linkerSigned(`${HOME}/Developer/tides/a.out`), { args: ["./a.out"], env: SHELL_ENV });

  mac.capture.sleep(48 * HOUR);
  runsAdHoc(mac, viewer);
});

const tidepool = adHoc("/Applications/Tidepool.app/Contents/MacOS/Tidepool", "com.tidepool.desktop");

const g7Fires = scene("g7 fires", (mac) => {
  mac.log(log.syspolicyd.scanResult(0, tidepool, "4f1c22aa90b7d3e1", "com.tidepool.desktop"));
  mac.log(log.syspolicyd.promptShown(tidepool, "4f1c22aa90b7d3e1", "com.tidepool.desktop"));
  mac.wait(25 * SECOND);
  mac.event(
    mac.already(cast.syspolicyd, { as: ROOT }),
    es.gatekeeperUserOverride({
      path: "/Applications/Tidepool.app",
      sha256: mac.capture.prng.hex(64),
      signing: { cdhash: tidepool.cdhash, signingId: tidepool.signingId, teamId: null },
    }),
  );
  mac.wait(3 * SECOND);
  runsAdHoc(mac, tidepool);
});

/** Gatekeeper asks, the owner says no; and a notarized app passes without a question. */
const g7Quiet = scene("g7 quiet", (mac) => {
  mac.log(log.syspolicyd.scanResult(0, tidepool, "4f1c22aa90b7d3e1", "com.tidepool.desktop"));
  mac.log(log.syspolicyd.promptShown(tidepool, "4f1c22aa90b7d3e1", "com.tidepool.desktop"));
  mac.log(log.syspolicyd.denialBreadcrumb(tidepool, "4f1c22aa90b7d3e1", "com.tidepool.desktop"));
  mac.launch(mac.launchd, cast.systemSettings, { app: true });
  mac.log(log.syspolicyd.scanResult(3, cast.northwind, "77aa0b13c9d2e405", "com.northwind.chat"));
  mac.launch(mac.launchd, cast.northwind, { app: true });
});

/** The command (an attempt since macOS 15), and then the fact. */
const g8Fires = scene("g8 fires", (mac, shell) => {
  sudo(mac, shell, cast.spctl, ["spctl", "--master-disable"], 0);
  mac.wait(30 * SECOND);
  mac.probes([probe.spctlStatus("disabled")]);
});

/** Asking is not switching off; neither is a probe that says nothing. */
const g8Quiet = scene("g8 quiet", (mac, shell) => {
  mac.run(shell, cast.spctl, { args: ["spctl", "--status"], env: SHELL_ENV });
  mac.run(shell, cast.spctl, {
    args: ["spctl", "--assess", "--raw", "--type", "execute", VIEWER_APP],
    env: SHELL_ENV,
    status: 3,
  });
  mac.run(shell, cast.sh, { args: ["sh", "-c", "echo spctl --master-disable is in the notes"], env: SHELL_ENV });
  mac.probes([probe.spctlStatus("enabled"), probe.timedOut("spctl-status"), probe.spctlStatus("enabled")]);
});

const crate = `${HOME}/Downloads/Crate Player.app`;
const crateResigned = adHoc(`${crate}/Contents/MacOS/Crate Player`, "com.cratewave.player", "resigned");

/** A vendor's signature is replaced by none in particular, and the app runs. */
const g13Fires = scene("g13 fires", (mac, shell) => {
  const codesign = mac.launch(shell, cast.codesign, {
    args: ["codesign", "-f", "-s", "-", "--deep", crate],
    env: SHELL_ENV,
  });
  mac.event(codesign, es.rename(`${crateResigned.path}.cstemp`, crateResigned.path));
  mac.exit(codesign);
  mac.wait(42 * SECOND);
  runsAdHoc(mac, crateResigned);
});

/** Checking a signature, Xcode signing its own build with a certificate, and re-signing something that never runs. */
const g13Quiet = scene("g13 quiet", (mac, shell) => {
  mac.run(shell, cast.codesign, { args: ["codesign", "--verify", "--deep", "--strict", crate], env: SHELL_ENV });
  mac.run(shell, cast.codesign, { args: ["codesign", "-dvvv", crate], env: SHELL_ENV });
  mac.launch(mac.launchd, cast.northwind, { app: true });
  buildInXcode(mac);
  mac.wait(30 * SECOND);
  const other = `${HOME}/Developer/old/Harbour.app`;
  mac.run(shell, cast.codesign, { args: ["codesign", "-f", "-s", "-", other], env: SHELL_ENV });
  mac.wait(2 * MINUTE);
  mac.launch(mac.launchd, cast.paperboat, { app: true });
});

/** The same untrusted launch from the places it comes from: a download, /tmp, a shared hidden folder, a disk image. */
const g17Fires = scene("g17 fires", (mac, shell) => {
  runsAdHoc(mac, viewer);
  mac.wait(5 * SECOND);
  mac.run(shell, adHoc("/private/tmp/update/installer", "installer"), { env: SHELL_ENV });
  mac.wait(5 * SECOND);
  mac.launch(mac.launchd, unsigned("/Users/Shared/.cache/helperd/agentd"));
  mac.wait(5 * SECOND);
  mac.event(mac.launchd, es.mount("/Volumes/Crate Player", "/dev/disk5s1"));
  runsAdHoc(mac, adHoc("/Volumes/Crate Player/Crate Player.app/Contents/MacOS/Crate Player", "com.cratewave.player"));
});

/** Apple's, notarized, from the App Store, and a developer's own builds, `go run` in a temporary folder too. */
const g17Quiet = scene("g17 quiet", (mac, shell) => {
  mac.launch(mac.launchd, cast.northwind, { app: true });
  mac.capture.file({
    path: cast.northwind.path,
    quarantine: "01c1;68f3a2c4;Safari;1B2C5B5E-52A1-4B8B-A6B5-7D0C4B2C9A10",
    provenance: true,
    cdhash: cast.northwind.cdhash.toLowerCase(),
    assessment: { verdict: true, source: "Notarized Developer ID", error: null, exit: 0, timedOut: false },
  });
  mac.launch(mac.launchd, cast.paperboat, { app: true });
  buildWithClang(mac, shell, "1");
  buildWithGo(mac, shell);
});

export const GATEKEEPER_SCENARIOS = {
  "g1-fires": g1Fires,
  "g1-quiet": g1Quiet,
  "g7-fires": g7Fires,
  "g7-quiet": g7Quiet,
  "g8-fires": g8Fires,
  "g8-quiet": g8Quiet,
  "g13-fires": g13Fires,
  "g13-quiet": g13Quiet,
  "g17-fires": g17Fires,
  "g17-quiet": g17Quiet,
} as const;
