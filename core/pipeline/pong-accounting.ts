import type { Micros } from "#core/base/clock.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import type { HelperCounts } from "#core/base/live-helper.ts";

/** As the helper writes the head of what it numbers; nothing that ran can forge it. */
const HEAD = /^\{"v":1,"t":"(?:event|line)","src":"([a-z]{1,8})","n":(\d{1,15})[,}]/;

/**
 * Holds an answered heartbeat against what came: everything up to its numbers was delivered, or told of in a gap. What was
 * neither is missing, though no later number shows it.
 */
export class PongAccounting {
  #session: string | null = null;
  readonly #highest = new Map<string, number>();

  /** A record of the stream, in order. */
  saw(record: SessionRecord): void {
    if (record.kind === "frame" && record.frame.t === "hello" && record.id.session !== this.#session) {
      this.#session = record.id.session;
      this.#highest.clear();
    }
    if (record.kind === "gap") {
      if (record.to !== null) this.#reached(record.source, record.to);
      return;
    }
    const head = HEAD.exec(record.raw.slice(0, 64));
    if (head?.[1] !== undefined) this.#reached(head[1], Number(head[2]));
  }

  /** What the pong says was sent and never came, as gaps of the same name that a later number would give them. */
  missing(at: Micros, counts: ReadonlyMap<string, HelperCounts>): SessionRecord[] {
    const session = this.#session;
    if (session === null) return [];
    return [...counts].flatMap(([source, { n }]): SessionRecord[] => {
      const highest = this.#highest.get(source);
      // A connection may begin anywhere in a session.
      if (highest === undefined || n <= highest) return [];
      this.#highest.set(source, n);
      const from = highest + 1;
      return [
        {
          kind: "gap",
          id: { session, src: `gap:${source}`, n: from },
          at,
          raw: "",
          source,
          from,
          to: n,
          count: n - highest,
          why: "helper-overflow",
          derived: true,
        },
      ];
    });
  }

  /** A new connection begins somewhere else. */
  reconnected(): void {
    this.#highest.clear();
  }

  #reached(source: string, n: number): void {
    this.#highest.set(source, Math.max(n, this.#highest.get(source) ?? 0));
  }
}
