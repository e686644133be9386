import type { CodesignFacts } from "./codesign-facts.ts";
import type { Assessment } from "./frames.ts";
import type { InspectionSummary } from "./inspection-summary.ts";
import type { LogFact } from "./log-fact.ts";
import type { FileRef, Process } from "./process.ts";
import type { EventId } from "./source.ts";

/** What every record has, whatever its source. */
export interface EventHeader {
  id: EventId;
  /** Microseconds since the epoch: the source's own time where it gives one, else the helper's. */
  time: number;
  /** Re-read later (e.g. after the log dropped messages), so it may arrive out of order. */
  replayed: boolean;
}

/** An Endpoint Security event's envelope. `actor` is who did it; for `exec` its image before the exec. */
export interface EsHeader extends EventHeader {
  actor: Process;
  /** ES message version: 7 on macOS 14, 9 on 15, 10 on 26 and 27. */
  version: number | null;
  seqNum: number | null;
  globalSeqNum: number | null;
}

export type EsEvent = EsHeader &
  (
    | {
        kind: "exec";
        target: Process;
        args: string[];
        env: string[];
        script: string | null;
        cwd: string | null;
        dyldExecPath: string | null;
        /** Names of the entitlements that are not false; absent where the source does not give them. */
        entitlements?: string[];
      }
    | { kind: "fork"; child: Process }
    /** `stat` is the wait status: 9 = SIGKILL, 256 = exit code 1. */
    | { kind: "exit"; stat: number }
    | { kind: "create"; target: FileRef; existing: boolean }
    | { kind: "rename"; source: FileRef; destination: string }
    | { kind: "close"; target: FileRef; modified: boolean }
    | { kind: "write"; target: FileRef }
    | { kind: "unlink"; target: FileRef }
    | { kind: "setextattr"; target: FileRef; extattr: string }
    | { kind: "deleteextattr"; target: FileRef; extattr: string }
    | { kind: "setmode"; target: FileRef; mode: number }
    | { kind: "setacl"; target: FileRef }
    /** `flags` as chflags(2) takes them. */
    | { kind: "setflags"; target: FileRef; flags: number }
    | { kind: "copyfile" | "link"; source: FileRef; destination: string }
    /** `identifier`: the kernel extension's bundle identifier. */
    | { kind: "kextload"; identifier: string }
    | { kind: "signal"; sig: number; target: Process }
    | { kind: "mount"; from: string; on: string; fsType: string; flags: number }
    | { kind: "cs_invalidated" }
    | {
        kind: "gatekeeper_user_override";
        fileType: number;
        path: string | null;
        sha256: string | null;
        cdhash: string | null;
        signingId: string | null;
        teamId: string | null;
      }
    | { kind: "xp_malware_detected"; malware: string; incident: string; signatureVersion: string; path: string }
    | {
        kind: "xp_malware_remediated";
        malware: string;
        incident: string;
        signatureVersion: string;
        path: string | null;
        success: boolean;
        description: string;
      }
    | {
        kind: "btm_launch_item_add" | "btm_launch_item_remove";
        instigator: Process | null;
        app: Process | null;
        itemType: number;
        itemUrl: string;
        appUrl: string | null;
        executablePath: string | null;
        managed: boolean;
        legacy: boolean;
      }
    | {
        kind: "profile_add";
        instigator: Process | null;
        identifier: string;
        displayName: string;
        organization: string;
        scope: string;
        installSource: number;
        isUpdate: boolean;
      }
    | {
        kind: "profile_remove";
        instigator: Process | null;
        identifier: string;
        displayName: string;
        organization: string;
        scope: string;
        installSource: number;
      }
    | { kind: "get_task" | "trace" | "remote_thread_create"; target: Process }
    | {
        kind: "tcc_modify";
        service: string;
        identity: string;
        identityType: number;
        updateType: number;
        right: number;
        reason: number;
        instigator: Process | null;
      }
    /** Recognised by name (or not even that); its body is kept in the raw record. */
    | { kind: "es_other"; name: string; known: boolean }
  );

