import { visibleText } from "#contract/visible-text.ts";
import { span } from "#core/enrich/words.ts";
import type { Clause } from "#contract/finding.ts";
import type { TrustClass } from "#contract/trust.ts";
import { baseName } from "#core/enrich/code-root.ts";
import { clause, code, type ExplainInput, type Part } from "./explanation.ts";

/** "It has no developer identity (ad hoc signature)." for the program of a part. */
export function signatureSentence(trust: string | undefined, team: string | undefined): string {
  switch (trust as TrustClass | undefined) {
    case "ad-hoc":
      return "It has no developer identity (ad hoc signature).";
    case "linker-signed":
      return "It has no developer identity (ad hoc, signed by the linker as every local build is).";
    case "unsigned":
      return "It is not signed at all.";
    case "invalid":
      return "Its signature is not valid: the code or the signature was changed after signing.";
    case "revoked":
      return "Its developer's certificate has been revoked.";
    case "self-signed":
    case "untrusted":
      return "It is signed, but nothing shows that Apple vouches for the signer.";
    case "developer-id":
      return `It is signed with a Developer ID${teamText(team)}.`;
    case "development":
      return `It is signed for development, not for distribution${teamText(team)}.`;
    case "platform":
      return "It is part of macOS.";
    case "app-store":
      return "It comes from the Mac App Store.";
    default:
      return team === undefined
        ? "Who signed it could not be checked."
        : `It is signed for team ${team}; this macOS does not report with which kind of certificate.`;
  }
}

function teamText(team: string | undefined): string {
  return team === undefined ? "" : ` of team ${team}`;
}

/** Why macOS let a program run although it is not trusted, as far as the evidence goes; else that it is not known. */
export function whyItRan(input: ExplainInput, start: Part): Clause {
  const { enriched } = input;
  const { quarantine, posture, trust } = enriched;
  if (posture.gatekeeper === "off") return clause("why", "Gatekeeper was off, so macOS did not check it.", start);
  if (quarantine !== null) {
    switch (quarantine.state) {
      case "removed": {
        const by = quarantine.by === null ? "" : ` by ${code(baseName(quarantine.by))}`;
        const when = `${span(enriched.time - quarantine.at)} earlier`;
        return clause("why", `Its quarantine mark was removed ${when}${by}, so Gatekeeper did not check it.`, start);
      }
      case "approved":
        return clause("why", "Someone had chosen to open it anyway, so Gatekeeper let it through.", start);
      case "absent":
        return clause("why", "It carried no quarantine mark, and Gatekeeper checks only files that do.", start);
      case "present":
        return clause("unknown", "It carried a quarantine mark. Why it ran all the same is not known.", start);
      case "unknown":
        break;
      default:
        break;
    }
  }
  if (trust?.class === "linker-signed") {
    return clause("why", "It looks built on this Mac, and macOS lets local builds run.", start);
  }
  return clause(
    "unknown",
    "Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known.",
    start,
  );
}

/**
 * Why a program whose code no longer fits its signature lives on: the kernel ends only what asks for it with CS_KILL or
 * CS_HARD, as vm.cs_process_enforcement is 0 (xnu bsd/kern/kern_cs.c).
 */
export function whyNotEnded(part: Part): Clause {
  return part.note.enforced === "false"
    ? clause(
        "why",
        "macOS ends a program for this only where its signature asks for it, and this one's does not.",
        part,
      )
    : clause("unknown", "Why macOS did not end it is not known.", part);
}

/** That the Mac's protection was weakened at the time; nothing when it was not. */
export function weakenedSentence({ enriched: { posture } }: ExplainInput): Clause[] {
  if (!posture.weakened) return [];
  const how = posture.weakenedHow === "" ? "" : ` (${visibleText(posture.weakenedHow)})`;
  return [clause("why", `This Mac's protection was weakened at the time${how}.`)];
}

const WITHOUT_CERTIFICATE: readonly (string | undefined)[] = ["ad-hoc", "linker-signed", "unsigned", "platform"];

/** What the evidence cannot say about a program that ran. */
export function notChecked(start: Part): Clause {
  if (WITHOUT_CERTIFICATE.includes(start.note.trust)) return clause("unknown", "What it did after that is not known.");
  return clause("unknown", "What it did after that, and whether its certificate has been revoked, is not known.");
}
