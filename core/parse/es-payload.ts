import type { EsEvent, EsHeader } from "#contract/event.ts";
import type { FileRef } from "#contract/process.ts";
import { boundText } from "./bounded-text.ts";
import { cdhashOrNull } from "./code-identity.ts";
import { readExec } from "./es-exec.ts";
import { filePathOrNull, processOrNull, readFile, readProcess } from "./es-process.ts";
import {
  integerOrNull,
  isJsonObject,
  type JsonObject,
  nonEmptyOrNull,
  requireBoolean,
  requireInteger,
  requireObject,
  requireText,
  textOrEmpty,
} from "./json-fields.ts";

type WithoutHeader<E> = E extends EsHeader ? Omit<E, keyof EsHeader> : never;
/** What an Endpoint Security event says beside its envelope. */
export type EsPayload = WithoutHeader<EsEvent>;
type TypedKind = Exclude<EsPayload["kind"], "es_other">;
type Reader = (event: JsonObject, at: string) => EsPayload;
type PayloadOf<K> = Extract<EsPayload, { kind: K }>;
type LaunchItemPayload = PayloadOf<"btm_launch_item_add" | "btm_launch_item_remove">;

/** `at` is where the event stands in the record, for messages. Keys: eslogger's key map, macOS 27. */
const READERS: Record<TypedKind, Reader> = {
  exec: readExec,
  fork: (event, at) => ({ kind: "fork", child: readProcess(event["child"], `${at}.child`) }),
  exit: (event, at) => ({ kind: "exit", stat: requireInteger(event["stat"], `${at}.stat`) }),
  create: (event, at) => ({ kind: "create", ...readCreated(event, at) }),
  rename: (event, at) => ({
    kind: "rename",
    source: readFile(event["source"], `${at}.source`),
    destination: readCreated(event, at).target.path,
  }),
  close: (event, at) => ({
    kind: "close",
    target: readFile(event["target"], `${at}.target`),
    modified: requireBoolean(event["modified"], `${at}.modified`),
  }),
  write: (event, at) => ({ kind: "write", target: readFile(event["target"], `${at}.target`) }),
  unlink: (event, at) => ({ kind: "unlink", target: readFile(event["target"], `${at}.target`) }),
  setextattr: (event, at) => ({ kind: "setextattr", ...readExtattr(event, at) }),
  deleteextattr: (event, at) => ({ kind: "deleteextattr", ...readExtattr(event, at) }),
  setmode: (event, at) => ({
    kind: "setmode",
    target: readFile(event["target"], `${at}.target`),
    mode: requireInteger(event["mode"], `${at}.mode`),
  }),
  setacl: (event, at) => ({ kind: "setacl", target: readFile(event["target"], `${at}.target`) }),
  setflags: (event, at) => ({
    kind: "setflags",
    target: readFile(event["target"], `${at}.target`),
    flags: requireInteger(event["flags"], `${at}.flags`) >>> 0,
  }),
  copyfile: (event, at) => ({ kind: "copyfile", ...readCopied(event, "target_name", at) }),
  link: (event, at) => ({ kind: "link", ...readCopied(event, "target_filename", at) }),
  kextload: (event, at) => ({ kind: "kextload", identifier: requireText(event["identifier"], `${at}.identifier`) }),
  signal: (event, at) => ({
    kind: "signal",
    sig: requireInteger(event["sig"], `${at}.sig`),
    target: readProcess(event["target"], `${at}.target`),
  }),
  mount: readMount,
  cs_invalidated: () => ({ kind: "cs_invalidated" }),
  gatekeeper_user_override: readOverride,
  xp_malware_detected: (event, at) => ({
    kind: "xp_malware_detected",
    ...readMalware(event),
    path: requireText(event["detected_path"], `${at}.detected_path`),
  }),
  xp_malware_remediated: (event, at) => ({
    kind: "xp_malware_remediated",
    ...readMalware(event),
    path: filePathOrNull(event["remediated_path"]),
    success: requireBoolean(event["success"], `${at}.success`),
    description: textOrEmpty(event["result_description"]),
  }),
  btm_launch_item_add: (event, at) => ({ kind: "btm_launch_item_add", ...readLaunchItem(event, at) }),
  btm_launch_item_remove: (event, at) => ({ kind: "btm_launch_item_remove", ...readLaunchItem(event, at) }),
  profile_add: (event, at) => ({
    kind: "profile_add",
    ...readProfile(event, at),
    isUpdate: event["is_update"] === true,
  }),
  profile_remove: (event, at) => ({ kind: "profile_remove", ...readProfile(event, at) }),
  get_task: (event, at) => ({ kind: "get_task", target: readProcess(event["target"], `${at}.target`) }),
  trace: (event, at) => ({ kind: "trace", target: readProcess(event["target"], `${at}.target`) }),
  remote_thread_create: (event, at) => ({
    kind: "remote_thread_create",
    target: readProcess(event["target"], `${at}.target`),
  }),
  tcc_modify: readTccModify,
};

const READERS_BY_NAME: ReadonlyMap<string, Reader> = new Map(Object.entries(READERS));

/**
 * The typed content of an event, or null when the name is not one of the typed events.
 * @throws MissingField when a field is missing without which the event says nothing
 */
