/**
 * What a unified-log text states, read by core/parse. A text that is not one of these stays a plain `log` event.
 * Names are ours; every text form and its evidence is listed in docs/telemetry.md.
 */
export type LogFact =
  /** `code` is undocumented: kept raw, nothing is decided on it alone. Paths are 16 hex digits on modern macOS. */
  | {
      fact: "gatekeeper-scan";
      code: number;
      path: string | null;
      pathHash: string | null;
      teamId: string | null;
      signingId: string | null;
      bundleId: string | null;
      numbers: number[];
    }
  | { fact: "gatekeeper-prompt"; teamId: string | null; signingId: string | null }
  | { fact: "gatekeeper-denied"; teamId: string | null; signingId: string | null }
  | { fact: "gatekeeper-policy-error"; code: number; text: string }
  | { fact: "malware-trashed" }
  | { fact: "revoked"; subject: string }
  | { fact: "amfid-not-valid"; path: string; code: number | null; text: string | null }
  | { fact: "amfi-killed"; pid: number; name: string | null; reason: string }
  | { fact: "amfi-ad-hoc"; path: string }
  | { fact: "amfi-signature-problem"; path: string | null; text: string }
  | { fact: "asp-denied"; pid: number; path: string }
  /** `denied`: the page was refused, the process not killed (CS_HARD without CS_KILL). */
  | { fact: "page-invalid"; pid: number; name: string; status: number | null; outcome: "killed" | "denied" | "allowed" }
  | { fact: "page-rejected"; pid: number; name: string; path: string | null; changedAfterSigning: boolean | null }
  | { fact: "signature-load-error"; pid: number; code: number; name: string }
  | { fact: "signature-failed-fatally"; path: string; text: string }
  | {
      fact: "sudo-command";
      user: string;
      tty: string | null;
      pwd: string | null;
      runAs: string | null;
      command: string;
    }
  | { fact: "sudo-failed"; user: string; text: string }
  | { fact: "xprotect-scan"; message: string; statusCode: number | null }
  | { fact: "sandbox-deny"; process: string; pid: number | null; operation: string; path: string | null }
  | { fact: "boot"; bootUuid: string };
