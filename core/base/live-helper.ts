/**
 * The port by which the monitor is told of live telemetry: core/helper has one, core/pipeline is given one. Nothing that it
 * says of itself proves that a source sees: only its events do.
 */
export type HelperState =
  /** `tier` full: the daemon; standard: a process of our own; null: not decided yet. */
  | { phase: "connecting"; tier: HelperTier | null }
  /** `degraded`: one sentence on why it is only the standard tier although a daemon is installed, else null. */
  | { phase: "connected"; tier: HelperTier; session: string; degraded: string | null }
  /** It ended or stopped answering, and is started again by itself at `retryAt` (microseconds). */
  | { phase: "waiting"; reason: string; retryAt: number }
  /** Trying again cannot help; `reason` is one sentence that says what to do. */
  | { phase: "refused"; reason: string };

export type HelperTier = "standard" | "full";

/** Per numbered source, as a pong states it: what was sent, and what was shed or could not be read. */
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
  /** Everything up to these numbers has been given to `line`, or was told of in a gap. `at` in microseconds. */
  pong(at: number, counts: ReadonlyMap<string, HelperCounts>): void;
  /** Full tier: everything given to `line` so far may be acknowledged with `ack(mark)` once it is durably stored. */
  mark(mark: number): void;
}

/** What is asked about a file: an absolute path, and the process that runs it if there is one. */
export interface InspectRequest {
  path: string;
  pid: number | null;
  /** Gatekeeper's own assessment too. */
  assess: boolean;
}

/** The newest line of a posture journal. `journal` is the journal's name: the hash of its first line. */
export interface AnchoredHead {
  journal: string;
  seq: number;
  /** SHA-256, lower-case hex. */
  hash: string;
}

export interface LiveHelper {
  start(listener: HelperListener): void;
  /** Its answer is a `file` line. @returns false when it cannot be asked now */
  inspect(request: InspectRequest): boolean;
  since(timeMicros: number): boolean;
  probes(): boolean;
  retry(source: string): boolean;
  prove(source: string): boolean;
  ack(mark: number): void;
  /**
   * Full tier: which heads the daemon keeps for this user. The answer may come after the connection's end and is null when
   * there is none. @returns false when it cannot be asked now
   */
  anchors(onAnswer: (heads: readonly AnchoredHead[] | null) => void): boolean;
  /**
   * Full tier: the daemon is to keep this head. It answers what it keeps afterwards: this one when `kept`, else one that
   * this does not go on from; null when there is no answer.
   */
  anchor(head: AnchoredHead, onAnswer: (answer: (AnchoredHead & { kept: boolean }) | null) => void): boolean;
  /** Resolves when nothing that was started is left. */
  stop(): Promise<void>;
}
