import type { LogEvent } from "#contract/event.ts";

/** What a fact is read from. */
export type LogText = Pick<LogEvent, "processPath" | "pid" | "senderPath" | "subsystem" | "category" | "message">;
