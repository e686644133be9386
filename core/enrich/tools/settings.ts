import { lower, ran, roots, type Call, type ToolAction, type ToolFamily, type ToolRun } from "./tool-run.ts";

/** The signing ids of all tools here are UNVERIFIED; their names are matched too. */
export const DEFAULTS: ToolFamily = {
  signingIds: { "com.apple.defaults": "defaults" },
  names: ["defaults"],
  read: ({ args }) => ran(defaultsAction(args)),
};

export const SQLITE3: ToolFamily = {
  signingIds: { "com.apple.sqlite3": "sqlite3" },
  names: ["sqlite3"],
  read: ({ args }) => ran(args.some(erasesHistory) ? "quarantine-history-erased" : null),
};

export const SECURITY: ToolFamily = {
  signingIds: { "com.apple.security": "security" },
  names: ["security"],
  read: readSecurity,
};

export const PROFILES: ToolFamily = {
  signingIds: { "com.apple.profiles": "profiles" },
  names: ["profiles"],
  read: ({ args }) => ran(changesProfiles(args) ? "profile-change" : null),
};

/** Domain, key and the value that switches protection off. Domains are named alone or by their file's path. */
const SWITCHES: readonly (readonly [domain: string, key: string, off: boolean, action: ToolAction])[] = [
  ["com.apple.launchservices", "lsquarantine", false, "lsquarantine-off"],
  ["com.apple.security", "gkautorearm", false, "gatekeeper-rearm-off"],
  ["com.apple.softwareupdate", "configdatainstall", false, "xprotect-off"],
  ["com.apple.softwareupdate", "criticalupdateinstall", false, "xprotect-off"],
  ["com.apple.security.libraryvalidation", "disablelibraryvalidation", true, "library-validation-off"],
];

/** defaults(1): `[-currentHost | -host NAME] write DOMAIN KEY [-TYPE] VALUE`. */
function defaultsAction(args: readonly string[]): ToolAction | null {
  let index = 0;
  while ((args[index] ?? "").startsWith("-")) index += args[index] === "-host" ? 2 : 1;
  if (args[index] !== "write") return null;
  const domain = domainName(lower(args[index + 1]));
  const key = lower(args[index + 2]);
  const value = truth(lower(args.slice(index + 3).findLast((arg) => !arg.startsWith("-"))));
  return SWITCHES.find((one) => one[0] === domain && one[1] === key && one[2] === value)?.[3] ?? null;
}

function domainName(domain: string): string {
  const name = domain.slice(domain.lastIndexOf("/") + 1);
  return name.endsWith(".plist") ? name.slice(0, -".plist".length) : name;
}

function truth(value: string): boolean | null {
  if (["no", "false", "0", "n"].includes(value)) return false;
  return ["yes", "true", "1", "y"].includes(value) ? true : null;
}

/** The table that keeps where each download came from; statements that sqlite3 reads from its input are not seen. */
function erasesHistory(arg: string): boolean {
  const text = lower(arg);
  return text.includes("lsquarantineevent") && (text.includes("delete") || text.includes("drop"));
}

/** security(1): `[-hilqv] [-p PROMPT] COMMAND …`. A result of `deny` or `unspecified` trusts nothing. */
function readSecurity({ args, cwd }: Call): ToolRun {
  let index = 0;
  while ((args[index] ?? "").startsWith("-")) index += args[index] === "-p" ? 2 : 1;
  const command = args[index];
  const rest = args.slice(index + 1);
  if (command === "trust-settings-import") return ran("trust-root-added");
  if (command !== "add-trusted-cert") return ran(null);
  const result = lower(rest[rest.indexOf("-r") + 1]);
  const trusts = !rest.includes("-r") || result.startsWith("trust");
  return ran(trusts ? "trust-root-added" : null, trusts ? roots(rest.slice(-1), cwd) : []);
}

/** profiles(1): the verbs of today and the letters of before; `-D` removes all. */
function changesProfiles(args: readonly string[]): boolean {
  const [verb] = args;
  return verb === "install" || verb === "remove" || args.some((arg) => /^-[IRD]/.test(arg));
}
