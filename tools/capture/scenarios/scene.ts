import { SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "../cast.ts";
import type { Code } from "../code.ts";
import { ANA_AS_ROOT, type LiveProcess } from "../es-process.ts";
import { log } from "../log-lines.ts";
import { Mac, type MacOptions } from "../mac.ts";
import { type ProbeAnswer, probe } from "../probes.ts";

export const START = Date.parse("2026-11-19T14:00:00Z") * 1000;

/** Terminal, with ana's shell in it. */
export function openShell(mac: Mac): LiveProcess {
  const terminal = mac.launch(mac.launchd, cast.terminal, { app: true });
  const login = mac.launch(terminal, cast.login, {
    args: ["login", "-pf", "ana"],
    as: ANA_AS_ROOT,
    tty: "/dev/ttys001",
  });
  return mac.launch(login, cast.zsh, { args: ["-zsh"], env: SHELL_ENV, cwd: HOME });
}

/** A capture that begins with a boot, answers to every probe (healthy ones, unless told otherwise), and a shell; then `act`; then bye. */
export function scene(
  seed: string,
  act: (mac: Mac, shell: LiveProcess) => void,
  { probes, ...options }: Partial<MacOptions> & { probes?: (mac: Mac) => readonly ProbeAnswer[] } = {},
): () => string {
  return () => {
    const mac = new Mac({ seed, start: START, ...options });
    mac.boot();
    mac.probes(probes?.(mac) ?? mac.healthyProbes());
    const shell = openShell(mac);
    mac.wait(20 * SECOND);
    act(mac, shell);
    mac.wait(SECOND);
    mac.capture.bye();
    return mac.capture.toJsonl();
  };
}

/** Restarts the Mac; `probes` is what the first minute after that finds. */
export function restart(mac: Mac, probes: (mac: Mac) => readonly ProbeAnswer[]): LiveProcess {
  mac.capture.bye();
  mac.wait(240 * SECOND);
  mac.boot();
  mac.probes(probes(mac));
  return openShell(mac);
}

/** Everything as Apple ships it, but part of SIP off. */
export function sipPartlyOff(mac: Mac): ProbeAnswer[] {
  return [
    probe.csrutilStatus({ off: ["Filesystem Protections", "Debugging Restrictions", "NVRAM Protections"] }),
    probe.authenticatedRoot("enabled"),
    probe.spctlStatus("enabled"),
    probe.sysctl({ bootUuid: mac.bootUuid, bootTime: mac.bootTime }),
    probe.nvramUnset(),
    probe.ibridge({ secureBoot: "Permissive Security", sip: "Custom Configuration" }),
    probe.mount(),
  ];
}

/** `sudo` with a command: what sudo logs, then the command as root. */
export function sudo(mac: Mac, shell: LiveProcess, code: Code, args: readonly string[], status: number): void {
  const parent = mac.launch(shell, cast.sudo, { args: ["sudo", ...args], env: SHELL_ENV, cwd: HOME, as: ANA_AS_ROOT });
  mac.wait(2 * SECOND);
  mac.log(log.sudo(parent.pid, "ana", HOME, [code.path, ...args.slice(1)].join(" ")));
  mac.run(parent, code, { args, cwd: HOME, as: ANA_AS_ROOT, status });
  mac.exit(parent, status);
}
