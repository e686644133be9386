import { z } from "zod";
import { Coverage, HelperStatus } from "./coverage.ts";
import { Finding, FindingPage, FindingQuery } from "./finding.ts";
import { InspectionProgress, inspectionVerbs } from "./inspection-port.ts";
import { MonitorSettingsAnswer, MonitorSettingsChange, MonitorSettingsView } from "./monitor-settings.ts";
import { DigestLine, Notification } from "./notice.ts";
import { BaselineRequest, JournalPage, JournalQuery, PostureSnapshot } from "./posture.ts";
import { Ribbon, RibbonQuery } from "./ribbon.ts";
import { SourceName } from "./source.ts";
import { EventDetail, TimelinePage, TimelineQuery, TimelineRow } from "./timeline.ts";

/** Most rows a change carries; more than that and the reader re-queries. */
export const CHANGE_ROWS_MAX = 200;

/** A recording that is being shown instead of this Mac. */
export const RecordingState = z.object({
  /** Another one for every recording that is opened: rows and findings of one mean nothing in another. */
  id: z.string(),
  name: z.string(),
  /** 0..1 by bytes read. */
  progress: z.number().min(0).max(1),
  state: z.enum(["playing", "done", "failed"]),
  /** One sentence when it failed. */
  problem: z.string().nullable(),
});
export type RecordingState = z.infer<typeof RecordingState>;

/** Why nothing can be stored at present; reading goes on. */
export const StoreTrouble = z.object({
  kind: z.enum(["disk-full", "set-aside", "read-only"]),
  message: z.string(),
});
export type StoreTrouble = z.infer<typeof StoreTrouble>;

/** This Mac's own collection, also while a recording is shown. Not there: nothing is collected by this monitor. */
export const LiveStatus = z.object({ helper: HelperStatus, allGood: z.boolean() });
export type LiveStatus = z.infer<typeof LiveStatus>;

export const MonitorSnapshot = z.object({
  revision: z.number().int(),
  coverage: Coverage,
  posture: PostureSnapshot,
  /** Newest first, at most one page. */
  findings: z.array(Finding),
  totals: z.object({ events: z.number().int(), findings: z.number().int() }),
  recording: RecordingState.nullable(),
  trouble: StoreTrouble.nullable(),
  live: LiveStatus.optional(),
  /** The latest ones of this Mac as they stand, newest first, a bounded number: for who may have missed one. */
  notifications: z.array(Notification).optional(),
  /** Of the last days, newest first, a bounded number. */
  digest: z.array(DigestLine).optional(),
});
export type MonitorSnapshot = z.infer<typeof MonitorSnapshot>;

/**
 * What is new since `revision - 1`. `rows` is null when there is too much: re-query.
 * A reader that has another revision than `revision - 1` re-queries too.
 */
export const MonitorChange = z.object({
  revision: z.number().int(),
  rows: z.array(TimelineRow).max(CHANGE_ROWS_MAX).nullable(),
  /** Earlier rows whose severity is another one now, because of what came later: a reader that shows them updates them. */
  changedRows: z.array(TimelineRow).max(CHANGE_ROWS_MAX),
  /** New or updated findings; null: re-query. */
  findings: z.array(Finding).max(CHANGE_ROWS_MAX).nullable(),
  totals: z.object({ events: z.number().int(), findings: z.number().int() }),
  coverage: Coverage,
  posture: PostureSnapshot,
  recording: RecordingState.nullable(),
  trouble: StoreTrouble.nullable(),
  live: LiveStatus.optional(),
  /** New or updated since the last change, also when rows and findings are null; never of a recording. */
  notifications: z.array(Notification).optional(),
  digest: z.array(DigestLine).optional(),
});
export type MonitorChange = z.infer<typeof MonitorChange>;

/** What the main process may ask the monitor. Each verb: request schema, answer schema. */
export const monitorVerbs = {
  snapshot: { request: z.null(), answer: MonitorSnapshot },
  timelinePage: { request: TimelineQuery, answer: TimelinePage },
  eventDetail: { request: z.object({ rowId: z.number().int() }), answer: EventDetail.nullable() },
  findingsPage: { request: FindingQuery, answer: FindingPage },
  /** Shows a capture instead of this Mac, in a database of its own. `speed` null: as fast as it goes. */
  openRecording: { request: z.object({ path: z.string(), speed: z.number().positive().nullable() }), answer: z.null() },
  closeRecording: { request: z.null(), answer: z.null() },
  /** Tries a source of this Mac again now; false when nobody can be asked. */
  retrySource: { request: z.object({ source: SourceName }), answer: z.boolean() },
  ribbon: { request: RibbonQuery, answer: Ribbon },
  postureJournal: { request: JournalQuery, answer: JournalPage },
  /** Of this Mac, never of a recording: refused while one is shown. */
  acceptBaseline: { request: BaselineRequest, answer: z.null() },
  monitorSettings: { request: z.null(), answer: MonitorSettingsView },
  setMonitorSettings: { request: MonitorSettingsChange, answer: MonitorSettingsAnswer },
  /** Commits what is in flight and closes the database. */
  shutdown: { request: z.null(), answer: z.null() },
} as const;

export type MonitorVerb = keyof typeof monitorVerbs;
export type MonitorRequestOf<V extends MonitorVerb> = z.infer<(typeof monitorVerbs)[V]["request"]>;
export type MonitorAnswerOf<V extends MonitorVerb> = z.infer<(typeof monitorVerbs)[V]["answer"]>;

/** All that the monitor's process answers: the monitor's verbs, and the inspector's, which need no monitor. */
export const portVerbs = { ...monitorVerbs, ...inspectionVerbs } as const;
export type PortVerb = keyof typeof portVerbs;
export type PortRequestOf<V extends PortVerb> = z.infer<(typeof portVerbs)[V]["request"]>;
export type PortAnswerOf<V extends PortVerb> = z.infer<(typeof portVerbs)[V]["answer"]>;

/** Main -> monitor. */
export const PortRequest = z.object({
  t: z.literal("request"),
  id: z.number().int(),
  verb: z.string(),
  payload: z.unknown(),
});
export type PortRequest = z.infer<typeof PortRequest>;

/** Monitor -> main. */
export const PortMessage = z.discriminatedUnion("t", [
  z.object({ t: z.literal("ready") }),
  /** It cannot start, and trying again will not help (e.g. the database is of a newer Sealbar): one sentence that says why. */
  z.object({ t: z.literal("failed"), message: z.string() }),
  z.object({ t: z.literal("answer"), id: z.number().int(), ok: z.literal(true), value: z.unknown() }),
  z.object({ t: z.literal("refusal"), id: z.number().int(), message: z.string() }),
  z.object({ t: z.literal("change"), change: MonitorChange }),
  z.object({ t: z.literal("inspection-progress"), progress: InspectionProgress }),
]);
export type PortMessage = z.infer<typeof PortMessage>;

/** What the main process hands the monitor when it starts it. */
export const MonitorStart = z.object({
  dataDir: z.string(),
  rulesDir: z.string(),
  /** The native helper's program; left out or null: nothing is collected from this machine. */
  helper: z.string().nullish(),
  /** Set when it takes over from a monitor that died: a gap record says so. RFC 3339 UTC. */
  restartedAfter: z.string().nullable(),
});
export type MonitorStart = z.infer<typeof MonitorStart>;

/** Main -> monitor, once, before any request. */
export const PortStart = z.object({ t: z.literal("start"), start: MonitorStart });
export type PortStart = z.infer<typeof PortStart>;
