import { baseName } from "#core/enrich/code-root.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { isEsEvent, targetPath } from "#core/enrich/event-shape.ts";
import { sipHelperAmong } from "./sip-helpers.ts";

type Put = (key: string, value: string | null | undefined) => void;

/**
 * What the explanations of S5 to S18 need to know again of a record: whether the accepted baseline expects it, who did it
 * and whether anybody sat at the keyboard, below which of macOS's helpers, and which file, service or extension it was
 * about. Keys: expected, parts, allowed, attended, remote, login, helper, file, policyPath, victim, extension.
 */
export function policyNote(enriched: EnrichedEvent, put: Put): void {
  const { event } = enriched;
  if (event.kind === "posture_change") {
    put("expected", event.expected === undefined ? null : String(event.expected));
    put("parts", event.parts?.join(", "));
    return;
  }
  if (enriched.toolRun?.action != null) putWho(enriched, put);
  if (!isEsEvent(event)) return;
  if (event.kind === "kextload") put("extension", event.identifier);
  if (event.kind === "signal") put("victim", baseName(event.target.path));
  const file = targetPath(event);
  put("file", file);
  if (file !== null) put("policyPath", textOf(enriched, "PolicyPath"));
  if (file !== null || enriched.startsProgram) put("helper", sipHelperAmong(listOf(enriched, "AncestorImages")));
}

function putWho(enriched: EnrichedEvent, put: Put): void {
  put("allowed", textOf(enriched, "UserAllowed"));
  put("attended", textOf(enriched, "Interactive"));
  put("login", textOf(enriched, "LoginUser"));
  const overNetwork = listOf(enriched, "AncestorImages").some((path) => /\/sshd(?:-session)?$/.test(path));
  if (overNetwork) put("remote", "true");
}

function textOf(enriched: EnrichedEvent, field: string): string | null {
  const value = enriched.get(field);
  return typeof value === "string" || typeof value === "boolean" ? String(value) : null;
}

function listOf(enriched: EnrichedEvent, field: string): readonly string[] {
  const value = enriched.get(field);
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
