import path from "node:path";
import { APP_ORIGIN } from "#contract/ipc-names.ts";

/** Nothing is allowed that is not listed; there is no inline script or style, no frame and no other host. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** Its privileges are those of https: an origin of its own, fetch, and nothing of file:. */
export const APP_SCHEME = {
  scheme: "app",
  privileges: { standard: true, secure: true, supportFetchAPI: true },
} as const;

const INDEX = "index.html";
const HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
} as const;

/**
 * Which file a request of the app's own scheme means.
 * @param root folder of the built renderer, absolute
 * @returns an absolute path below `root`, or null for every other URL, whatever its spelling
 */
export function resolveAppUrl(url: string, root: string): string | null {
  if (!url.startsWith(`${APP_ORIGIN}/`)) return null;
  let name: string;
  try {
    name = decodeURIComponent(new URL(url).pathname);
  } catch {
    return null;
  }
  // A backslash separates only on Windows and a NUL ends a path in C: neither is ever part of a built file's name.
  if (name.includes("\0") || name.includes("\\")) return null;
  const file = path.join(root, name === "/" ? INDEX : name);
  return file.startsWith(root + path.sep) ? file : null;
}

/** Answers a request of the app's own scheme out of the built renderer. */
export function createAppProtocol(root: string, readFile: (file: string) => Promise<Uint8Array>) {
  return async (request: Pick<Request, "method" | "url">): Promise<Response> => {
    if (request.method !== "GET") return refusal(405);
    const file = resolveAppUrl(request.url, root);
    const type = file === null ? undefined : CONTENT_TYPES[path.extname(file)];
    if (file === null || type === undefined) return refusal(404);
    try {
      return new Response(new Uint8Array(await readFile(file)), { headers: { ...HEADERS, "content-type": type } });
    } catch {
      return refusal(404);
    }
  };
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: HEADERS });
}
