import type { TelemetryEvent } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import type { EventFact } from "#contract/timeline.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { formatTime } from "#core/base/time.ts";
import { capArgs, capText } from "./cap-text.ts";
import type { EnrichedEvent } from "./enriched-event.ts";
import { gapReason, statusReason, statusWord } from "./describe-session.ts";
import { isEsEvent, targetPath } from "./event-shape.ts";
import { addFileAnswer, addSignature } from "./file-answer-facts.ts";
import type { KnownProcess } from "./lineage.ts";
import type { QuarantineMark } from "./quarantine-memory.ts";
import { flagNames } from "./trust-from-flags.ts";
import { dateAndTime, postureValueWord, sourceName, span, upperFirst } from "./words.ts";

const MAX_FACTS_LIST = 50;

/** The facts of the detail pane in reading order. Values are data, capped; nothing is decided here. */
export function eventFacts(enriched: EnrichedEvent): EventFact[] {
  const facts: EventFact[] = [];
  const add = (label: string, value: string | null | undefined, code = false): void => {
    if (value !== null && value !== undefined && value !== "") facts.push({ label, value: capText(value), code });
  };
  const { event, subject } = enriched;
  add("What happened", enriched.description.title);
  addTarget(event, add);
  if (subject !== null) addProcess(enriched, subject, add);
  addContent(enriched, add);
  if (enriched.quarantine !== null) add("Quarantine", quarantineText(enriched.quarantine));
  add("SIP", upperFirst(postureValueWord(enriched.posture.sip)));
  add("Gatekeeper", upperFirst(postureValueWord(enriched.posture.gatekeeper)));
  if (enriched.posture.weakened) add("Weakened", upperFirst(enriched.posture.weakenedHow));
  add("Time", formatTime(event.time), true);
  add("Source", sourceName(event.id.src));
  add("Record", `${event.id.session} ${event.id.src} ${event.id.n}`, true);
  if (isEsEvent(event) && event.globalSeqNum !== null) add("Sequence number", String(event.globalSeqNum), true);
  if (event.replayed) add("Re-read", "Read again later, so it may be out of order");
  return facts;
}

type Add = (label: string, value: string | null | undefined, code?: boolean) => void;

function addTarget(event: TelemetryEvent, add: Add): void {
  add("File", targetPath(event), true);
  if (event.kind === "rename") add("Before", event.source.path, true);
  if (event.kind === "copyfile" || event.kind === "link") add("From", event.source.path, true);
  if (event.kind === "setflags") add("Flags", `0x${event.flags.toString(16)}`, true);
  if (event.kind === "kextload") add("Kernel extension", event.identifier, true);
  if (event.kind === "signal") add("Signal", String(event.sig));
  if (event.kind === "setextattr" || event.kind === "deleteextattr") add("Attribute", event.extattr, true);
  if (event.kind === "setmode") add("Mode", event.mode.toString(8), true);
  if (event.kind === "fs_change") {
    add("Attribute", event.xattr, true);
    add("Value before", event.before, true);
    add("Value after", event.after, true);
  }
}

function addProcess(enriched: EnrichedEvent, subject: Process, add: Add): void {
  const { event, trust, parent, responsible, args } = enriched;
  add(args === null ? "Done by" : "Path", subject.path, true);
  if (args !== null) add("Arguments", capArgs(args), true);
  if (event.kind === "exec") add("Script", event.script, true);
  if (trust !== null) addSignature(trust, subject.teamId, args !== null, add);
  add("Signing identifier", subject.signingId, true);
  add("Team", subject.teamId, true);
  add("CDHash", subject.cdhash, true);
  if (subject.codesigningFlags !== null) {
    const word = `0x${(subject.codesigningFlags >>> 0).toString(16)}`;
    const names = flagNames(subject.codesigningFlags);
    add("Signing flags", `${word} (${names.length === 0 ? "none" : names.join(", ")})`, true);
  }
  addProcessOf("Parent", parent, add);
  addProcessOf("Responsible", responsible, add);
  add("User", subject.uid === null ? null : subject.uid === 0 ? "root" : `uid ${subject.uid}`);
  if (event.kind === "exec") {
    add("Working directory", event.cwd, true);
    const dyld = event.env.filter((variable) => variable.startsWith("DYLD_"));
    add("Library variables", dyld.slice(0, MAX_FACTS_LIST).join("; "), true);
  }
  add("Terminal", subject.tty, true);
  addHistory(enriched, add);
  const { pid, pidversion } = subject.id;
  add("Process", pidversion === null ? `${pid}` : `${pid} (version ${pidversion})`, true);
}

/** What was known of the code before it started. */
function addHistory({ origin, identity, quarantineMismatch, time }: EnrichedEvent, add: Add): void {
  if (origin !== null) {
    add("Last written by", origin.by ?? "Not known", origin.by !== null);
    add("Last written", `${span(time - origin.at)} before`);
  }
  if (identity !== null && LOST.has(identity.change)) {
    add("Team before", identity.previousTeamId ?? "Apple", identity.previousTeamId !== null);
  }
  if (quarantineMismatch === true) add("Quarantine inside", "The app and what lies in it disagree");
}

/** Changes after which nobody vouches for the code who did before. */
const LOST: ReadonlySet<string> = new Set(["team-lost", "team-changed", "signed-to-ad-hoc"]);

function addContent({ event, trust }: EnrichedEvent, add: Add): void {
  switch (event.kind) {
    case "log":
      add("Message", event.message, true);
      add("Process", event.processPath, true);
      add("Sender", event.senderPath, true);
      add("Subsystem", event.subsystem, true);
      add("Category", event.category, true);
      return;
    case "gatekeeper_user_override":
      add("Signing identifier of the app", event.signingId, true);
      add("Team of the app", event.teamId, true);
      add("CDHash of the app", event.cdhash, true);
      add("SHA-256 of the app", event.sha256, true);
      return;
    case "file_answer":
      addFileAnswer(event, trust, add);
      return;
    case "probe":
      add("Answer", `${event.out}${event.err}`.trim(), true);
      return;
    case "posture_change":
      add("Before", upperFirst(postureValueWord(event.before)));
      add("After", upperFirst(postureValueWord(event.after)));
      add("Detail", event.detail);
      return;
    case "line":
      add("Text", event.text, true);
      return;
    case "fault":
      add("Why", upperFirst(event.reason));
      add("Beginning", event.excerpt, true);
      return;
    case "gap":
      add("Why", gapReason(event));
      add("From record", event.from === null ? null : String(event.from), true);
      add("To record", event.to === null ? null : String(event.to), true);
      return;
    case "sleep":
      add("From", dateAndTime(event.from));
      add("To", dateAndTime(event.to));
      return;
    case "status":
      add("State", upperFirst(statusWord(event.state)));
      add("Reason", event.reason === null ? null : statusReason(event.reason));
      add("Detail", event.detail, true);
      return;
    default:
      return;
  }
}

function addProcessOf(label: string, process: KnownProcess | null, add: Add): void {
  if (process === null) return;
  add(label, process.path, true);
  add(`${label}'s command line`, process.commandLine, true);
}

function quarantineText({ state, at, by }: QuarantineMark): string {
  const when = dateAndTime(at);
  const who = by === null ? "" : ` by ${by}`;
  switch (state) {
    case "removed":
      return `Removed at ${when}${who}`;
    case "present":
      return by === null ? `Present at ${when}` : `Set at ${when}${who}`;
    case "approved":
      return `Approved by the user; known since ${when}`;
    case "absent":
      return `None at ${when}`;
    case "unknown":
      return "Not known";
    default:
      return assertNever(state, "a quarantine state without words");
  }
}
