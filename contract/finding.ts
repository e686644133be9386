import { z } from "zod";
import { Severity } from "./severity.ts";
import { EventId } from "./source.ts";
import { CodeIdentity } from "./trust.ts";

/** One record a finding stands on. `rowId` is null once retention has removed the record; its words stay. */
export const Evidence = z.object({
  id: EventId,
  rowId: z.number().int().nullable(),
  /** RFC 3339 UTC. */
  at: z.string(),
  /** What part it played, e.g. "quarantine removed". */
  role: z.string(),
  summary: z.string(),
  /** The record's kind, e.g. `exec`, and how many restarts of the Mac had been seen; findings of an older Sealbar lack both. */
  kind: z.string().optional(),
  boot: z.number().int().optional(),
});
export type Evidence = z.infer<typeof Evidence>;

export const CLAUSE_KINDS = ["verdict", "why", "unknown", "next"] as const;

/** A sentence of the explanation, with the evidence behind it (indexes into the finding's `evidence`). */
export const Clause = z.object({
  kind: z.enum(CLAUSE_KINDS),
  text: z.string(),
  evidence: z.array(z.number().int().nonnegative()),
});
export type Clause = z.infer<typeof Clause>;

export const Finding = z.object({
  id: z.number().int(),
  /**
   * JSON.stringify([rule, ...group values, episode]). It names the rule that told the story first; `rule` and `title` are
   * those of the strongest rule so far and may change as the story goes on.
   */
  key: z.string(),
  rule: z.string(),
  behaviours: z.array(z.string()),
  /** e.g. AN0644. */
  analytics: z.array(z.string()),
  /** e.g. T1553.002. */
  techniques: z.array(z.string()),
  severity: Severity,
  title: z.string(),
  clauses: z.array(Clause),
  subject: CodeIdentity,
  firstSeen: z.string(),
  lastSeen: z.string(),
  count: z.number().int().positive(),
  evidence: z.array(Evidence),
  state: z.enum(["open", "closed"]),
});
export type Finding = z.infer<typeof Finding>;

/** The explanation as one text: verdict first, then why, then what is not known, then what to do. */
export function explanationText(clauses: readonly Clause[]): string {
  return clauses.map((clause) => clause.text).join(" ");
}

export const FindingQuery = z.object({
  limit: z.number().int().min(1).max(200),
  before: z.object({ lastSeen: z.string(), id: z.number().int() }).nullable().default(null),
});
export type FindingQuery = z.infer<typeof FindingQuery>;

export const FindingPage = z.object({
  findings: z.array(Finding),
  next: z.object({ lastSeen: z.string(), id: z.number().int() }).nullable(),
  total: z.number().int(),
});
export type FindingPage = z.infer<typeof FindingPage>;
