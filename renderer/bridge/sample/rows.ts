import type { EventDetail, TimelineRow } from "#contract/timeline.ts";

/** Constructed by hand: every name is invented. */
type Told = Omit<TimelineRow, "rowId" | "id" | "at" | "path" | "trust" | "severity"> &
  Partial<Pick<TimelineRow, "path" | "trust" | "severity">> & { after: number };

const STORY_START = Date.UTC(2026, 10, 21, 14, 10, 0);

const VIEWER = "/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer";

/** `after`: seconds since the story's start. */
const STORY: readonly Told[] = [
  {
    after: 0,
    origin: "session",
    kind: "session_start",
    title: "Recording starts",
    detail: "macOS 26.1 (25B78), helper 1.0.0 with full access",
  },
  {
    after: 4,
    origin: "probe",
    kind: "probe",
    title: "Read SIP",
    detail: "System Integrity Protection status: enabled.",
  },
  { after: 6, origin: "probe", kind: "probe", title: "Read Gatekeeper", detail: "assessments enabled" },
  {
    after: 31,
    origin: "es",
    kind: "exec",
    title: "Ran Paperboat",
    detail: "/Applications/Paperboat.app/Contents/MacOS/Paperboat",
    path: "/Applications/Paperboat.app/Contents/MacOS/Paperboat",
    trust: "developer-id",
  },
  {
    after: 58,
    origin: "es",
    kind: "exec",
    title: "Ran git",
    detail: "git fetch --prune origin",
    path: "/usr/bin/git",
    trust: "platform",
  },
  {
    after: 96,
    origin: "es",
    kind: "exec",
    title: "Ran ledger-tests",
    detail: "/Users/ana/src/ledger/.build/debug/ledger-tests --parallel",
    path: "/Users/ana/src/ledger/.build/debug/ledger-tests",
    trust: "linker-signed",
  },
  {
    after: 130,
    origin: "log",
    kind: "log",
    title: "Gatekeeper scanned a file",
    detail: "GK performScan: PST: (path: 9c4a1f0be2d77a15), (team: 7QXW3N5R2K), (id: app.paperboat)",
  },
  {
    after: 171,
    origin: "fs",
    kind: "fs_change",
    title: "Quarantine mark set",
    detail: "/Users/ana/Downloads/Invoice Viewer.app",
    path: "/Users/ana/Downloads/Invoice Viewer.app",
  },
  {
    after: 214,
    origin: "es",
    kind: "exec",
    title: "Ran xattr",
    detail: "xattr -dr com.apple.quarantine /Users/ana/Downloads/Invoice Viewer.app",
    path: "/usr/bin/xattr",
    trust: "platform",
    severity: "high",
  },
  {
    after: 215,
    origin: "es",
    kind: "deleteextattr",
    title: "Quarantine mark removed",
    detail: "/Users/ana/Downloads/Invoice Viewer.app",
    path: "/Users/ana/Downloads/Invoice Viewer.app",
    severity: "high",
  },
  {
    after: 256,
    origin: "es",
    kind: "exec",
    title: "Ran Invoice Viewer",
    detail: VIEWER,
    path: VIEWER,
    trust: "ad-hoc",
    severity: "high",
  },
  {
    after: 262,
    origin: "es",
    kind: "fork",
    title: "Forked Invoice Viewer",
    detail: VIEWER,
    path: VIEWER,
    trust: "ad-hoc",
  },
  {
    after: 290,
    origin: "es",
    kind: "btm_launch_item_add",
    title: "Login item added",
    detail: "/Users/ana/Library/LaunchAgents/app.invoiceviewer.agent.plist",
    path: "/Users/ana/Library/LaunchAgents/app.invoiceviewer.agent.plist",
    trust: "not-code",
    severity: "medium",
  },
  {
    after: 318,
    origin: "es",
    kind: "gatekeeper_user_override",
    title: "“Open Anyway” used",
    detail: "/Users/ana/Downloads/Tidy Fonts.app",
    path: "/Users/ana/Downloads/Tidy Fonts.app",
    trust: "unsigned",
    severity: "medium",
  },
  {
    after: 322,
    origin: "es",
    kind: "exec",
    title: "Ran Tidy Fonts",
    detail: "/Users/ana/Downloads/Tidy Fonts.app/Contents/MacOS/Tidy Fonts",
    path: "/Users/ana/Downloads/Tidy Fonts.app/Contents/MacOS/Tidy Fonts",
    trust: "unsigned",
    severity: "medium",
  },
  {
    after: 349,
    origin: "session",
    kind: "gap",
    title: "Endpoint Security lost 214 events",
    detail: "Dropped by macOS between 14:15:44 and 14:15:49. What ran then was not seen.",
  },
  {
    after: 371,
    origin: "log",
    kind: "log",
    title: "sudo",
    detail: "ana : TTY=ttys003 ; PWD=/Users/ana ; USER=root ; COMMAND=/usr/bin/csrutil disable",
    severity: "medium",
  },
  {
    after: 372,
    origin: "es",
    kind: "exec",
    title: "Ran csrutil",
    detail: "csrutil disable",
    path: "/usr/bin/csrutil",
    trust: "platform",
    severity: "medium",
  },
  {
    after: 402,
    origin: "es",
    kind: "exec",
    title: "Ran a program that is gone",
    detail: "/private/tmp/.x/upd",
    path: "/private/tmp/.x/upd",
    trust: "unknown",
  },
  { after: 410, origin: "session", kind: "sleep", title: "Asleep for 3 min 10 s", detail: "14:16:50 to 14:20:00" },
  { after: 640, origin: "session", kind: "session_start", title: "Mac restarted", detail: "macOS 26.1 (25B78)" },
  {
    after: 655,
    origin: "session",
    kind: "posture_change",
    title: "SIP is partly off",
    detail: "Filesystem protections and kext signing were switched off before this restart",
    severity: "critical",
  },
  {
    after: 701,
    origin: "es",
    kind: "exec",
    title: "Ran Safari",
    detail: "/Applications/Safari.app/Contents/MacOS/Safari",
    path: "/Applications/Safari.app/Contents/MacOS/Safari",
    trust: "platform",
  },
  {
    after: 733,
    origin: "session",
    kind: "fault",
    title: "A record could not be read",
    detail: "eslogger line is cut off after 32,768 bytes",
  },
  {
    after: 741,
    origin: "es",
    kind: "exec",
    title: "Ran gnp.exe\u202E\u200B.txt",
    detail: "/Users/ana/Downloads/\u202Egnp.exe\u200B.txt --title <img src=x onerror=alert(1)> \u0007\u001B[31mred",
    path: "/Users/ana/Downloads/\u202Egnp.exe\u200B.txt",
    trust: "invalid",
  },
  {
    after: 1843,
    origin: "es",
    kind: "exec",
    title: "Ran relay",
    detail: "/usr/local/libexec/relay --listen 127.0.0.1:9099",
    path: "/usr/local/libexec/relay",
    trust: "unsigned",
    severity: "critical",
  },
];

