import type { JournalEntry } from "#contract/posture.ts";

/** A piece of an entry's words: text as it is, or a moment (RFC 3339 UTC) that the journal tells in them. */
export type ToldPiece = { kind: "text"; text: string } | { kind: "moment"; at: string };

/** Whose words tell moments. What the others quote is left alone. */
const TELLING: readonly JournalEntry["kind"][] = ["boot", "epoch-opened", "epoch-closed"];
const MOMENT = /(?<=(?:[Ss]ince|at) )(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC/g;
/** From here on a command is quoted, right after the moment at which it was seen. */
const QUOTES = "A command to weaken it had been seen";
const LINE_MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z(?= )/;

const text = (words: string): ToldPiece[] => (words === "" ? [] : [{ kind: "text", text: words }]);

/**
 * Finds the moments in a journal entry's words, which are kept in UTC because their hash is: a screen shows them in the
 * user's zone. Nothing in a quoted command is taken for one.
 */
export function toldPieces(kind: JournalEntry["kind"], words: string): ToldPiece[] {
  if (!TELLING.includes(kind)) return text(words);
  const quoting = words.indexOf(QUOTES);
  const pieces: ToldPiece[] = [];
  let end = 0;
  for (const match of words.matchAll(MOMENT)) {
    const [whole, day, minute] = match;
    const at = `${day}T${minute}:00Z`;
    if (Number.isNaN(Date.parse(at))) continue;
    pieces.push(...text(words.slice(end, match.index)), { kind: "moment", at });
    end = match.index + whole.length;
    if (quoting >= 0 && match.index > quoting) break;
  }
  return [...pieces, ...text(words.slice(end))];
}

/** The same for a line of what a restart's entry lists: the attempts before it, each with its moment in front. */
export function listedPieces(kind: JournalEntry["kind"], line: string): ToldPiece[] {
  const at = kind === "boot" ? LINE_MOMENT.exec(line)?.[0] : undefined;
  if (at === undefined || Number.isNaN(Date.parse(at))) return text(line);
  return [{ kind: "moment", at }, ...text(line.slice(at.length))];
}
