import { assertNever } from "#core/base/assert-never.ts";
import type { Clock } from "#core/base/clock.ts";
import type { Logger } from "#core/base/logger.ts";
import { visibleText } from "#contract/visible-text.ts";
import { type Answer, isAnswer, readAnswer, readFileAnswer } from "./answers.ts";
import { type FrameHead, FrameReader } from "./frame-reader.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { HelperCounts, HelperTier } from "#core/base/live-helper.ts";
import { PROTOCOL, Requests } from "./requests.ts";
import type { Timers } from "./timers.ts";
import type { OpenTransport, Transport } from "./transport.ts";

export interface ConnectionOptions {
  tier: HelperTier;
  open: OpenTransport;
  /** What we call ourselves to the helper. */
  client: string;
  clock: Clock;
  timers: Timers;
  logger: Logger;
  maxLineBytes?: number;
}

export interface ConnectionListener {
  welcomed(session: string): void;
  line(bytes: Buffer): void;
  pong(counts: ReadonlyMap<string, HelperCounts>): void;
  mark(mark: number): void;
  /** Once, as the last call. `final`: the same helper would only say the same again. `reason` is a sentence. */
  ended(reason: string, final: boolean): void;
}

export const WELCOME_LIMIT_MS = 10_000;

/** A conversation with one helper: greeting, heartbeat, requests, and what it sends told apart into lines and answers. */
export class Connection {
  readonly tier: HelperTier;
  readonly requests: Requests;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #transport: Transport;
  readonly #reader: FrameReader;
  readonly #heartbeat: Heartbeat;
  #cancelWelcome: () => void;
  #session: string | null = null;
  #welcomed = false;
  /** In the standard tier the session begins with the hello, which comes unasked. */
  #helloSeen: boolean;
  #held = false;
  /** It ended while it was held: to be told when what was held has been given. */
  #endedWhileHeld: string | null = null;
  #over = false;
  #failure: { reason: string; final: boolean } | null = null;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    const { tier, clock, timers } = options;
    this.tier = tier;
    this.#options = options;
    this.#listener = listener;
    this.#helloSeen = tier === "full";
    this.#reader = new FrameReader(
      {
        line: (bytes, head) => {
          this.#take(bytes, head);
        },
        oversized: (byteCount) => {
          options.logger.warn(
            `the helper sent a line of ${byteCount} bytes, over the limit; only its beginning was kept`,
          );
        },
      },
      options.maxLineBytes,
    );
    this.requests = new Requests((line) => this.#transport.write(line), clock);
    this.#heartbeat = new Heartbeat({
      timers,
      ping: () => {
        this.requests.expire();
        return this.requests.ping();
      },
      lost: () => {
        this.#fail("The helper stopped answering.", false);
      },
    });
    this.#cancelWelcome = timers.after(WELCOME_LIMIT_MS, () => {
      this.#fail("The helper did not answer the greeting.", false);
    });
    this.#transport = options.open({
      data: (chunk) => {
        this.#reader.push(chunk);
      },
      ended: (reason) => {
        this.#end(reason);
      },
    });
    this.requests.greet(options.client);
  }

  get session(): string | null {
    return this.#session;
  }

  /** May be called from within `welcomed`: what follows waits, here and in the stream. */
  hold(): void {
    this.#held = true;
    this.#reader.hold();
    this.#transport.pause();
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#reader.release();
    this.#transport.resume();
    if (this.#endedWhileHeld !== null) this.#end(this.#endedWhileHeld);
  }

  /** Lets it end and gives what it still sends. `ended` is called before this resolves. */
  close(): Promise<void> {
    this.#stopTimers();
    this.release();
    this.requests.bye();
    return this.#transport.end();
  }

  #take(bytes: Buffer, head: FrameHead | null): void {
    if (head !== null && head.version === PROTOCOL) {
      if (isAnswer(head.type)) {
        const answer = readAnswer(bytes);
        if (answer !== null) {
          this.#answered(answer);
          return;
        }
      }
      if (head.type === "file" && this.requests.settleFile(readFileAnswer(bytes))) return;
    }
    this.#listener.line(bytes);
    if (head?.type !== "hello" || this.#helloSeen) return;
    this.#helloSeen = true;
    if (head.version === PROTOCOL) this.#beginIfReady();
    else this.#fail(otherVersion(`version ${head.version}`), true);
  }

  #answered(answer: Answer): void {
    switch (answer.t) {
      case "welcome":
        this.#welcome(answer.session, answer.protocol);
        return;
      case "pong":
        if (this.#heartbeat.answered(answer.id)) this.#listener.pong(answer.counts);
        return;
      case "mark":
        this.#listener.mark(answer.mark);
        return;
      case "refused":
        this.#refused(answer);
        this.requests.settle(answer);
        return;
      case "done":
        this.requests.settle(answer);
        return;
      case "anchored":
      case "anchors":
        this.requests.settleAnchors(answer);
        return;
      default:
        assertNever(answer, "every answer has its case");
    }
  }

  #welcome(session: string, protocol: readonly number[]): void {
    if (!protocol.includes(PROTOCOL)) {
      this.#fail(otherVersion(`versions ${protocol.join(", ")}`), true);
      return;
    }
    this.#session = session;
    this.#beginIfReady();
  }

  #beginIfReady(): void {
    if (this.#welcomed || this.#session === null || !this.#helloSeen || this.#failure !== null) return;
    this.#welcomed = true;
    this.#cancelWelcome();
    this.#listener.welcomed(this.#session);
    if (!this.#over) this.#heartbeat.start();
  }

  #refused({ why, r }: Extract<Answer, { t: "refused" }>): void {
    if (why === "version") this.#fail(otherVersion("another version"), true);
    else if (why === "peer") {
      this.#fail(
        "The launch daemon does not talk to this user. Use an administrator's account or the console's.",
        true,
      );
    } else this.#options.logger.warn(visibleText(`the helper refused ${r ?? "a request"}: ${why}`));
  }

  #fail(reason: string, final: boolean): void {
    if (this.#failure !== null || this.#over) return;
    this.#failure = { reason, final };
    void this.close();
  }

  #end(reason: string): void {
    if (this.#over) return;
    if (this.#held) {
      this.#endedWhileHeld = reason;
      return;
    }
    this.#reader.end();
    this.#over = true;
    this.#stopTimers();
    this.#listener.ended(this.#failure?.reason ?? reason, this.#failure?.final ?? false);
    this.requests.abandon();
  }

  #stopTimers(): void {
    this.#cancelWelcome();
    this.#heartbeat.stop();
  }
}

function otherVersion(theirs: string): string {
  return `The helper speaks ${theirs} of the protocol, Sealbar version ${PROTOCOL}. Install both from the same release.`;
}
