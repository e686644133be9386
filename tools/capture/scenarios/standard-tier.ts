import { MINUTE, SECOND } from "#core/base/clock.ts";
import { HOME } from "../cast.ts";
import { adHoc, linkerSigned, unsigned } from "../code.ts";
import { Mac } from "../mac.ts";
import { probe } from "../probes.ts";
import { sipPartlyOff, START } from "./scene.ts";

const QUARANTINE = "com.apple.quarantine";
const LEDGER_APP = `${HOME}/Downloads/Ledger.app`;
const ledger = adHoc(`${LEDGER_APP}/Contents/MacOS/Ledger`, "com.ledger.reader");
const ownBuild = linkerSigned(`${HOME}/Developer/tides/a.out`);
const stranger = unsigned("/Users/Shared/.cache/sync/agent");

function snapshotOnlyMac(seed: string): Mac {
  const mac = new Mac({ seed, start: START, sources: ["log", "fs", "proc", "probe"] });
  mac.boot();
  mac.probes(mac.healthyProbes());
  mac.wait(30 * SECOND);
  return mac;
}

/** Without Endpoint Security: file changes, process snapshots and probes tell the same story. */
function standardTierFires(): string {
  const mac = snapshotOnlyMac("standard tier");
  mac.capture.proc("new", mac.already(ownBuild), ["./a.out"]);
  mac.wait(20 * SECOND);
  mac.capture.fs({
    path: LEDGER_APP,
    change: "xattr-removed",
    xattr: QUARANTINE,
    before: "0081;691c2b41;Safari;",
    after: null,
  });
  mac.wait(40 * SECOND);
  mac.capture.proc("new", mac.already(ledger), [ledger.path]);
  mac.wait(MINUTE);
  mac.probes([probe.spctlStatus("disabled"), probe.nvramBootArgs("amfi_get_out_of_my_way=1")]);
  mac.wait(MINUTE);
  mac.capture.bye();
  mac.wait(4 * MINUTE);
  mac.boot();
  mac.probes(sipPartlyOff(mac));
  mac.wait(20 * MINUTE);
  mac.capture.proc("new", mac.already(stranger), [stranger.path]);
  mac.capture.bye();
  return mac.capture.toJsonl();
}

/** The same sources on a Mac where nothing is wrong. */
function standardTierQuiet(): string {
  const mac = snapshotOnlyMac("standard tier quiet");
  const build = mac.already(ownBuild);
  mac.capture.proc("new", build, ["./a.out"]);
  mac.capture.proc("gone", build, ["./a.out"]);
  mac.capture.fs({
    path: LEDGER_APP,
    change: "xattr-set",
    xattr: QUARANTINE,
    before: null,
    after: "0081;691c2b41;Safari;",
  });
  mac.wait(MINUTE);
  mac.probes([probe.spctlStatus("enabled"), probe.nvramBootArgs("-v")]);
  mac.capture.bye();
  return mac.capture.toJsonl();
}

/** One record whose clock is decades ahead, between ordinary ones: it takes nothing with it. */
function wrongClock(): string {
  const mac = snapshotOnlyMac("wrong clock");
  mac.capture.fs({
    path: LEDGER_APP,
    change: "xattr-removed",
    xattr: QUARANTINE,
    before: "0081;691c2b41;Safari;",
    after: null,
  });
  mac.wait(20 * SECOND);
  const n = mac.capture.takeN("proc");
  mac.capture.raw(
    `{"v":1,"t":"event","src":"proc","n":${n},"at":"2099-01-01T00:00:00.000000000Z","body":{"change":"gone","pid":611,"path":"/bin/ls"}}`,
  );
  mac.wait(20 * SECOND);
  mac.capture.proc("new", mac.already(ledger), [ledger.path]);
  mac.capture.bye();
  return mac.capture.toJsonl();
}

export const STANDARD_TIER_SCENARIOS = {
  "standard-tier-fires": standardTierFires,
  "standard-tier-quiet": standardTierQuiet,
  "wrong-clock": wrongClock,
} as const;
