import { codeRoot } from "#core/enrich/code-root.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { isEsEvent, targetPath } from "#core/enrich/event-shape.ts";

type Put = (key: string, value: string | null | undefined) => void;

/**
 * What the explanations of G2 to G12 need to know again of a record: the app that is only a script, which profile came and
 * from where, and who changed a file or its mark. Keys: scriptApp, profile, profileOrg,
 * by, byTrust, byTeam, file.
 */
export function gatekeeperNote(enriched: EnrichedEvent, put: Put): void {
  const { event, subject } = enriched;
  if (event.kind === "exec" && event.script !== null && enriched.get("ScriptInBundle") !== null) {
    put("scriptApp", codeRoot(event.script));
  }
  if (event.kind === "profile_add" || event.kind === "profile_remove") {
    put("profile", event.displayName);
    put("profileOrg", event.organization);
    return;
  }
  if (isEsEvent(event) && event.kind !== "exec" && targetPath(event) !== null) {
    put("by", event.actor.path);
    put("byTrust", enriched.trust?.class);
    put("byTeam", subject?.teamId);
    put("file", targetPath(event));
  }
}

/** The part that such a record plays in a finding; null: none of its own. */
export function gatekeeperRole({ event }: EnrichedEvent): string | null {
  switch (event.kind) {
    case "profile_add":
      return "profile installed";
    case "profile_remove":
      return "profile removed";
    case "setacl":
    case "setflags":
      return "file locked";
    default:
      return null;
  }
}