/** RFC 3339 UTC with microseconds. */
function at(seconds: number, micros: number): string {
  return `${new Date(STORY_START + seconds * 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, "0")}Z`;
}

/** The story's rows, oldest first, numbered from `firstId`. */
export function storyRows(firstId = 1): TimelineRow[] {
  return STORY.map(({ after, ...told }, index) => ({
    path: null,
    trust: null,
    severity: null,
    ...told,
    rowId: firstId + index,
    id: { session: "sample", src: told.origin, n: index },
    at: at(after, (index * 7919) % 1_000_000),
  }));
}

const FILLER: readonly Pick<Told, "title" | "detail" | "path" | "trust">[] = [
  {
    title: "Ran mdworker_shared",
    detail: "/System/Library/Frameworks/CoreServices.framework/Support/mdworker_shared",
    path: "/System/Library/Frameworks/CoreServices.framework/Support/mdworker_shared",
    trust: "platform",
  },
  {
    title: "Ran Paperboat Helper",
    detail: "/Applications/Paperboat.app/Contents/Frameworks/Paperboat Helper.app/Contents/MacOS/Paperboat Helper",
    path: "/Applications/Paperboat.app/Contents/Frameworks/Paperboat Helper.app/Contents/MacOS/Paperboat Helper",
    trust: "developer-id",
  },
  { title: "Ran clang", detail: "clang -c -O2 -o ledger.o ledger.c", path: "/usr/bin/clang", trust: "platform" },
  {
    title: "Ran ledger",
    detail: "/Users/ana/src/ledger/.build/debug/ledger report --month 11",
    path: "/Users/ana/src/ledger/.build/debug/ledger",
    trust: "linker-signed",
  },
];

/** Ordinary machine life before the story, oldest first. */
export function ordinaryRows(count: number, firstId = 1): TimelineRow[] {
  return Array.from({ length: count }, (_, index) => {
    const told = FILLER[index % FILLER.length] ?? { title: "Ran true", detail: "/usr/bin/true" };
    return {
      path: null,
      trust: null,
      ...told,
      severity: null,
      origin: "es" as const,
      kind: "exec",
      rowId: firstId + index,
      id: { session: "sample-ordinary", src: "es", n: index },
      at: at(-(count - index) * 3, (index * 104_729) % 1_000_000),
    };
  });
}

/** What the inspector shows of a row. */
export function detailOf(row: TimelineRow, findings: number[]): EventDetail {
  const facts = [
    ...(row.detail === row.path ? [] : [{ label: "What", value: row.detail, code: row.path !== null }]),
    ...(row.path === null ? [] : [{ label: "Path", value: row.path, code: true }]),
    ...(row.trust === "ad-hoc"
      ? [{ label: "Signing identifier", value: "Invoice-Viewer-5555494441", code: true }]
      : []),
    ...(row.trust === null || row.trust === "unsigned"
      ? []
      : [{ label: "CDHash", value: "3f1c9a0be77d42118c5d60f2a9e4b7710d2c8e55", code: true }]),
    ...(row.kind === "exec"
      ? [
          { label: "Started by", value: "zsh (pid 812), Terminal", code: false },
          { label: "User", value: "ana (501)", code: false },
          { label: "Process", value: "4471, version 9920", code: false },
        ]
      : []),
  ];
  const raw = JSON.stringify({
    schema_version: 1,
    event_type: row.kind,
    time: row.at,
    event: { [row.kind]: { path: row.path, text: row.detail } },
  });
  return { row, facts, raw, rawTruncated: false, findings };
}
