import { Notification as SystemNotification } from "electron";
import type { Notification } from "#contract/notice.ts";
import type { Logger } from "#core/base/logger.ts";

/** The latest ones, held so that they still answer a click, and so that the next of the same tag can take their place. */
const HELD = 16;

/** Shows notifications in the Notification Center; one that cannot be shown is said in the log, never fatal. */
export class Notifications {
  readonly #onClick: (notification: Notification) => void;
  readonly #log: Logger;
  readonly #shown = new Map<string, SystemNotification>();

  constructor(onClick: (notification: Notification) => void, log: Logger) {
    this.#onClick = onClick;
    this.#log = log;
  }

  show(notification: Notification): void {
    if (!SystemNotification.isSupported()) return;
    const { tag, title, body, silent } = notification;
    this.#shown.get(tag)?.close();
    this.#shown.delete(tag);
    const shown = new SystemNotification({ id: tag, title, body, silent, groupId: "findings" });
    shown.on("click", () => this.#onClick(notification));
    // macOS refuses them for an app that is not signed, and when the user has turned them off.
    shown.on("failed", (_event, error) => this.#log.warn(`a notification could not be shown: ${error}`));
    shown.show();
    this.#shown.set(tag, shown);
    for (const old of this.#shown.keys()) {
      if (this.#shown.size <= HELD) break;
      this.#shown.delete(old);
    }
  }
}
