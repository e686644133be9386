import type { LogFact } from "#contract/log-fact.ts";
import { baseName } from "./code-root.ts";
import type { KnownProcess, Lineage } from "./lineage.ts";

/** What a fact of the unified log names; null: nothing of the kind. */
export function factPath(fact: LogFact): string | null {
  if (fact.fact === "revoked") return fact.subject.startsWith("/") ? fact.subject : null;
  return "path" in fact ? fact.path : null;
}

export function factPid(fact: LogFact): number | null {
  return "pid" in fact ? fact.pid : null;
}

export function factSigningId(fact: LogFact): string | null {
  return "signingId" in fact ? fact.signingId : null;
}

export function factTeamId(fact: LogFact): string | null {
  return "teamId" in fact ? fact.teamId : null;
}

/** The process that a fact names: the latest with that pid, if the name or path in the text is its own. */
export function factProcess(fact: LogFact, lineage: Lineage): KnownProcess | null {
  const pid = factPid(fact);
  const process = pid === null ? null : lineage.find({ pid, pidversion: null });
  if (process === null) return null;
  switch (fact.fact) {
    case "asp-denied":
      return process.path === fact.path ? process : null;
    case "amfi-killed":
    case "page-invalid":
    case "page-rejected":
      return fact.name === null || baseName(process.path).startsWith(fact.name) ? process : null;
    case "sandbox-deny":
      return baseName(process.path).startsWith(fact.process) ? process : null;
    default:
      return process;
  }
}
