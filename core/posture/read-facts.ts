import type { FactId, HostFacts } from "./reading.ts";

type Facts = Partial<Record<FactId, string>>;

const MAX_FACT_CHARS = 120;
const MAX_LINES = 16;

/** Reads `sw_vers`: `ProductVersion:` and `BuildVersion:` lines, and since macOS 13 perhaps `ProductVersionExtra:`. */
export function readSwVers(out: string): { host: HostFacts; facts: Facts } {
  const version = /^ProductVersion:[ \t]{1,8}([\w.]{1,32})/m.exec(out)?.[1];
  const build = /^BuildVersion:[ \t]{1,8}(\w{1,32})/m.exec(out)?.[1];
  const extra = /^ProductVersionExtra:[ \t]{1,8}([\w.()]{1,16})/m.exec(out)?.[1];
  const host = {
    ...(version === undefined ? {} : { osVersion: version }),
    ...(build === undefined ? {} : { osBuild: build }),
  };
  if (version === undefined) return { host, facts: {} };
  const name = extra === undefined ? version : `${version} ${extra}`;
  return { host, facts: { os: build === undefined ? `macOS ${name}` : `macOS ${name} (${build})` } };
}

/** Reads `xprotect version` as it stands, its form being UNVERIFIED: one line with a number in it. */
export function readXprotect(out: string): Facts {
  const line = lines(out)[0];
  return line === undefined || !/\d/.test(line) ? {} : { xprotect: line.slice(0, MAX_FACT_CHARS) };
}

const PROFILES_LINE = /^(?:Enrolled via DEP|MDM enrollment|MDM server): \S/;

/** Reads `profiles status -type enrollment` (its first two lines recorded); other text says nothing. */
export function readProfiles(out: string): Facts {
  const said = lines(out).filter((line) => PROFILES_LINE.test(line));
  return said.length === 0 ? {} : { mdm: said.join("; ").slice(0, MAX_FACT_CHARS) };
}

function lines(text: string): string[] {
  return text
    .split("\n", MAX_LINES)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
