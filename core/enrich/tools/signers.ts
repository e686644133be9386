import { readSignerRun, type ThirdPartySigner } from "../third-party-signers.ts";
import { ran, roots, type Call, type ToolFamily, type ToolRun } from "./tool-run.ts";

export const CODESIGN: ToolFamily = {
  signingIds: { "com.apple.security.codesign": "codesign" },
  names: ["codesign"],
  read: readCodesign,
};

export const OTHER_SIGNERS: ToolFamily = {
  signingIds: {},
  names: ["ldid", "rcodesign", "jsign"],
  read: ({ tool, args, cwd }) => {
    const { action, files } = readSignerRun(tool as ThirdPartySigner, args);
    return ran(action, roots(files, cwd));
  },
};

/** Long options of codesign that take a value as the next argument (codesign(1)). */
const VALUE_OPTIONS: ReadonlySet<string> = new Set([
  "--sign",
  "--identifier",
  "--requirements",
  "--test-requirement",
  "--entitlements",
  "--keychain",
  "--prefix",
  "--options",
  "--arch",
  "--architecture",
]);

function readCodesign({ args, cwd }: Call): ToolRun {
  let signs = false;
  let force = false;
  let adHoc = false;
  let removes = false;
  const files: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    const next = args[index + 1];
    if (arg === "--remove-signature") removes = true;
    else if (arg === "--force") force = true;
    else if (arg === "--sign") {
      signs = true;
      adHoc = next === "-";
      index += 1;
    } else if (arg.startsWith("--sign=")) {
      signs = true;
      adHoc = arg === "--sign=-";
    } else if (VALUE_OPTIONS.has(arg)) index += 1;
    else if (arg.startsWith("--")) continue;
    else if (/^-[a-zA-Z]/.test(arg)) {
      const cluster = readCluster(arg);
      force ||= cluster.force;
      if (cluster.signs) {
        signs = true;
        adHoc = (cluster.value === "" ? next : cluster.value) === "-";
      }
      if (cluster.takesNext) index += 1;
    } else files.push(arg);
  }
  const action = removes ? "signature-removed" : signs && (force || adHoc) ? "re-signed" : null;
  return ran(action, roots(files, cwd));
}

/** A cluster such as `-fs`, `-s-` or `-fvs`: s, i, r, R, o and a take a value, attached or as the next argument. */
function readCluster(arg: string): { force: boolean; signs: boolean; value: string; takesNext: boolean } {
  let force = false;
  for (let at = 1; at < arg.length; at += 1) {
    const letter = arg[at] ?? "";
    if (letter === "f") force = true;
    if ("sirRoa".includes(letter)) {
      const value = arg.slice(at + 1);
      return { force, signs: letter === "s", value, takesNext: value === "" };
    }
  }
  return { force, signs: false, value: "", takesNext: false };
}
