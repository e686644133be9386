import { FIRST_TABLES } from "./0001-first-tables.ts";
import { POSTURE_JOURNAL } from "./0002-posture-journal.ts";

/** In order; the place in this list, counted from one, is the `user_version` it leads to. Never edit one that shipped. */
export const MIGRATIONS: readonly string[] = [FIRST_TABLES, POSTURE_JOURNAL];
