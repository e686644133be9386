import { z } from "zod";
import { Severity } from "./severity.ts";

/** What the Notification Center is to show. One with the tag of an earlier one takes its place. */
export const Notification = z.object({
  tag: z.string(),
  /** RFC 3339 UTC, of the record that led to it. */
  at: z.string(),
  title: z.string(),
  body: z.string(),
  /** Keys of the findings it tells of. */
  findings: z.array(z.string()),
  severity: Severity,
  /** It brings an earlier one up to date, without a sound. */
  silent: z.boolean(),
});
export type Notification = z.infer<typeof Notification>;

/** A line of the digest: what did not call for a notification. Updated, never repeated: `key` names it. */
export const DigestLine = z.object({
  key: z.string(),
  /** The day it belongs to, YYYY-MM-DD, UTC. */
  day: z.string(),
  at: z.string(),
  title: z.string(),
  body: z.string(),
  /** Findings it sums up. */
  findings: z.array(z.string()),
  /** 0: it is taken back, what it held was told in a notification. */
  count: z.number().int(),
  severity: Severity,
});
export type DigestLine = z.infer<typeof DigestLine>;
