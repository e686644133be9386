import { CPU } from "./code.ts";
import { CS_VALID } from "./cs-flags.ts";
import { type EsFile, esFile, type FileOptions } from "./es-file.ts";
import { auditToken, type EsForm, esProcess, type LiveProcess } from "./es-process.ts";

/** An event before its envelope: `type` is es_event_type_t, `body` goes below `event.<name>`. */
export interface EsPart {
  name: string;
  type: number;
  body: (form: EsForm) => Record<string, unknown>;
  /** Notify events answer `auth: 0`; a few recorded ones carry flags instead. */
  flags?: true;
}

/** A path, or a path with what is known about the file. */
export type Target = string | { path: string; file: FileOptions };

function fileOf(target: Target, kind: FileOptions["kind"] = "document"): EsFile {
  if (typeof target === "string") return esFile(target, { kind });
  return esFile(target.path, { kind, ...target.file });
}

function folderOf(path: string): EsFile {
  return esFile(path.slice(0, Math.max(1, path.lastIndexOf("/"))), { kind: "directory" });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export interface ExecDetails {
  /** The process after the exec. */
  target: LiveProcess;
  args: readonly string[];
  env?: readonly string[];
  cwd?: string;
  /** The script an interpreter was started for by its `#!` line. */
  script?: string;
  /** Names, as macOS 27 may give them; the form is UNVERIFIED. */
  entitlements?: readonly string[];
}

function exec(details: ExecDetails): EsPart {
  const { target, args, env = ["PATH=/usr/bin:/bin:/usr/sbin:/sbin"], cwd = "/", script } = details;
  return {
    name: "exec",
    type: 9,
    body: (form) => ({
      target: esProcess(target, form),
      args,
      env,
      script: script === undefined ? null : esFile(script),
      cwd: esFile(cwd, { kind: "directory" }),
      fds: [0, 1, 2].map((fd) => ({ fd, fdtype: 1 })),
      last_fd: 2,
      ...CPU[target.code.arch],
      dyld_exec_path: target.code.path,
      ...(details.entitlements === undefined
        ? {}
        : { entitlements: Object.fromEntries(details.entitlements.map((name) => [name, true])) }),
    }),
  };
}

/** Events whose whole body is the file they touched. */
function onFile(name: string, type: number): (target: Target) => EsPart {
  return (target) => ({ name, type, body: () => ({ target: fileOf(target) }) });
}

function onExtattr(name: string, type: number): (target: Target, extattr: string) => EsPart {
  return (target, extattr) => ({ name, type, body: () => ({ target: fileOf(target), extattr }) });
}

function onProcess(name: string, type: number, extra: Record<string, unknown> = {}): (target: LiveProcess) => EsPart {
  return (target) => ({ name, type, body: (form) => ({ target: esProcess(target, form), ...extra }) });
}

function newPath(path: string): Record<string, unknown> {
  return { dir: folderOf(path), filename: nameOf(path) };
}

export interface OverrideDetails {
  path: string;
  sha256: string | null;
  signing: { cdhash: string; signingId: string | null; teamId: string | null } | null;
}

/** "Open Anyway". Which `file_type` goes with a path and which with a file object is UNVERIFIED. */
function gatekeeperUserOverride({ path, sha256, signing }: OverrideDetails): EsPart {
  return {
    name: "gatekeeper_user_override",
    type: 146,
    body: () => ({
      file_type: 0,
      file: path,
      sha256,
      signing_info:
        signing === null ? null : { cdhash: signing.cdhash, signing_id: signing.signingId, team_id: signing.teamId },
    }),
  };
}

export interface MalwareDetails {
  malware: string;
  incident: string;
  signatureVersion: string;
  path: string;
}

function malwareKeys(details: MalwareDetails): Record<string, unknown> {
  return {
    signature_version: details.signatureVersion,
    malware_identifier: details.malware,
    incident_identifier: details.incident,
  };
}

export interface LaunchItemDetails {
  instigator: LiveProcess;
  itemUrl: string;
  executablePath: string | null;
  /** Numbering UNVERIFIED: 3 agent, 4 daemon. */
  itemType: number;
}

function btm(name: string, type: number): (details: LaunchItemDetails) => EsPart {
  return ({ instigator, itemUrl, executablePath, itemType }) => ({
    name,
    type,
    body: (form) => ({
      instigator: esProcess(instigator, form),
      instigator_token: auditToken(instigator, form),
      app: null,
      app_token: null,
      ...(name.endsWith("_add") ? { executable_path: executablePath } : {}),
      item: { item_type: itemType, legacy: true, managed: false, uid: 501, item_url: itemUrl, app_url: null },
    }),
  });
}

function mount(on: string, from: string, fsType = "hfs"): EsPart {
  const body = {
    statfs: {
      f_bsize: 4096,
      f_iosize: 1048576,
      f_blocks: 25600,
      f_bfree: 1200,
      f_bavail: 1200,
      f_files: 4294967279,
      f_ffree: 4294966000,
      f_fsid: [16777240, 23],
      f_owner: 501,
      f_type: 23,
      f_flags: 0x1018,
      f_fssubtype: 0,
      f_fstypename: fsType,
      f_mntonname: on,
      f_mntfromname: from,
      f_flags_ext: 0,
    },
    disposition: 0,
  };
  return { name: "mount", type: 22, body: () => body };
}

function profileBody(
  instigator: LiveProcess,
  identifier: string,
  displayName: string,
  organization: string,
  form: EsForm,
  /** 0: managed, 1: by hand (order UNVERIFIED). */
  installSource = 0,
): Record<string, unknown> {
  return {
    instigator: esProcess(instigator, form),
    instigator_token: auditToken(instigator, form),
    profile: {
      identifier,
      uuid: "5B0D9C34-7E0B-4C59-9A1D-2F8F6D0A7C11",
      install_source: installSource,
      organization,
      display_name: displayName,
      scope: "User",
    },
  };
}

/** Typed builders for Endpoint Security events, in eslogger's shape (key map of macOS 27; numbers of es_event_type_t). */
export const es = {
  exec,
  fork: (child: LiveProcess): EsPart => ({
    name: "fork",
    type: 11,
    body: (form) => ({ child: esProcess(child, form) }),
  }),
  /** `code`: the exit code, or the signal that ended it. */
  exit: (code: number | { signal: number }): EsPart => ({
    name: "exit",
    type: 15,
    body: () => ({ stat: typeof code === "number" ? code << 8 : code.signal }),
  }),
  create: (path: string, mode = 0o100644): EsPart => ({
    name: "create",
    type: 13,
    body: () => ({ destination_type: 1, destination: { new_path: { ...newPath(path), mode } }, acl: null }),
    flags: true,
  }),
  createExisting: (target: Target): EsPart => ({
    name: "create",
    type: 13,
    body: () => ({ destination_type: 0, destination: { existing_file: fileOf(target) }, acl: null }),
    flags: true,
  }),
  rename: (from: Target, to: string): EsPart => ({
    name: "rename",
    type: 25,
    body: () => ({ source: fileOf(from), destination_type: 1, destination: { new_path: newPath(to) } }),
  }),
  close: (target: Target, modified = true): EsPart => ({
    name: "close",
    type: 12,
    body: () => ({ modified, target: fileOf(target), was_mapped_writable: false }),
  }),
  write: onFile("write", 33),
  unlink: (target: string): EsPart => ({
    name: "unlink",
    type: 32,
    body: () => ({ target: fileOf(target), parent_dir: folderOf(target) }),
  }),
  open: (path: string): EsPart => ({
    name: "open",
    type: 10,
    body: () => ({ fflag: 1, file: esFile(path, { kind: "document" }) }),
    flags: true,
  }),
  setextattr: onExtattr("setextattr", 27),
  deleteextattr: onExtattr("deleteextattr", 70),
  setmode: (target: Target, mode: number): EsPart => ({
    name: "setmode",
    type: 29,
    body: () => ({ mode, target: fileOf(target) }),
  }),
  mount,
  signal: (target: LiveProcess, sig: number): EsPart => ({
    name: "signal",
    type: 31,
    body: (form) => ({ sig, target: esProcess(target, form), instigator: null }),
  }),
  getTask: onProcess("get_task", 16, { type: 0 }),
  trace: onProcess("trace", 96),
  remoteThreadCreate: onProcess("remote_thread_create", 97, { thread_state: { flavor: 6, state: null } }),
  /** The actor's own flags have lost CS_VALID by then. */
  csInvalidated: (): EsPart => ({ name: "cs_invalidated", type: 94, body: () => ({}) }),
  gatekeeperUserOverride,
  xpMalwareDetected: (details: MalwareDetails): EsPart => ({
    name: "xp_malware_detected",
    type: 112,
    body: (form) => ({
      ...malwareKeys(details),
      detected_path: details.path,
      ...(form.version >= 10 ? { detected_executable: details.path } : {}),
    }),
  }),
  xpMalwareRemediated: (details: MalwareDetails): EsPart => ({
    name: "xp_malware_remediated",
    type: 113,
    body: () => ({
      ...malwareKeys(details),
      action_type: "path_delete",
      success: true,
      result_description: "Successfully remediated",
      remediated_path: details.path,
      remediated_process_audit_token: null,
    }),
  }),
  btmLaunchItemAdd: btm("btm_launch_item_add", 124),
  btmLaunchItemRemove: btm("btm_launch_item_remove", 125),
  profileAdd: (
    instigator: LiveProcess,
    identifier: string,
    displayName: string,
    organization: string,
    installSource = 0,
  ): EsPart => ({
    name: "profile_add",
    type: 126,
    body: (form) => {
      const { profile, ...who } = profileBody(instigator, identifier, displayName, organization, form, installSource);
      return { ...who, is_update: false, profile };
    },
  }),
  profileRemove: (instigator: LiveProcess, identifier: string, displayName: string, organization: string): EsPart => ({
    name: "profile_remove",
    type: 127,
    body: (form) => profileBody(instigator, identifier, displayName, organization, form),
  }),
  /** The keys of this one and the next three are those of Apple's structures; how eslogger prints them is UNVERIFIED. */
  kextload: (identifier: string): EsPart => ({ name: "kextload", type: 17, body: () => ({ identifier }) }),
  setacl: (target: Target): EsPart => ({
    name: "setacl",
    type: 82,
    body: () => ({ target: fileOf(target), set_or_clear: 0, acl: null }),
  }),
  setflags: (target: Target, flags: number): EsPart => ({
    name: "setflags",
    type: 28,
    body: () => ({ flags, target: fileOf(target) }),
  }),
  copyfile: (source: Target, to: string): EsPart => ({
    name: "copyfile",
    type: 110,
    body: () => ({
      source: fileOf(source),
      target_file: null,
      target_dir: folderOf(to),
      target_name: nameOf(to),
      mode: 0o100644,
      flags: 0,
    }),
  }),
  link: (source: Target, to: string): EsPart => ({
    name: "link",
    type: 19,
    body: () => ({ source: fileOf(source), target_dir: folderOf(to), target_filename: nameOf(to) }),
  }),
  tccModify: (instigator: LiveProcess, service: string, identity: string): EsPart => ({
    name: "tcc_modify",
    type: 147,
    body: (form) => ({
      service,
      identity,
      identity_type: 0,
      update_type: 1,
      instigator_token: auditToken(instigator, form),
      instigator: esProcess(instigator, form),
      responsible_token: null,
      responsible: null,
      right: 2,
      reason: 3,
    }),
  }),
  /** Any other event by its name, for what Sealbar only recognises. */
  other: (name: string, type: number, body: Record<string, unknown>): EsPart => ({ name, type, body: () => body }),
} as const;

export interface EsEnvelope {
  time: string;
  machTime: number;
  seqNum: number;
  globalSeqNum: number;
  threadId: number;
}

/** One whole eslogger object. Its keys have no fixed order on a Mac; here they keep one. */
export function esRecord(
  actor: LiveProcess,
  part: EsPart,
  form: EsForm,
  envelope: EsEnvelope,
): Record<string, unknown> {
  const result = part.flags
    ? { result_type: 1, result: { flags: 4294967295 } }
    : { result_type: 0, result: { auth: 0 } };
  return {
    schema_version: 1,
    version: form.version,
    time: envelope.time,
    mach_time: envelope.machTime,
    event_type: part.type,
    action_type: 1,
    action: { result },
    seq_num: envelope.seqNum,
    global_seq_num: envelope.globalSeqNum,
    thread: { thread_id: envelope.threadId },
    process: esProcess(actor, form),
    event: { [part.name]: part.body(form) },
  };
}

/** What a process looks like once its pages no longer match its signature. */
export function invalidated(process: LiveProcess): LiveProcess {
  return { ...process, code: { ...process.code, flags: (process.code.flags & ~CS_VALID) >>> 0 } };
}
