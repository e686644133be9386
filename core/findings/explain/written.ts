import type { Clause } from "#contract/finding.ts";
import { MINUTE } from "#core/base/clock.ts";
import { baseName } from "#core/enrich/code-root.ts";
import { span } from "#core/enrich/words.ts";
import { clause, code, type Part } from "./explanation.ts";

/** Who wrote the program last, and how long before it ran; else that it was not seen. */
export function writtenSentence(start: Part): Clause {
  const { writtenBy, writtenMinutes } = start.note;
  if (writtenBy === undefined) return clause("unknown", "Who changed it, and when, was not seen.");
  const minutes = Number(writtenMinutes ?? Number.NaN);
  const when = Number.isNaN(minutes) ? "" : minutes < 1 ? " just before" : ` ${span(minutes * MINUTE)} earlier`;
  return clause("why", `It was last written${when} by ${code(baseName(writtenBy))}.`, start);
}
