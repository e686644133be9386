/**
 * Places that System Integrity Protection keeps: descriptions of rootless.conf (macOS 10.11 to 10.15) agree on the first
 * six. That the databases of Gatekeeper's and kernel extensions' policy are below it is UNVERIFIED.
 */
const PROTECTED: readonly string[] = [
  "/system",
  "/usr",
  "/bin",
  "/sbin",
  "/library/apple",
  "/library/application support/com.apple.tcc",
  "/private/var/db/systempolicyconfiguration",
  "/private/var/db/systempolicy",
];

/** Inside them, what any root process may write. All but /usr/local and the mounted volumes are UNVERIFIED for today's macOS. */
const OPEN: readonly string[] = [
  "/usr/local",
  "/usr/libexec/cups",
  "/usr/share/man",
  "/usr/share/snmp",
  "/system/volumes",
  "/system/library/caches",
  "/system/library/speech",
  "/system/library/user template",
];

/** A user's own privacy permissions. */
const USER_TCC = "/library/application support/com.apple.tcc/tcc.db";
const DATA_VOLUME = "/system/volumes/data";
const MAX_PATH = 4096;

/**
 * A path as policies are compared with it: lower case, as macOS' file systems do not tell letters' case apart, without the
 * data volume's own name, and with the links /etc, /var and /tmp resolved.
 */
export function comparablePath(path: string): string {
  let text = path.slice(0, MAX_PATH).toLowerCase();
  if (text.startsWith(`${DATA_VOLUME}/`)) text = text.slice(DATA_VOLUME.length);
  return /^\/(?:etc|var|tmp)(?:\/|$)/.test(text) ? `/private${text}` : text;
}

/** True for a file that System Integrity Protection keeps, told from its path alone. */
export function isProtectedPath(path: string): boolean {
  const text = comparablePath(path);
  if (text.endsWith(USER_TCC)) return true;
  return PROTECTED.some((folder) => isBelow(text, folder)) && !OPEN.some((folder) => isBelow(text, folder));
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder) && (path.length === folder.length || path[folder.length] === "/");
}
