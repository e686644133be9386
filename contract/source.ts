import { z } from "zod";

/** The sources a helper can name in frames of type `event`, `line`, `gap` and `status`. */
export const SOURCES = ["es", "log", "fs", "proc", "probe"] as const;
export const SourceName = z.enum(SOURCES);
export type SourceName = z.infer<typeof SourceName>;

/**
 * Every timeline record's origin: a helper source, an answered file question, or the capture itself
 * (`session`: restarts of the Mac, gaps, sleep, changes of a source's state, posture changes).
 */
export const ORIGINS = [...SOURCES, "file", "session"] as const;
export const Origin = z.enum(ORIGINS);
export type Origin = z.infer<typeof Origin>;

/**
 * Names one record for ever, so reading a capture twice adds nothing. `session` is the hello's; when a stream has the same
 * session again after another boot, `<session>@<bootUUID>`. `n` is the frame's own number where it has one: these count
 * per source within a session. Otherwise `src` is the frame's type and `n` its time in microseconds (of a sleep, its
 * beginning; without a time of its own, that of the frame before it), or the next number that the type has not used in this
 * stream. A `fault` has no time of its own, and its line's checksum is added. A gap that we derived has the source `gap:es`
 * (`gap:log`, …) and the first missing number, or `gap:es:lost` and the number of the event that revealed it, or `gap:es:shed` and
 * the first number that we had no room for.
 */
export const EventId = z.object({ session: z.string(), src: z.string(), n: z.number().int() });
export type EventId = z.infer<typeof EventId>;
