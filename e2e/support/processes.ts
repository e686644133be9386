import { execFileSync } from "node:child_process";

/** The ids of every process below `pid`, by the parent ids that `ps` (POSIX) prints. */
export function descendantsOf(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" });
  const children = new Map<number, number[]>();
  for (const line of table.trim().split("\n")) {
    const [child = "", parent = "", state = ""] = line.trim().split(/\s+/);
    // A zombie has ended; its parent has only not asked yet.
    if (state.startsWith("Z")) continue;
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(child)]);
  }
  const found: number[] = [];
  const visit = (parent: number): void => {
    for (const child of children.get(parent) ?? []) {
      found.push(child);
      visit(child);
    }
  };
  visit(pid);
  return found;
}

/** Those of `pids` that still run. */
export function stillRunning(pids: readonly number[]): number[] {
  const alive = execFileSync("ps", ["-A", "-o", "pid=,stat="], { encoding: "utf8" });
  const running = new Set(
    alive
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, state = ""]) => !state.startsWith("Z"))
      .map(([pid]) => Number(pid)),
  );
  return pids.filter((pid) => running.has(pid));
}
