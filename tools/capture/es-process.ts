import type { Micros } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import type { Code } from "./code.ts";
import { type EsFile, esFile } from "./es-file.ts";

/** Who a process acts as. `auid` stays the login user when sudo changes `euid`. */
export interface Account {
  auid: number;
  euid: number;
  egid: number;
  ruid: number;
  rgid: number;
  asid: number;
}

const UNSET_AUID = 4294967295;
export const ROOT: Account = { auid: UNSET_AUID, euid: 0, egid: 0, ruid: 0, rgid: 0, asid: 100001 };
export const ANA: Account = { auid: 501, euid: 501, egid: 20, ruid: 501, rgid: 20, asid: 100017 };
/** `ana` behind sudo. */
export const ANA_AS_ROOT: Account = { auid: 501, euid: 0, egid: 0, ruid: 0, rgid: 0, asid: 100017 };

/** A process at one moment of its life; exec gives it another image and pidversion, so that is another value. */
export interface LiveProcess {
  pid: number;
  pidversion: number;
  parent: LiveProcess | null;
  /** null: itself. */
  responsible: LiveProcess | null;
  account: Account;
  code: Code;
  groupId: number;
  sessionId: number;
  tty: string | null;
  started: Micros;
}

/** `object` as recorded on macOS 15 and 27, `array` as on a macOS 26 beta. */
export type TokenForm = "object" | "array";

export interface EsForm {
  /** ES message version; cs_validation_category comes with 10. */
  version: number;
  tokens: TokenForm;
}

export interface EsTokenObject {
  auid: number;
  euid: number;
  egid: number;
  ruid: number;
  rgid: number;
  pid: number;
  asid: number;
  pidversion: number;
}
export type EsToken = EsTokenObject | number[];

export interface EsProcess {
  audit_token: EsToken;
  parent_audit_token: EsToken;
  responsible_audit_token: EsToken;
  ppid: number;
  original_ppid: number;
  group_id: number;
  session_id: number;
  codesigning_flags: number;
  is_platform_binary: boolean;
  is_es_client: boolean;
  cdhash: string;
  signing_id: string | null;
  team_id: string | null;
  executable: EsFile;
  tty: EsFile | null;
  start_time: string;
  cs_validation_category?: number;
}

export function auditToken(process: LiveProcess, form: EsForm): EsToken {
  const { auid, euid, egid, ruid, rgid, asid } = process.account;
  const { pid, pidversion } = process;
  if (form.tokens === "array") return [auid, euid, egid, ruid, rgid, pid, asid, pidversion];
  return { auid, euid, egid, ruid, rgid, pid, asid, pidversion };
}

export function esProcess(process: LiveProcess, form: EsForm): EsProcess {
  const parent = process.parent ?? process;
  const { code } = process;
  return {
    audit_token: auditToken(process, form),
    parent_audit_token: auditToken(parent, form),
    responsible_audit_token: auditToken(process.responsible ?? process, form),
    ppid: parent.pid,
    original_ppid: parent.pid,
    group_id: process.groupId,
    session_id: process.sessionId,
    codesigning_flags: code.flags,
    is_platform_binary: code.platform,
    is_es_client: false,
    cdhash: code.cdhash,
    signing_id: code.signingId,
    team_id: code.teamId,
    executable: esFile(code.path, { uid: code.uid }),
    tty: process.tty === null ? null : esFile(process.tty, { kind: "terminal" }),
    start_time: formatTime(process.started),
    ...(form.version >= 10 ? { cs_validation_category: code.category } : {}),
  };
}
