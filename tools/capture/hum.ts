import { SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "./cast.ts";
import { type Code, platformBinary } from "./code.ts";
import { es } from "./es.ts";
import { type Account, ANA, type LiveProcess, ROOT } from "./es-process.ts";
import { log } from "./log-lines.ts";
import type { Mac } from "./mac.ts";

interface Chore {
  code: Code;
  as: Account;
  /** A file it leaves behind. */
  writes?: string;
  /** What the sandbox refuses it, as it does all day: the operation and its object. */
  refused?: readonly [operation: string, object: string];
}

function libexec(name: string, as: Account, rest: Omit<Chore, "code" | "as"> = {}): Chore {
  return { code: platformBinary(`/usr/libexec/${name}`, `com.apple.${name}`), as, ...rest };
}

const LIBRARY = `${HOME}/Library`;
const PREFERENCES = `${LIBRARY}/Preferences/.GlobalPreferences.plist`;

const CHORES: readonly Chore[] = [
  { code: cast.mdworker, as: ANA, refused: ["file-read-data", PREFERENCES] },
  { code: cast.quickLook, as: ANA, writes: `${LIBRARY}/Caches/com.apple.thumbnails/index.sqlite-wal` },
  { code: cast.backupd, as: ROOT },
  { code: platformBinary("/usr/sbin/cupsd", "com.apple.cupsd"), as: ROOT },
  { code: platformBinary("/usr/sbin/distnoted", "com.apple.distnoted"), as: ANA },
  libexec("trustd", ANA, { writes: `${LIBRARY}/Caches/com.apple.trustd/ocspcache.sqlite3` }),
  libexec("nsurlsessiond", ANA, { refused: ["mach-lookup", "com.apple.lsd.mapdb"] }),
  libexec("rapportd", ANA, { refused: ["network-outbound", "/private/var/run/mDNSResponder"] }),
  libexec("sharingd", ANA),
  libexec("lsd", ANA, { writes: `${LIBRARY}/Caches/com.apple.lsd/LaunchServices.csstore` }),
  libexec("pkd", ANA),
  libexec("diskarbitrationd", ROOT),
  libexec("keyboardservicesd", ANA, { writes: `${LIBRARY}/KeyboardServices/TextReplacements.db-wal` }),
  libexec("periodic-wrapper", ROOT, { writes: "/private/var/log/daily.out" }),
  libexec("remindd", ANA, { writes: `${LIBRARY}/Reminders/Container_v1/Stores/Data.sqlite-wal` }),
  libexec("routined", ANA, { refused: ["file-read-data", `${LIBRARY}/Caches/com.apple.routined/Local.sqlite`] }),
];

/** What a Mac does by itself between two scenes: Apple's helpers come and go, and the log has its small refusals. */
export function hum(mac: Mac, chores: number): void {
  let at = mac.capture.prng.below(CHORES.length);
  for (let i = 0; i < chores; i++) {
    at = (at + 1 + mac.capture.prng.below(5)) % CHORES.length;
    const chore = CHORES[at];
    if (chore === undefined) continue;
    mac.wait(SECOND + mac.capture.prng.below(3 * SECOND));
    const process = mac.launch(mac.launchd, chore.code, { as: chore.as });
    if (chore.writes !== undefined) {
      mac.event(process, es.write(chore.writes));
      mac.event(process, es.close(chore.writes));
    }
    if (chore.refused !== undefined) {
      const name = chore.code.path.slice(chore.code.path.lastIndexOf("/") + 1);
      mac.log(log.kernel.sandboxDenied(name, process.pid, ...chore.refused));
    }
    mac.wait(400_000 + mac.capture.prng.below(2 * SECOND));
    mac.exit(process);
  }
}

const COMMANDS: readonly (readonly [name: string, path: string, ...args: string[]])[] = [
  ["ls", "/bin/ls", "-la"],
  ["git", cast.git.path, "status", "--short"],
  ["grep", "/usr/bin/grep", "-rn", "tide_table", "src"],
  ["less", "/usr/bin/less", "README.md"],
  ["git", cast.git.path, "log", "--oneline", "-5"],
  ["wc", "/usr/bin/wc", "-l", "tides.c", "harbour.c"],
  ["open", "/usr/bin/open", "."],
  ["date", "/bin/date"],
];

/** A person at a shell prompt, `count` commands long. */
export function typing(mac: Mac, shell: LiveProcess, count: number): void {
  const start = mac.capture.prng.below(COMMANDS.length);
  for (let i = 0; i < count; i++) {
    const command = COMMANDS[(start + i) % COMMANDS.length];
    if (command === undefined) continue;
    const [name, path, ...args] = command;
    mac.wait(3 * SECOND + mac.capture.prng.below(6 * SECOND));
    mac.run(shell, platformBinary(path, `com.apple.${name}`), {
      args: [name, ...args],
      env: SHELL_ENV,
      cwd: `${HOME}/Developer/tides`,
    });
  }
}
