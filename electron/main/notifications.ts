import { Notification } from "electron";
import type { Logger } from "#core/base/logger.ts";
import type { Notice } from "./finding-notices.ts";

/** Shows notices in the Notification Center; one that cannot be shown is said in the log, never fatal. */
export class Notifications {
  readonly #onClick: () => void;
  readonly #log: Logger;
  /** Held so that a notice still answers a click, and so that the next one can take its place. */
  #shown: { tag: string; notification: Notification } | null = null;

  constructor(onClick: () => void, log: Logger) {
    this.#onClick = onClick;
    this.#log = log;
  }

  show(notice: Notice): void {
    if (!Notification.isSupported()) return;
    if (this.#shown?.tag === notice.tag) this.#shown.notification.close();
    const { title, body, silent } = notice;
    const notification = new Notification({ title, body, silent, groupId: "findings" });
    notification.on("click", this.#onClick);
    // macOS refuses them for an app that is not signed, and when the user has turned them off.
    notification.on("failed", (_event, error) => this.#log.warn(`a notification could not be shown: ${error}`));
    notification.show();
    this.#shown = { tag: notice.tag, notification };
  }
}
