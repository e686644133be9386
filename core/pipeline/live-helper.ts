/** What a live session is told about whoever collects. Nothing of it proves that a source sees: only its events do. */
export type HelperState =
  /** `tier` full: the daemon; standard: a process of our own. */
  | { phase: "connecting"; tier: HelperTier | null }
  /** `degraded`: one sentence on why it is only the standard tier although a daemon is installed, else null. */
  | { phase: "connected"; tier: HelperTier; session: string; degraded?: string | null }
  /** It ended or stopped answering, and is started again by itself at `retryAt` (microseconds). */
  | { phase: "waiting"; reason: string; retryAt: number }
  /** Trying again cannot help; `reason` is one sentence that says what to do. */
  | { phase: "refused"; reason: string };

export type HelperTier = "standard" | "full";

/** Per numbered source, as the helper states it in a pong: what it has sent, and what it shed or could not read. */
export interface HelperCounts {
  n: number;
  lines: number;
  shed: number;
  unreadable: number;
}

export interface HelperListener {
  /**
   * A whole line that belongs into a capture, without its newline, in order: hello, event, line, gap, status, probe,
   * sleep, file, bye. At most 16 MiB. Must not throw.
   */
  line(bytes: Buffer): void;
  state(state: HelperState): void;
  /** An answered heartbeat: everything up to these numbers has been given to `line` or told of in a gap. */
  pong(at: number, counts: ReadonlyMap<string, HelperCounts>): void;
  /** Full tier: everything given to `line` so far may be acknowledged with `ack(mark)` once it is durably stored. */
  mark(mark: number): void;
}

/** Whoever collects from this Mac, as the pipeline needs it; core/helper has one. */
export interface LiveHelper {
  start(listener: HelperListener): void;
  /** Its answer is a `file` line. @returns false when it cannot be asked now */
  inspect(request: { path: string; pid: number | null; assess: boolean }): boolean;
  since(timeMicros: number): boolean;
  probes(): boolean;
  retry(source: string): boolean;
  prove(source: string): boolean;
  ack(mark: number): void;
  stop(): Promise<void>;
}