export type LogEvent = EventHeader & {
  kind: "log";
  processPath: string;
  pid: number | null;
  senderPath: string;
  subsystem: string;
  category: string;
  messageType: string;
  message: string;
  bootUuid: string | null;
  fact: LogFact | null;
};

export const FS_CHANGES = ["xattr-removed", "xattr-set", "modified", "created", "renamed", "removed"] as const;
export type FsChange = (typeof FS_CHANGES)[number];

export type FsEvent = EventHeader & {
  kind: "fs_change";
  path: string;
  change: FsChange;
  xattr: string | null;
  before: string | null;
  after: string | null;
};

export type ProcEvent = EventHeader & {
  kind: "process_snapshot";
  change: "new" | "gone" | "changed";
  process: Process;
  args: string[];
};

export type FilePart = "inspection" | "codesign";

/** The helper's answer to "look at this file". */
export type FileAnswer = EventHeader & {
  kind: "file_answer";
  path: string;
  /** Null: there is none, or nobody could look, which `markUnread` tells apart. */
  quarantine: string | null;
  /** Why the mark could not be read, an errno name; null when it could. */
  markUnread: string | null;
  provenance: boolean | null;
  mode: number | null;
  size: number | null;
  mtime: string | null;
  cdhash: string | null;
  assessment: Assessment | null;
  /** Our own inspector's look at it. */
  inspection: InspectionSummary | null;
  codesign: CodesignFacts | null;
  /** Parts of the answer that were there and could not be read. */
  unreadable: readonly FilePart[];
};

export type ProbeEvent = EventHeader & {
  kind: "probe";
  name: string;
  exit: number | null;
  timedOut: boolean;
  out: string;
  err: string;
};

/** A source's line that is not a record, e.g. the unified log's drop marker. */
export type LineEvent = EventHeader & { kind: "line"; source: string; text: string; dropMarker: boolean };

/** What the session itself reports; these are rows of the timeline too, so that quiet and blind look different. */
export type SessionEvent = EventHeader &
  (
    | {
        kind: "session_start";
        bootUuid: string | null;
        osVersion: string | null;
        osBuild: string | null;
        helperVersion: string | null;
        privileged: boolean | null;
        sources: string[];
        newBoot: boolean;
        bootTime: number | null;
      }
    | { kind: "session_end" }
    | { kind: "gap"; source: string; from: number | null; to: number | null; count: number | null; why: string }
    | { kind: "sleep"; from: number; to: number }
    | { kind: "status"; source: string; state: string; reason: string | null; detail: string | null }
    | { kind: "baseline_accepted"; by: string | null; reason: string | null }
    | {
        kind: "posture_change";
        setting: string;
        before: string;
        after: string;
        direction: PostureDirection;
        acrossBoot: boolean;
        detail: string;
        /** The new value is what the accepted baseline expects; without one, what Apple ships. */
        expected?: boolean;
        /** What is weaker now, in Apple's words. */
        parts?: string[];
      }
  );

export const POSTURE_DIRECTIONS = ["weaker", "stronger", "same", "unknown"] as const;
export type PostureDirection = (typeof POSTURE_DIRECTIONS)[number];

/** A record that could not be read. It is kept, counted and shown: an exec that cannot be parsed is itself evidence. */
export type ParseFault = EventHeader & {
  kind: "fault";
  source: string;
  /** One clear sentence. */
  reason: string;
  /** The beginning of what could not be read. */
  excerpt: string;
};

export type TelemetryEvent =
  | EsEvent
  | LogEvent
  | FsEvent
  | ProcEvent
  | FileAnswer
  | ProbeEvent
  | LineEvent
  | SessionEvent
  | ParseFault;
export type EventKind = TelemetryEvent["kind"];
export type EventOf<K extends EventKind> = Extract<TelemetryEvent, { kind: K }>;
export type { FileRef, Process };