export function readEsPayload(name: string, event: unknown): EsPayload | null {
  const read = READERS_BY_NAME.get(name);
  if (read === undefined) return null;
  const at = `event.${name}`;
  return read(requireObject(event, at), at);
}

/** `create` and `rename` name either a file that is there already, or a folder and a name in it. */
function readCreated(event: JsonObject, at: string): { target: FileRef; existing: boolean } {
  const destination = requireObject(event["destination"], `${at}.destination`);
  const existing = destination["existing_file"];
  if (existing !== undefined && existing !== null) {
    return { target: readFile(existing, `${at}.destination.existing_file`), existing: true };
  }
  const newPath = requireObject(destination["new_path"], `${at}.destination.new_path`);
  const dir = readFile(newPath["dir"], `${at}.destination.new_path.dir`);
  const filename = requireText(newPath["filename"], `${at}.destination.new_path.filename`);
  const path = pathIn(dir.path, filename);
  const unknown = { dev: null, ino: null, size: null, mtime: null, birthtime: null };
  const target = { path, pathTruncated: dir.pathTruncated, mode: integerOrNull(newPath["mode"]), ...unknown };
  return { target, existing: false };
}

function pathIn(folder: string, name: string): string {
  return boundText(folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`);
}

/** What `copyfile` or `link` made: a name in a folder. */
function readCopied(event: JsonObject, name: string, at: string): { source: FileRef; destination: string } {
  const folder = readFile(event["target_dir"], `${at}.target_dir`).path;
  return {
    source: readFile(event["source"], `${at}.source`),
    destination: pathIn(folder, requireText(event[name], `${at}.${name}`)),
  };
}

function readExtattr(event: JsonObject, at: string): { target: FileRef; extattr: string } {
  return {
    target: readFile(event["target"], `${at}.target`),
    extattr: requireText(event["extattr"], `${at}.extattr`),
  };
}

function readMount(event: JsonObject, at: string): PayloadOf<"mount"> {
  const statfs = requireObject(event["statfs"], `${at}.statfs`);
  return {
    kind: "mount",
    from: textOrEmpty(statfs["f_mntfromname"]),
    on: requireText(statfs["f_mntonname"], `${at}.statfs.f_mntonname`),
    fsType: textOrEmpty(statfs["f_fstypename"]),
    flags: requireInteger(statfs["f_flags"], `${at}.statfs.f_flags`) >>> 0,
  };
}

/** Which `file_type` means what is UNVERIFIED; whether `file` is a path or an object is told by its own type. */
function readOverride(event: JsonObject, at: string): PayloadOf<"gatekeeper_user_override"> {
  const signing = isJsonObject(event["signing_info"]) ? event["signing_info"] : null;
  return {
    kind: "gatekeeper_user_override",
    fileType: requireInteger(event["file_type"], `${at}.file_type`),
    path: filePathOrNull(event["file"]),
    sha256: nonEmptyOrNull(event["sha256"])?.toLowerCase() ?? null,
    cdhash: cdhashOrNull(signing?.["cdhash"]),
    signingId: nonEmptyOrNull(signing?.["signing_id"]),
    teamId: nonEmptyOrNull(signing?.["team_id"]),
  };
}

function readMalware(event: JsonObject): { malware: string; incident: string; signatureVersion: string } {
  return {
    malware: textOrEmpty(event["malware_identifier"]),
    incident: textOrEmpty(event["incident_identifier"]),
    signatureVersion: textOrEmpty(event["signature_version"]),
  };
}

function readLaunchItem(event: JsonObject, at: string): Omit<LaunchItemPayload, "kind"> {
  const item = requireObject(event["item"], `${at}.item`);
  return {
    instigator: processOrNull(event["instigator"]),
    app: processOrNull(event["app"]),
    itemType: requireInteger(item["item_type"], `${at}.item.item_type`),
    itemUrl: requireText(item["item_url"], `${at}.item.item_url`),
    appUrl: filePathOrNull(item["app_url"]),
    executablePath: filePathOrNull(event["executable_path"]),
    managed: item["managed"] === true,
    legacy: item["legacy"] === true,
  };
}

function readProfile(event: JsonObject, at: string): Omit<PayloadOf<"profile_remove">, "kind"> {
  const profile = requireObject(event["profile"], `${at}.profile`);
  return {
    instigator: processOrNull(event["instigator"]),
    identifier: requireText(profile["identifier"], `${at}.profile.identifier`),
    displayName: textOrEmpty(profile["display_name"]),
    organization: textOrEmpty(profile["organization"]),
    scope: textOrEmpty(profile["scope"]),
    installSource: requireInteger(profile["install_source"], `${at}.profile.install_source`),
  };
}

function readTccModify(event: JsonObject, at: string): PayloadOf<"tcc_modify"> {
  return {
    kind: "tcc_modify",
    service: requireText(event["service"], `${at}.service`),
    identity: requireText(event["identity"], `${at}.identity`),
    identityType: requireInteger(event["identity_type"], `${at}.identity_type`),
    updateType: requireInteger(event["update_type"], `${at}.update_type`),
    right: requireInteger(event["right"], `${at}.right`),
    reason: requireInteger(event["reason"], `${at}.reason`),
    instigator: processOrNull(event["instigator"]),
  };
}
