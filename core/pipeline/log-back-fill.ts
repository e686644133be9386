import { DAY, type Micros } from "#core/base/clock.ts";

/** How often a refused question is asked again: the helper reads one span at a time. */
const TRIES = 12;

/** Asks for what the unified log holds since the newest record that is stored, once for each helper session. */
export class LogBackFill {
  #session: string | null = null;
  #from: Micros | null = null;
  #tries = 0;

  /** @param lastEvent of the log, before anything of this session came; null: there never was one */
  begin(session: string, lastEvent: Micros | null, now: Micros): void {
    if (session === this.#session) return;
    this.#session = session;
    this.#from = lastEvent === null ? null : Math.min(now, Math.max(lastEvent, now - DAY));
    this.#tries = 0;
  }

  /** To be called when the helper shows that it answers. */
  ask(since: (time: Micros) => boolean): void {
    if (this.#from === null) return;
    this.#tries += 1;
    if (since(this.#from) || this.#tries >= TRIES) this.#from = null;
  }
}
