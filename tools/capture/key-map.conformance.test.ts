import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SCENARIOS } from "./scenarios/all.ts";

const KEY_MAP = join(import.meta.dirname, "../../../shared/samples/macmonitor-eslogger27/eslogger-keys.json");

interface KeyMap {
  definitions: Record<string, Record<string, string>>;
  events: Record<string, Record<string, string>>;
}

function required(keys: Record<string, string>): string[] {
  return Object.keys(keys).filter((key) => !/[.?[]/.test(key));
}

describe.skipIf(!existsSync(KEY_MAP))("what the builders write has the keys that eslogger writes", () => {
  const map = JSON.parse(existsSync(KEY_MAP) ? readFileSync(KEY_MAP, "utf8") : "{}") as KeyMap;
  const text = SCENARIOS["every-kind"]?.() ?? "";
  const bodies = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { src?: string; t: string; body?: Record<string, unknown> })
    .filter(({ src, t }) => src === "es" && t === "event")
    .map(({ body }) => body ?? {});
  const seen = new Map(bodies.map((body) => Object.entries(body["event"] as Record<string, object>)[0] ?? ["", {}]));

  it.each([...seen.keys()].filter((name) => name in map.events))("%s", (name) => {
    const keys = map.events[name] ?? {};
    const written = Object.keys(seen.get(name) ?? {});
    expect(written).toEqual(expect.arrayContaining(required(keys)));
    const known = Object.keys(keys).map((key) => key.replace("?", "").replace(/[.[].*/, ""));
    expect(written.filter((key) => !known.includes(key))).toEqual([]);
  });

  it("every process and file has all its keys", () => {
    for (const body of bodies) {
      const process = body["process"] as Record<string, unknown> & { executable: { stat: object } };
      expect(Object.keys(process)).toEqual(expect.arrayContaining(required(map.definitions["process"] ?? {})));
      expect(Object.keys(process.executable.stat).sort()).toEqual(required(map.definitions["stat"] ?? {}).sort());
    }
  });
});
