/** Folder extensions that macOS treats as one piece of code. */
const BUNDLE =
  /\.(?:app|framework|bundle|appex|xpc|kext|plugin|systemextension|prefPane|qlgenerator|mdimporter)(?=\/|$)/i;

/**
 * The outermost bundle that holds the path, else the path itself. Never ends in a slash, so that a bundle named by a
 * tool and one found from its executable are the same text.
 */
export function codeRoot(path: string): string {
  const match = path.includes(".") ? BUNDLE.exec(path) : null;
  if (match === null || match.index === 0 || path[match.index - 1] === "/") return trimSlash(path);
  return path.slice(0, match.index + match[0].length);
}

/** True for a bundle, whose files all belong to one code root. */
export function isBundle(path: string): boolean {
  return codeRoot(`${path}/-`) === path;
}

/** True for the bundle itself and for its executables: where a quarantine mark decides a launch. */
export function isLaunchPath(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/Contents/MacOS/`);
}

function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** An argument of a command as an absolute path: `.` and `..` resolved, without looking at the disk. Null if it cannot be. */
export function resolvePath(argument: string, cwd: string | null): string | null {
  if (argument === "") return null;
  if (!argument.startsWith("/") && cwd === null) return null;
  const parts: string[] = [];
  for (const part of `${argument.startsWith("/") ? "" : `${cwd}/`}${argument}`.split("/", 4096)) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  // Links that every Mac has; file records name what they point to.
  if (LINKED.has(parts[0] ?? "")) parts.unshift("private");
  return `/${parts.join("/")}`;
}

const LINKED: ReadonlySet<string> = new Set(["tmp", "var", "etc"]);

export function baseName(path: string): string {
  const end = path.length > 1 && path.endsWith("/") ? path.length - 1 : path.length;
  return path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

const MAIN_FOLDER = ".app/Contents/MacOS/";

/**
 * What a person calls a program: "Invoice Viewer" for Invoice Viewer.app and for its main executable, else the file's own
 * name. Another program in the same folder is not passed off as the app: "updater (Invoice Viewer)".
 */
export function displayName(path: string): string {
  const name = baseName(path);
  if (name === "") return path;
  if (isAppName(name)) return name.slice(0, -4);
  const folder = path.length - name.length;
  if (folder < MAIN_FOLDER.length || !path.startsWith(MAIN_FOLDER, folder - MAIN_FOLDER.length)) return name;
  const app = baseName(path.slice(0, folder - MAIN_FOLDER.length));
  if (app === "" || app === "/") return name;
  return app.toLowerCase() === name.toLowerCase() ? app : `${name} (${app})`;
}

/** A file as a person would name it: "Info.plist (Invoice Viewer)" for one inside an app, "Invoice Viewer" for the app. */
export function fileName(path: string): string {
  const name = baseName(path);
  if (isAppName(name)) return name.slice(0, -4);
  const root = codeRoot(path);
  if (root.length === path.length) return name;
  const owner = baseName(root);
  const app = isAppName(owner) ? owner.slice(0, -4) : owner;
  return app === name ? app : `${name} (${app})`;
}

function isAppName(name: string): boolean {
  return name.length > 4 && name.toLowerCase().endsWith(".app");
}

/** Where the path lies, told from its text alone. */
export function volumeKind(path: string): "root" | "mounted" | "translocated" | "unknown" {
  if (!path.startsWith("/")) return "unknown";
  if (path.includes("/AppTranslocation/")) return "translocated";
  return path.startsWith("/Volumes/") ? "mounted" : "root";
}
