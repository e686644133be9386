import type { LogEvent } from "#contract/event.ts";
import type { LogFact } from "#contract/log-fact.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { baseName, displayName } from "./code-root.ts";

/** What a line of the unified log states, if that was read from it; else whose line it is. */
export function logTitle({ fact, processPath }: LogEvent): string {
  return fact === null ? `Log line of ${baseName(processPath) || "the kernel"}` : factTitle(fact);
}

/** Names in these sentences are data from whatever ran. What each line proves: docs/telemetry.md. */
function factTitle(fact: LogFact): string {
  switch (fact.fact) {
    case "gatekeeper-scan":
      return `Gatekeeper scanned ${fact.path === null ? signer(fact.signingId ?? fact.bundleId) : displayName(fact.path)}`;
    case "gatekeeper-prompt":
      return `Gatekeeper asked about ${signer(fact.signingId)}`;
    case "gatekeeper-denied":
      return `Gatekeeper refused ${signer(fact.signingId)}`;
    case "gatekeeper-policy-error":
      return "Gatekeeper could not finish a scan";
    case "malware-trashed":
      return "macOS is moving malware to the Trash";
    case "revoked":
      return "macOS refused code whose certificate or notarization was revoked";
    case "amfid-not-valid":
      return `amfid: ${displayName(fact.path)} is not valid`;
    case "amfi-killed":
      return `macOS stopped ${named(fact.name, fact.pid)}`;
    case "amfi-ad-hoc":
      return `${displayName(fact.path)} is ad hoc signed`;
    case "amfi-signature-problem":
      return `Signature problem${fact.path === null ? "" : ` of ${displayName(fact.path)}`}: ${fact.text}`;
    case "asp-denied":
      return `Security policy did not allow ${displayName(fact.path)}`;
    case "page-invalid":
      return pageTitle(fact.outcome, named(fact.name, fact.pid));
    case "page-rejected":
      return `macOS rejected a memory page of ${named(fact.name, fact.pid)}`;
    case "signature-load-error":
      return `The signature of ${displayName(fact.name)} could not be loaded`;
    case "signature-failed-fatally":
      return `The signature of ${displayName(fact.path)} failed its check`;
    case "sudo-command":
      return `sudo: ${fact.user} ran ${plainCommand(fact.command)}${fact.runAs === null ? "" : ` as ${fact.runAs}`}`;
    case "sudo-failed":
      return `sudo: ${fact.user} was refused (${fact.text})`;
    case "xprotect-scan":
      return `XProtect: ${fact.message}`;
    case "sandbox-deny":
      return `Sandbox: ${fact.process} was denied ${fact.operation}`;
    case "boot":
      return "The kernel started";
    default:
      return assertNever(fact, "a log fact without a title");
  }
}

/** A command line whose program goes by its name instead of its path. */
export function plainCommand(command: string): string {
  const end = command.indexOf(" ");
  return end === -1 ? baseName(command) : `${baseName(command.slice(0, end))}${command.slice(end)}`;
}

function signer(id: string | null): string {
  return id ?? "a program";
}

function named(name: string | null, pid: number): string {
  return name === null || name === "" ? `process ${pid}` : name;
}

function pageTitle(outcome: "killed" | "denied" | "allowed", name: string): string {
  switch (outcome) {
    case "killed":
      return `macOS stopped ${name}: its code was not valid in memory`;
    case "denied":
      return `macOS refused ${name} a memory page that was not valid`;
    case "allowed":
      return `macOS let ${name} use a memory page that was not valid`;
    default:
      return assertNever(outcome, "an outcome without words");
  }
}
