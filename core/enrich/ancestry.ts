import type { EnrichedEvent } from "./enriched-event.ts";
import { type KnownProcess, pidOfKey } from "./lineage.ts";

/** Apple's programs by which a person starts others. They count only from the system volume, where nobody can put a copy. */
const APPLE_SHELLS: ReadonlySet<string> = new Set(["com.apple.Terminal", "com.apple.finder", "com.apple.dock"]);
/** Terminals of others; they count with a team, which ad hoc code cannot claim. Their signing ids are UNVERIFIED. */
const OTHER_TERMINALS: ReadonlySet<string> = new Set([
  "com.googlecode.iterm2",
  "com.mitchellh.ghostty",
  "dev.warp.Warp-Stable",
  "net.kovidgoyal.kitty",
  "org.alacritty",
  "com.github.wez.wezterm",
  "com.microsoft.VSCode",
]);
const LAUNCHD_PID = 1;

/** Signing id, else path, of each ancestor. */
export function ancestorNames(ancestors: readonly KnownProcess[]): string[] {
  return ancestors.map(({ signingId, path }) => signingId ?? path);
}

/**
 * A person sits at it: it has a terminal, or a terminal program, Finder or Dock is among what started it or is responsible
 * for it. False only when the chain is known up to launchd; else null.
 */
export function isInteractive(enriched: EnrichedEvent): boolean | null | undefined {
  const { event, subject, parent, responsible } = enriched;
  if (event.kind === "log") {
    // sudo writes "unknown" where there is no terminal (UNVERIFIED).
    return event.fact?.fact === "sudo-command" ? event.fact.tty !== null && event.fact.tty !== "unknown" : undefined;
  }
  if (subject === null) return undefined;
  const ancestors = enriched.around("ancestors");
  if (subject.tty !== null || ancestors.some(isShell) || (responsible !== null && isShell(responsible))) return true;
  const last = ancestors.at(-1);
  const top =
    last === undefined ? (parent === null ? subject.ppid : null) : last.parent === null ? null : pidOfKey(last.parent);
  const complete = top === LAUNCHD_PID || last?.pid === LAUNCHD_PID;
  return complete ? false : null;
}

function isShell({ signingId, teamId, path }: KnownProcess): boolean {
  if (signingId === null) return false;
  return APPLE_SHELLS.has(signingId)
    ? teamId === null && path.startsWith("/System/")
    : teamId !== null && OTHER_TERMINALS.has(signingId);
}
