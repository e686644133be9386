import { type WeakBootArg, weakBootArgs } from "./boot-args.ts";
import { readKernelVariables } from "./read-kernel-variables.ts";
import { type HostFacts, type ProbeReading, type Reading, type Strength, unknownReading } from "./reading.ts";

const LINE = /^([A-Za-z0-9_.]{1,80}): ?(.*)$/;
/** Of nvram: a name, a tab, the value. */
const NVRAM_LINE = /^[^ \t]{1,80}\t/;
const MAX_LINES = 4096;
const BOOT_TIME = /sec = (\d{1,12}), usec = (\d{1,6})/;

/**
 * Reads `sysctl`: one `name: value` a line, and what is no such line goes on with the value before it: boot arguments may
 * have line ends in them, and may so pretend to be other lines: a name with two values has none. `kern.bootargs` is what this boot was started with.
 */
export function readSysctl(text: string): ProbeReading {
  const values = new Map<string, string>();
  const doubted = new Set<string>();
  let last: string | null = null;
  for (const line of text.split("\n", MAX_LINES)) {
    const match = LINE.exec(line);
    if (match?.[1] !== undefined) {
      last = match[1];
      const value = (match[2] ?? "").trim();
      if ((values.get(last) ?? value) !== value) doubted.add(last);
      values.set(last, value);
    } else if (last !== null && line !== "") values.set(last, `${values.get(last) ?? ""}\n${line}`);
  }
  for (const name of doubted) values.delete(name);
  const host: HostFacts = {};
  const uuid = values.get("kern.bootsessionuuid");
  if (uuid !== undefined && uuid !== "") host.bootUuid = uuid.slice(0, 64);
  const boot = BOOT_TIME.exec(values.get("kern.boottime") ?? "");
  if (boot !== null) host.bootTime = Number(boot[1]) * 1_000_000 + Number(boot[2]);
  return { readings: [inForce(values.get("kern.bootargs")), readKernelVariables(values)], host };
}

/** Reads `nvram boot-args`: what the next restart will use. "data was not found" means unset (recorded). */
export function readNvramBootArgs(out: string, err: string): Reading[] {
  const lines = out.split("\n", MAX_LINES);
  const begins = lines.findIndex((line) => /^boot-args[ \t]/.test(line));
  if (begins !== -1) {
    const goesOn = lines.slice(begins + 1);
    const end = goesOn.findIndex((line) => NVRAM_LINE.test(line));
    const value = [lines[begins]?.slice("boot-args".length), ...(end === -1 ? goesOn : goesOn.slice(0, end))];
    return [bootArgsReading(weakBootArgs(value.join("\n")), "policy")];
  }
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
