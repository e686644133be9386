import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import type { TelemetryEvent } from "#contract/event.ts";
import { Frame } from "#contract/frames.ts";
import { isJsonObject } from "./json-fields.ts";
import { parseRecord } from "./parse-record.ts";
import type { RecordInput } from "./record-input.ts";

const FOLDER = join(import.meta.dirname, "fixtures");
const AT = Date.parse("2026-11-21T10:00:00Z") * 1000;
const ID = { session: "fixture", src: "fixture", n: 1 };

interface Fixture {
  name: string;
  frame: unknown;
  expected: Record<string, unknown>;
}

function readFixtures(): Fixture[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((folder) => readdirSync(join(FOLDER, folder.name)).map((file) => `${folder.name}/${file}`))
    .map((name) => {
      const fixture: unknown = JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
      if (!isJsonObject(fixture) || !isJsonObject(fixture["expected"])) throw new Error(`${name} is not a fixture`);
      if (!/^(recorded|constructed|text form recorded)/.test(String(fixture["label"]))) {
        throw new Error(`${name} does not say whether it is recorded or constructed`);
      }
      return { name, frame: fixture["frame"], expected: fixture["expected"] };
    });
}

function recordOf(frame: unknown): RecordInput | null {
  const parsed = Frame.safeParse(frame);
  if (!parsed.success || parsed.data.t === "gap") return null;
  return { kind: "frame", id: ID, at: AT, raw: "raw", frame: parsed.data };
}

const fixtures = readFixtures();

describe("fixtures", () => {
  it.each(fixtures)("$name gives the expected event", ({ frame, expected }) => {
    const record = recordOf(frame);
    expect(record === null ? null : parseRecord(record)).toEqual({ id: ID, replayed: false, ...expected });
  });

  it("carries no environment that is not needed", () => {
    const text = JSON.stringify(fixtures.map(({ expected }) => expected));
    expect(text).not.toContain("SECRET_TOKEN");
  });
});

function nested(depth: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { event: value };
  return value;
}

const REPLACEMENTS: unknown[] = [
  null,
  true,
  -1,
  2 ** 60,
  Number.NaN,
  "",
  "x".repeat(300_000),
  "\u202e\u0000\ud800",
  [],
  [[], null, 3],
  {},
  { path: 5 },
  { path: "/x", stat: "no" },
  nested(400),
  Array.from({ length: 70_000 }, () => "a"),
];

/** Deletes, replaces or adds one key somewhere in a copy of the frame's content. */
function mutate(frame: unknown, random: () => number): unknown {
  const copy: unknown = structuredClone(frame);
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const walk = (value: unknown, depth: number) => {
    if (depth > 8 || typeof value !== "object" || value === null) return;
    const holder = value as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      walk(holder[key], depth + 1);
    }
  };
  walk(copy, 0);
  const place = places[Math.floor(random() * places.length)];
  if (place === undefined) return copy;
  const kind = random();
  if (kind < 0.4) delete place.holder[place.key];
  else if (kind < 0.9) place.holder[place.key] = REPLACEMENTS[Math.floor(random() * REPLACEMENTS.length)];
  else place.holder["constructor"] = { __proto__: { path: "/p" } };
  return copy;
}

describe("mutated fixtures", () => {
  it("always give one event or one fault, never a throw, with bounded texts", () => {
    const random = seededRandom(20_261_121);
    let faults = 0;
    let events = 0;
    for (const { name, frame } of fixtures) {
      for (let round = 0; round < 120; round += 1) {
        let mutated = mutate(frame, random);
        if (round % 3 === 0) mutated = mutate(mutated, random);
        const record = recordOf(mutated);
        if (record === null) continue;
        const event: TelemetryEvent = parseRecord(record);
        if (event.kind === "fault") faults += 1;
        else events += 1;
        const sizes = {
          reason: event.kind === "fault" && event.reason.length > 200,
          all: JSON.stringify(event).length > 2_000_000,
        };
        const times = Number.isSafeInteger(event.time);
        expect({ name, id: event.id, times, sizes }).toEqual({
          name,
          id: ID,
          times: true,
          sizes: { reason: false, all: false },
        });
      }
    }
    expect(faults).toBeGreaterThan(300);
    expect(events).toBeGreaterThan(1000);
  });
});
