import { EventEmitter } from "node:events";

/** What other modules tell `app`; it hands every event on under the same name. */
export const appEvents = new EventEmitter();
