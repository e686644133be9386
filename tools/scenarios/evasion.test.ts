import { describe, expect, it } from "vitest";
import { SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "../capture/cast.ts";
import { adHoc, developerId, platformBinary } from "../capture/code.ts";
import { es } from "../capture/es.ts";
import type { LiveProcess } from "../capture/es-process.ts";
import { log } from "../capture/log-lines.ts";
import type { Mac } from "../capture/mac.ts";
import { scene } from "../capture/scenarios/scene.ts";
import { playText } from "./play.ts";

/** Ways round a finding that somebody might try (constructed). */

const QUARANTINE = "com.apple.quarantine";
const DOWNLOADS = `${HOME}/Downloads`;
const APP = `${DOWNLOADS}/Invoice Viewer.app`;
const viewer = adHoc(`${APP}/Contents/MacOS/Invoice Viewer`, "com.invoice.viewer");
const MORE_THAN_KEPT = 2_500;

function told(name: string, act: (mac: Mac, shell: LiveProcess) => void): string[] {
  const { findings } = playText(name, Buffer.from(scene(name, act)()));
  return findings.map(({ severity, behaviours }) => `${severity} ${behaviours.join(" ")}`);
}

function clears(mac: Mac, shell: LiveProcess, path: string, inside: readonly string[] = []): void {
  const xattr = mac.launch(shell, cast.xattr, { args: ["xattr", "-dr", QUARANTINE, path], env: SHELL_ENV, cwd: HOME });
  for (const one of [path, ...inside]) mac.event(xattr, es.deleteextattr(one, QUARANTINE));
  mac.exit(xattr);
  mac.wait(3 * SECOND);
}

function runs(mac: Mac, code = viewer): LiveProcess {
  const process = mac.launch(mac.launchd, code, { app: true });
  mac.wait(10 * SECOND);
  return process;
}

const numbered = (folder: string) => Array.from({ length: MORE_THAN_KEPT }, (_, n) => `${folder}/f${n}`);

describe("evasion", () => {
  it("the mark is taken off an app within a folder of thousands of files", () => {
    const kit = `${DOWNLOADS}/kit`;
    const app = adHoc(`${kit}/Viewer.app/Contents/MacOS/Viewer`, "com.viewer");
    const findings = told("a folder of thousands", (mac, shell) => {
      clears(mac, shell, kit, [`${kit}/Viewer.app`, ...numbered(`${kit}/lib`)]);
      runs(mac, app);
    });
    expect(findings).toContain("high G1 G17");
  });

  it("another program takes the mark off thousands of files before it runs", () => {
    const sync = developerId("/Applications/Inlet Sync.app/Contents/MacOS/Inlet Sync", "com.inlet.sync", "AB12CD34EF");
    const findings = told("another program floods", (mac, shell) => {
      clears(mac, shell, APP);
      const flood = mac.launch(mac.launchd, sync, { app: true });
      for (const path of numbered(`${HOME}/Sync`)) mac.event(flood, es.deleteextattr(path, QUARANTINE));
      runs(mac);
    });
    expect(findings).toContain("high G1 G17");
  });

  it("a second copy is started, and killed by its own author", () => {
    const findings = told("a second copy is killed", (mac, shell) => {
      clears(mac, shell, APP);
      mac.launch(mac.launchd, viewer, { app: true });
      const second = mac.launch(mac.launchd, viewer, { app: true });
      mac.exit(second, { signal: 9 });
      mac.wait(10 * SECOND);
    });
    expect(findings).toContain("high G1 G17");
  });

  it("a second name for the file is what runs", () => {
    const findings = told("a hard link", (mac, shell) => {
      clears(mac, shell, `${DOWNLOADS}/tool`);
      const ln = mac.launch(shell, platformBinary("/bin/ln", "com.apple.ln"));
      mac.event(ln, es.link(`${DOWNLOADS}/tool`, `${HOME}/bin/t`));
      mac.exit(ln);
      runs(mac, adHoc(`${HOME}/bin/t`, "t"));
    });
    expect(findings).toContain("high G1");
  });

  it("what was fetched is moved before it runs, or put where nobody looks", () => {
    const findings = told("fetched and moved", (mac, shell) => {
      const hidden = `${HOME}/Library/Application Support/helper/agent`;
      const curl = mac.launch(shell, cast.curl, { args: ["curl", "-O", "https://example.invalid/a"], env: SHELL_ENV });
      for (const path of ["/private/tmp/a", hidden]) {
        mac.event(curl, es.create(path));
        mac.event(curl, es.close(path));
      }
      mac.exit(curl);
      const mv = mac.launch(shell, platformBinary("/bin/mv", "com.apple.mv"));
      mac.event(mv, es.rename("/private/tmp/a", `${DOWNLOADS}/b`));
      mac.exit(mv);
      runs(mac, adHoc(`${DOWNLOADS}/b`, "b"));
      runs(mac, adHoc(hidden, "agent"));
    });
    expect(findings.toSorted()).toEqual(["high G4", "high G4 G17"]);
  });
});

describe("stopped by macOS is no run", () => {
  it("a word of ASP alone is no stop: it says so of every first run, and then lets it go on", () => {
    const findings = told("refused at first", (mac, shell) => {
      clears(mac, shell, APP);
      const process = mac.launch(mac.launchd, viewer, { app: true });
      mac.log(log.kernel.policyDenied(process.pid, viewer.path));
      mac.wait(20 * SECOND);
    });
    expect(findings.some((one) => one.startsWith("high G1"))).toBe(true);
  });

  it.each<[string, (mac: Mac) => void]>([
    [
      "the kernel refuses it, and it is killed",
      (mac) => {
        const process = mac.launch(mac.launchd, viewer, { app: true });
        mac.log(log.kernel.policyDenied(process.pid, viewer.path));
        mac.exit(process, { signal: 9 });
        mac.wait(10 * SECOND);
      },
    ],
    [
      "the kernel's line comes before the start",
      (mac) => {
        const before = mac.fork(mac.launchd);
        mac.log(log.kernel.signatureKilled(before.pid, "Invoice Viewer"));
        mac.exec(before, viewer, { app: true });
        mac.wait(10 * SECOND);
      },
    ],
  ])("%s: G1, G7 and G13 say nothing above what led to it", (name, starts) => {
    const severe = /^(?:high|critical)/;
    const resigned = ["codesign", "-f", "-s", "-", APP];
    const cleared = told(`g1 ${name}`, (mac, shell) => {
      clears(mac, shell, APP);
      starts(mac);
    });
    expect(cleared.filter((one) => severe.test(one))).toEqual([]);
    const signed = told(`g13 ${name}`, (mac, shell) => {
      mac.run(shell, cast.codesign, { args: resigned, env: SHELL_ENV });
      starts(mac);
    });
    expect(signed.every((one) => one.startsWith("info"))).toBe(true);
    const allowed = told(`g7 ${name}`, (mac) => {
      const signing = { cdhash: viewer.cdhash, signingId: viewer.signingId, teamId: null };
      mac.event(
        mac.already(cast.syspolicyd, {}),
        es.gatekeeperUserOverride({ path: APP, sha256: "ab".repeat(32), signing }),
      );
      starts(mac);
    });
    expect(allowed.filter((one) => severe.test(one))).toEqual([]);
  });
});
