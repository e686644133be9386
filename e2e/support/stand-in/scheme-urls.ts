/**
 * Chromium cannot be taught a new standard scheme from outside, so `app://host/path` is shown to it as
 * `http://host.app.localhost/path`: a secure context with an origin of its own, whose every request is answered here
 * before it could reach a socket. The application only ever sees the `app:` form; the page sees the other one.
 */
const schemes = new Set<string>();

export function registerScheme(scheme: string): void {
  schemes.add(scheme);
}

export function isRegisteredScheme(scheme: string): boolean {
  return schemes.has(scheme);
}

/** The form Chromium loads. */
export function toPageUrl(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/s.exec(url);
  if (match === null) return url;
  const [, scheme = "", host = "", rest = ""] = match;
  return schemes.has(scheme) ? `http://${host}.${scheme}.localhost${rest === "" ? "/" : rest}` : url;
}

/** The form the application sees. */
export function fromPageUrl(url: string): string {
  const match = /^http:\/\/([^/?#]+)\.([a-z0-9+-]+)\.localhost(.*)$/s.exec(url);
  if (match === null) return url;
  const [, host = "", scheme = "", rest = ""] = match;
  return schemes.has(scheme) ? `${scheme}://${host}${rest}` : url;
}

/** An origin as Electron serialises it; opaque ones are `null`. */
export function fromPageOrigin(origin: string): string {
  return /^https?:\/\/./.test(origin) || origin.startsWith("file:") ? fromPageUrl(origin) : "null";
}

/** Source expressions in a response's policy that name a registered scheme, in the form that Chromium will compare. */
export function policyForPage(policy: string): string {
  let mapped = policy;
  for (const scheme of schemes) {
    mapped = mapped.replaceAll(new RegExp(`\\b${scheme}://([a-z0-9.-]+)`, "gi"), `http://$1.${scheme}.localhost`);
  }
  return mapped;
}
