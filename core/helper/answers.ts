import { z } from "zod";
import type { AnchoredHead, HelperCounts } from "#core/base/live-helper.ts";

/** What a helper answers that belongs into no capture. native/PROTOCOL.md is the norm; keys that we do not need are left out. */
export type Answer =
  | { t: "welcome"; protocol: readonly number[]; session: string }
  | { t: "pong"; id: number | null; counts: ReadonlyMap<string, HelperCounts> }
  | { t: "done"; id: number | null; r: string }
  | { t: "refused"; id: number | null; r: string | null; why: string }
  | { t: "mark"; mark: number }
  | ({ t: "anchored"; id: number | null; kept: boolean } & AnchoredHead)
  | { t: "anchors"; id: number | null; heads: readonly AnchoredHead[] };

const MAX_SOURCES = 64;
const MAX_WORD = 64;
/** More than a daemon keeps for one user. */
const MAX_HEADS = 256;

const count = z.number().int().nonnegative();
/** Ours are numbers; another kind is an answer to nothing that we asked. */
const id = count.nullish().catch(null);
const word = z.string().max(MAX_WORD);

const Counts = z
  .object({ n: count, lines: count.catch(0), shed: count.catch(0), unreadable: count.catch(0) })
  .transform(({ n, lines, shed, unreadable }): HelperCounts => ({ n, lines, shed, unreadable }));

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const Head = z.object({ journal: hash, seq: z.number().int().positive(), hash });

const AnswerFrame = z.discriminatedUnion("t", [
  z.object({
    t: z.literal("welcome"),
    protocol: z.array(z.number()).max(MAX_SOURCES),
    session: z.string().min(1).max(256),
  }),
  z.object({ t: z.literal("pong"), id, counts: z.record(word, z.unknown()) }),
  z.object({ t: z.literal("done"), id, r: word }),
  z.object({ t: z.literal("refused"), id, r: word.nullish().catch(null), why: word }),
  z.object({ t: z.literal("mark"), mark: count }),
  Head.extend({ t: z.literal("anchored"), id, kept: z.boolean() }),
  z.object({ t: z.literal("anchors"), id, heads: z.array(Head).max(MAX_HEADS) }),
]);

const ANSWERS: ReadonlySet<string> = new Set(AnswerFrame.options.map((option) => option.shape.t.value));

/** Whether a frame of this type is an answer, and no line of a capture. */
export function isAnswer(type: string): boolean {
  return ANSWERS.has(type);
}

/** Null: it calls itself an answer, but is none. */
export function readAnswer(bytes: Buffer): Answer | null {
  const result = AnswerFrame.safeParse(parseJson(bytes));
  if (!result.success) return null;
  const frame = result.data;
  switch (frame.t) {
    case "pong":
      return { t: "pong", id: frame.id ?? null, counts: readCounts(frame.counts) };
    case "refused":
      return { ...frame, id: frame.id ?? null, r: frame.r ?? null };
    case "done":
    case "anchored":
    case "anchors":
      return { ...frame, id: frame.id ?? null };
    default:
      return frame;
  }
}

/** What a `file` frame answers: our request, and the quarantine attribute if that could be told (null: there is none). */
export interface FileAnswerHead {
  id: number | null;
  /** Undefined: it could not be told. */
  quarantine: string | null | undefined;
}

const MAX_QUARANTINE = 1024;
const FileAnswer = z.object({
  id,
  quarantine: z.string().max(MAX_QUARANTINE).nullish(),
  quarantineError: z.string().nullish(),
  error: z.string().nullish(),
});

export function readFileAnswer(bytes: Buffer): FileAnswerHead {
  const result = FileAnswer.safeParse(parseJson(bytes));
  if (!result.success) return { id: null, quarantine: undefined };
  const { error, quarantineError, quarantine } = result.data;
  const told = (error ?? null) === null && (quarantineError ?? null) === null;
  return { id: result.data.id ?? null, quarantine: told ? (quarantine ?? null) : undefined };
}

function readCounts(record: Record<string, unknown>): Map<string, HelperCounts> {
  const counts = new Map<string, HelperCounts>();
  for (const [source, value] of Object.entries(record).slice(0, MAX_SOURCES)) {
    const result = Counts.safeParse(value);
    if (result.success) counts.set(source, result.data);
  }
  return counts;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}
