import { MINUTE, SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "../cast.ts";
import { adHoc, linkerSigned, unsigned } from "../code.ts";
import { Mac } from "../mac.ts";
import { probe } from "../probes.ts";
import { openShell, restart, scene, sipPartlyOff, START, sudo } from "./scene.ts";

const healthy = (mac: Mac) => mac.healthyProbes();

/** The three forms that macOS refuses outside Recovery. */
const s1Fires = scene("s1 fires", (mac, shell) => {
  sudo(mac, shell, cast.csrutil, ["csrutil", "disable"], 1);
  mac.wait(20 * SECOND);
  sudo(mac, shell, cast.csrutil, ["csrutil", "enable", "--without", "fs"], 1);
  mac.wait(20 * SECOND);
  sudo(mac, shell, cast.csrutil, ["csrutil", "clear"], 1);
});

/** Asking, reading about it, and a program that only carries the words. */
const s1Quiet = scene("s1 quiet", (mac, shell) => {
  mac.run(shell, cast.csrutil, { args: ["csrutil", "status"], env: SHELL_ENV });
  mac.run(shell, cast.csrutil, { args: ["csrutil", "authenticated-root", "status"], env: SHELL_ENV });
  mac.run(shell, cast.ls, { args: ["ls", "csrutil disable.md"], env: SHELL_ENV });
  mac.run(shell, cast.sh, { args: ["sh", "-c", "echo csrutil disable"], env: SHELL_ENV });
});

const s4Fires = scene("s4 fires", (mac) => {
  restart(mac, sipPartlyOff);
});

/** A restart that changes nothing, and probes that hang or speak another language: unknown is not weaker. */
const s4Quiet = scene("s4 quiet", (mac) => {
  restart(mac, healthy);
  restart(mac, () => [
    probe.timedOut("csrutil-status"),
    probe.raw(
      "system-profiler-ibridge",
      '{"SPiBridgeDataType":[{"ibridge_sb_sip":"Aktiviert","ibridge_secure_boot":"Volle Sicherheit"}]}\n',
    ),
  ]);
  restart(mac, healthy);
});

const AMFI_OFF = "amfi_get_out_of_my_way=1";

/** Written before the restart, in force after it. */
const s7Fires = scene("s7 fires", (mac, shell) => {
  sudo(mac, shell, cast.nvram, ["nvram", `boot-args=${AMFI_OFF}`], 0);
  mac.probes([probe.nvramBootArgs(AMFI_OFF)]);
  restart(mac, (mac) => [
    probe.csrutilStatus("enabled"),
    probe.authenticatedRoot("enabled"),
    probe.spctlStatus("enabled"),
    probe.sysctl({ bootUuid: mac.bootUuid, bootTime: mac.bootTime, bootArgs: AMFI_OFF }),
    probe.nvramBootArgs(AMFI_OFF),
    probe.mount(),
  ]);
});

/** Reading the variable, another variable, and an argument that only makes the boot talkative. */
const s7Quiet = scene("s7 quiet", (mac, shell) => {
  mac.run(shell, cast.nvram, { args: ["nvram", "boot-args"], env: SHELL_ENV, status: 1 });
  sudo(mac, shell, cast.nvram, ["nvram", "StartupMute=%01"], 0);
  mac.probes([probe.nvramBootArgs("-v")]);
  restart(mac, (mac) => [
    ...mac.healthyProbes().filter(({ name }) => name !== "sysctl" && name !== "nvram"),
    probe.sysctl({ bootUuid: mac.bootUuid, bootTime: mac.bootTime, bootArgs: "-v" }),
    probe.nvramBootArgs("-v"),
  ]);
});

const HIDDEN_AGENT = "/Users/Shared/.cache/helperd/agentd";

/** Twenty minutes after a boot with part of SIP off, something unsigned that nobody has seen before. */
const s16Fires = scene("s16 fires", (mac) => {
  const shell = restart(mac, sipPartlyOff);
  mac.wait(20 * MINUTE - 40 * SECOND);
  mac.launch(shell, unsigned(HIDDEN_AGENT), { env: SHELL_ENV });
});

/** Whoever weakened this Mac has accepted it so, and then tries out something new after a restart. */
const s16Quiet = scene(
  "s16 quiet",
  (mac, shell) => {
    const tides = linkerSigned(`${HOME}/Developer/tides/a.out`);
    mac.run(shell, tides, { args: ["./a.out"], env: SHELL_ENV });
    mac.capture.baseline({ by: "ana", reason: "The debugger of our driver needs it." });
    const again = restart(mac, sipPartlyOff);
    mac.run(again, tides, { args: ["./a.out"], env: SHELL_ENV });
    mac.launch(mac.launchd, cast.northwind, { app: true });
    mac.wait(5 * MINUTE);
    mac.run(again, adHoc(`${HOME}/Developer/harbour/harbour`, "harbour"), { args: ["./harbour"], env: SHELL_ENV });
    const whole = restart(mac, healthy);
    mac.run(whole, adHoc(`${HOME}/Developer/harbour/quay`, "quay"), { args: ["./quay"], env: SHELL_ENV });
  },
  { probes: sipPartlyOff },
);

/** One machine's life in two files: the attempt in the first, its consequence in the second. */
function rebootParts(): { first: string; second: string } {
  let lines: string[] = [];
  const mac = new Mac({ seed: "reboot", start: START, sink: (line) => lines.push(line) });
  mac.boot();
  mac.probes(mac.healthyProbes());
  const shell = openShell(mac);
  mac.wait(30 * SECOND);
  sudo(mac, shell, cast.csrutil, ["csrutil", "disable"], 1);
  mac.wait(10 * SECOND);
  mac.capture.bye();
  const first = lines;

  lines = [];
  mac.wait(5 * MINUTE);
  mac.boot();
  mac.probes(sipPartlyOff(mac));
  const after = openShell(mac);
  mac.wait(3 * MINUTE);
  mac.launch(after, unsigned(HIDDEN_AGENT), { env: SHELL_ENV });
  mac.wait(SECOND);
  mac.capture.bye();
  return { first: `${first.join("\n")}\n`, second: `${lines.join("\n")}\n` };
}

export const SIP_SCENARIOS = {
  "s1-fires": s1Fires,
  "s1-quiet": s1Quiet,
  "s4-fires": s4Fires,
  "s4-quiet": s4Quiet,
  "s7-fires": s7Fires,
  "s7-quiet": s7Quiet,
  "s16-fires": s16Fires,
  "s16-quiet": s16Quiet,
  "reboot-part-1": () => rebootParts().first,
  "reboot-part-2": () => rebootParts().second,
} as const;
