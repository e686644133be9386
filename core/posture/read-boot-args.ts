import { type WeakBootArg, weakBootArgs } from "./boot-args.ts";
import { readKernelVariables } from "./read-kernel-variables.ts";
import { type HostFacts, type ProbeReading, type Reading, type Strength, unknownReading } from "./reading.ts";

const LINE = /^([A-Za-z0-9_.]{1,80}): ?(.*)$/;
const BOOT_TIME = /sec = (\d{1,12}), usec = (\d{1,6})/;

/** Reads `sysctl`: one `name: value` a line. `kern.bootargs` is what this boot was started with. */
export function readSysctl(text: string): ProbeReading {
  const values = new Map<string, string>();
  for (const line of text.split("\n", 256)) {
    const match = LINE.exec(line.slice(0, 4096));
    if (match?.[1] !== undefined) values.set(match[1], (match[2] ?? "").trim());
  }
  const host: HostFacts = {};
  const uuid = values.get("kern.bootsessionuuid");
  if (uuid !== undefined && uuid !== "") host.bootUuid = uuid.slice(0, 64);
  const boot = BOOT_TIME.exec(values.get("kern.boottime") ?? "");
  if (boot !== null) host.bootTime = Number(boot[1]) * 1_000_000 + Number(boot[2]);
  return { readings: [inForce(values.get("kern.bootargs")), readKernelVariables(values)], host };
}

/** Reads `nvram boot-args`: what the next restart will use. "data was not found" means unset (recorded). */
export function readNvramBootArgs(out: string, err: string): Reading[] {
  const value = /^boot-args[ \t]{1,8}(.*)$/m.exec(out);
  if (value !== null) return [bootArgsReading(weakBootArgs(value[1] ?? ""), "policy")];
  if (/data was not found/.test(`${err}\n${out}`)) return [bootArgsReading([], "policy")];
  return [unknownReading("boot-args", "policy", "nvram's words were not recognised")];
}

function inForce(bootArgs: string | undefined): Reading {
  if (bootArgs === undefined) return unknownReading("boot-args", "exact", "sysctl did not give the boot arguments");
  return bootArgsReading(weakBootArgs(bootArgs), "exact");
}

function bootArgsReading(args: readonly WeakBootArg[], strength: Strength): Reading {
  const weak = args.map((arg) => arg.text);
  const checksOff = args.some((arg) => arg.effect === "checks-off");
  if (weak.length === 0) {
    return { setting: "boot-args", strength, value: "on", weak, detail: "No boot argument weakens code signing" };
  }
  return { setting: "boot-args", strength, value: checksOff ? "off" : "partial", weak, detail: weak.join(" ") };
}
