import type { EventOf } from "#contract/event.ts";
import type { FileRef, Process } from "#contract/process.ts";
import { MINUTE } from "#core/base/clock.ts";
import type { PostureNow } from "#core/posture/posture-tracker.ts";
import { Enricher, type EnrichOptions } from "./enricher.ts";

/** Constructed events for tests; names, teams and hashes are invented. */
export const BOOT = 1_795_254_000_000_000;
export const AT = BOOT + 20 * MINUTE;
/** Recorded flag words (telemetry.md 1.4). */
export const FLAGS = {
  platform: 0x26015b11,
  linkerSigned: 0x22020203,
  developerId: 0x22010301,
  adHoc: 0x22000003,
  invalid: 0x22010300,
  unsigned: 0,
} as const;
export const APP = "/Users/ana/Downloads/Invoice Viewer.app";
export const APP_IMAGE = `${APP}/Contents/MacOS/Invoice Viewer`;
export const APP_HASH = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
export const TERMINAL_ID = { pid: 400, pidversion: 900 };
export const SHELL_ID = { pid: 500, pidversion: 1000 };

let n = 0;
export function header(time = AT): {
  id: { session: string; src: string; n: number };
  time: number;
  replayed: boolean;
} {
  n += 1;
  return { id: { session: "s", src: "es", n }, time, replayed: false };
}

export function process(fields: Partial<Process> = {}): Process {
  return {
    id: { pid: 700, pidversion: 2000 },
    ppid: SHELL_ID.pid,
    parent: SHELL_ID,
    responsible: TERMINAL_ID,
    path: "/bin/zsh",
    pathTruncated: false,
    uid: 501,
    auid: 501,
    signingId: "com.apple.zsh",
    teamId: null,
    cdhash: "00112233445566778899aabbccddeeff00112233",
    codesigningFlags: FLAGS.platform,
    isPlatformBinary: true,
    validationCategory: null,
    tty: "/dev/ttys001",
    startTime: null,
    ...fields,
  };
}

export const invoiceViewer = (fields: Partial<Process> = {}): Process =>
  process({
    path: APP_IMAGE,
    signingId: "invoice-viewer",
    cdhash: APP_HASH,
    codesigningFlags: FLAGS.adHoc,
    isPlatformBinary: false,
    tty: null,
    ...fields,
  });

export function appleTool(name: string, signingId: string): Process {
  return process({ path: `/usr/bin/${name}`, signingId, cdhash: null });
}

export function exec(target: Process, args: string[], fields: Partial<EventOf<"exec">> = {}): EventOf<"exec"> {
  const es = { version: 9, seqNum: 1, globalSeqNum: 1 };
  const rest = { env: [], script: null, cwd: "/Users/ana", dyldExecPath: null };
  return {
    ...header(),
    ...es,
    kind: "exec",
    actor: process({ id: { pid: 700, pidversion: 1999 } }),
    target,
    args,
    ...rest,
    ...fields,
  };
}

function fileRef(path: string): FileRef {
  return { path, pathTruncated: false, dev: 1, ino: 2, mode: null, size: null, mtime: null, birthtime: null };
}

export function xattrEvent(
  kind: "setextattr" | "deleteextattr",
  path: string,
  fields: { time?: number; actor?: Process; extattr?: string } = {},
): EventOf<"setextattr" | "deleteextattr"> {
  const { time = AT, actor = appleTool("xattr", "com.apple.xattr"), extattr = "com.apple.quarantine" } = fields;
  return { ...header(time), version: 9, seqNum: 1, globalSeqNum: 1, kind, actor, target: fileRef(path), extattr };
}

export function posture(fields: Partial<PostureNow> = {}): PostureNow {
  return {
    sip: "on",
    gatekeeper: "on",
    weakened: false,
    weakenedSince: null,
    weakenedHow: "",
    weakenedFirstSeen: false,
    inDoubt: false,
    bootTime: BOOT,
    bootOrdinal: 1,
    ...fields,
  };
}

export function enricher(options: Partial<EnrichOptions> = {}): Enricher {
  return new Enricher([], { developerIdAllowList: [], isOwnProcess: () => false, ...options });
}
