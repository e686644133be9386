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
 * Names one record for ever: `n` counts per origin within a helper session, so reading a capture twice adds nothing.
 * For origins whose frames carry no `n`, it is the frame's ordinal of its type in the session.
 */
export const EventId = z.object({ session: z.string(), src: z.string(), n: z.number().int() });
export type EventId = z.infer<typeof EventId>;
