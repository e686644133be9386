/** Signing tools that are not Apple's (behaviour G13). They carry no signing id of their own, so only their names tell. */
export type ThirdPartySigner = "ldid" | "rcodesign" | "jsign";

interface SignerRun {
  action: "re-signed" | "signature-removed" | null;
  /**
   * Every argument that is no option. Values of options are among them where the tool takes them apart from the option:
   * they name keys and certificates, which nobody runs, while a target that is missed is a finding missed.
   */
  files: readonly string[];
}

export function readSignerRun(signer: ThirdPartySigner, args: readonly string[]): SignerRun {
  const words = args.filter((arg) => !arg.startsWith("-"));
  const [verb = "", ...files] = words;
  switch (signer) {
    case "ldid":
      return { action: ldidAction(args), files: words };
    case "rcodesign":
      return { action: signerVerb(verb), files };
    default:
      return VERBS.has(verb)
        ? { action: signerVerb(verb), files }
        : { action: words.length === 0 ? null : "re-signed", files: words };
  }
}

/** ldid(1): `-S[entitlements]` and `-s` sign, `-r` removes; a value is attached to its letter, and letters may be joined. */
function ldidAction(args: readonly string[]): SignerRun["action"] {
  let action: SignerRun["action"] = null;
  for (const arg of args) {
    const letters = /^-([adDehMPqursS]{1,12})/.exec(arg)?.[1] ?? "";
    if (letters.includes("r") && !arg.startsWith("-arch")) action = "signature-removed";
    else if (/s/i.test(letters)) return "re-signed";
  }
  return action;
}

/**
 * `rcodesign sign PATH` signs in place, ad hoc without a certificate (its own documentation). The verbs of `jsign`, and
 * that it signs when given none, are UNVERIFIED, as is its use on code for macOS.
 */
const VERBS: ReadonlySet<string> = new Set(["sign", "timestamp", "extract", "remove", "tag", "show"]);

function signerVerb(verb: string): SignerRun["action"] {
  return verb === "sign" ? "re-signed" : verb === "remove" ? "signature-removed" : null;
}
