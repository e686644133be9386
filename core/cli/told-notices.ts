import type { DigestLine, Notification } from "#contract/notice.ts";
import type { Notices } from "#core/findings/notices.ts";

/** A notification as it stood in the end. */
export interface ToldNotification extends Notification {
  /** How often it was brought up to date after it was raised. */
  updates: number;
}

/** A hostile capture may lead to any number; more than these are counted. */
const MAX_KEPT = 10_000;

/**
 * Which notifications the app would have raised, and the lines its digest would hold: each once, as it ended, in the
 * order in which they first came. Bounded.
 */
export class ToldNotices {
  readonly #notifications = new Map<string, ToldNotification>();
  readonly #digest = new Map<string, DigestLine>();
  #leftOut = 0;

  add({ notifications, digest }: Notices): void {
    for (const next of notifications) {
      const before = this.#notifications.get(next.tag);
      const told =
        before === undefined
          ? { ...next, updates: 0 }
          : { ...next, at: before.at, silent: before.silent && next.silent, updates: before.updates + 1 };
      this.#keep(this.#notifications, next.tag, told);
    }
    for (const line of digest) this.#keep(this.#digest, line.key, line);
  }

  get notifications(): ToldNotification[] {
    return [...this.#notifications.values()];
  }

  get digest(): DigestLine[] {
    return [...this.#digest.values()].filter(({ count }) => count > 0);
  }

  /** Notifications, lines and updates of them that were more than are kept. */
  get leftOut(): number {
    return this.#leftOut;
  }

  #keep<T>(all: Map<string, T>, key: string, value: T): void {
    if (all.has(key) || all.size < MAX_KEPT) all.set(key, value);
    else this.#leftOut += 1;
  }
}
