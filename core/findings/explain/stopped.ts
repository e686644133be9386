import type { Clause } from "#contract/finding.ts";
import { severityOf } from "../finding-input.ts";
import { tellsStop } from "../signature-note.ts";
import { clause, type ExplainInput, lastPart, lastStart, type Part, quoted } from "./explanation.ts";
import { signatureSentence } from "./why-it-ran.ts";

/** Seconds within which a refused program ends; the rule stopped_by_macos says the same. */
const AT_ONCE = 5;

/** The record that shows that macOS refused or ended the program; null: none among the evidence. */
export function stopOf({ parts }: ExplainInput): Part | null {
  // The kernel's own words say more than the end of the process.
  return (
    parts.find(({ note }) => tellsStop(note.role) && note.kind === "log") ??
    parts.find(({ note }) => tellsStop(note.role)) ??
    null
  );
}

/** The rule tells that it was stopped; others may have the stop of an earlier start among their records. */
export function isOnlyStopped({ rule }: ExplainInput): boolean {
  return severityOf(rule.level) === "info";
}

/** The end of a program that had run for longer than one which macOS refuses. */
export function livedOn({ note }: Part): boolean {
  return note.kind === "exit" && Number(note.alive ?? 0) > AT_ONCE;
}

/** The program of a part, by the process or, where only the kernel's text names it, by that text. */
export function runnerOf({ note }: Part): string {
  return quoted(note.kind === "log" ? (note.program ?? "A program") : (note.name ?? "A program"));
}

/** It was started, and it did not go on: the whole finding, for the rules that ask whether macOS stopped something. */
export function explainStopped(input: ExplainInput, stop: Part, before: readonly Clause[] = []): Clause[] {
  const start = lastStart(input) ?? input.parts.find((part) => part !== stop) ?? lastPart(input);
  const clauses = [
    clause("verdict", `${runnerOf(start)} was stopped by macOS.`, start, stop),
    ...before,
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    clause("why", howStopped(stop), stop),
  ];
  if (stop.note.kind === "exit") {
    clauses.push(
      clause(
        "unknown",
        "That macOS ended it is told from how fast it ended; a program that somebody kills at once looks the same.",
        stop,
      ),
    );
  }
  clauses.push(
    clause(
      "next",
      "When this was noted, nothing showed that it went on. Find out where it came from before you try it again.",
    ),
  );
  return clauses;
}

function howStopped({ note }: Part): string {
  if (note.kind === "exit") return `It was killed (SIGKILL)${aliveWords(note.alive)}.`;
  switch (note.fact) {
    case "asp-denied":
      return "The kernel's security policy did not allow it (ASP).";
    case "amfi-killed":
      return "The kernel's check of signatures ended it (AMFI).";
    default:
      return "The kernel refused a page of its code and ended it (CODE SIGNING, SIGKILL).";
  }
}

function aliveWords(seconds: string | undefined): string {
  if (seconds === undefined) return "";
  if (Number(seconds) < 2) return " a moment after it started";
  return Number(seconds) <= AT_ONCE ? ` ${seconds} seconds after it started` : "";
}
