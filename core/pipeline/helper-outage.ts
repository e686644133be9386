import type { Micros } from "#core/base/clock.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";

/** Follows whether each helper session ended by itself; between one that did not and the next, nobody watched. */
export class HelperOutage {
  #session: string | null = null;
  #at: Micros = 0;
  #ended = true;

  /** @returns the gap that a record reveals, to be taken before it */
  revealedBy(record: SessionRecord): SessionRecord | null {
    const type = record.kind === "frame" ? record.frame.t : null;
    const { session } = record.id;
    const gap = type === "hello" && session !== this.#session && !this.#ended ? outage(session, this.#at) : null;
    if (type === "hello") {
      this.#session = session;
      this.#ended = false;
    } else if (type === "bye") this.#ended = true;
    this.#at = record.at;
    return gap;
  }
}

/** Its name is that of the session which began after it, so that the same outage is told once. */
function outage(session: string, at: Micros): SessionRecord {
  return {
    kind: "gap",
    id: { session, src: "gap:helper", n: 0 },
    at,
    raw: "",
    source: "monitor",
    from: null,
    to: null,
    count: null,
    why: "helper-ended",
    derived: true,
  };
}
