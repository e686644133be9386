import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TelemetryEvent } from "#contract/event.ts";
import type { SourceName } from "#contract/source.ts";
import { ES_EVENT_NAMES } from "../es-event-names.ts";
import { isJsonObject, type JsonObject } from "../json-fields.ts";
import { parseRecord } from "../parse-record.ts";

/** Third-party samples, read in place where they lie beside the project and never copied into it. */
const SAMPLES = join(import.meta.dirname, "../../../../shared/samples");
const absent = !existsSync(SAMPLES);
const ESLOGGER = join(SAMPLES, "macmonitor-eslogger27");
const AT = Date.parse("2026-11-21T10:00:00Z") * 1000;

function parseBody(src: SourceName, body: JsonObject): TelemetryEvent {
  const frame = { v: 1 as const, t: "event" as const, src, n: 1, at: "", body };
  return parseRecord({ kind: "frame", id: { session: "s", src, n: 1 }, at: AT, raw: "", frame });
}

/** The event's name and whether it is known; of a fault its reason. */
function nameOf(event: TelemetryEvent): [string, boolean] {
  if (event.kind === "fault") return [event.reason, false];
  return event.kind === "es_other" ? [event.name, event.known] : [event.kind, true];
}

function readObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw new Error("a sample is not an object");
  return value;
}

function objectIn(value: unknown, key: string): JsonObject {
  const inner = isJsonObject(value) ? value[key] : undefined;
  if (!isJsonObject(inner)) throw new Error(`a sample lacks ${key}`);
  return inner;
}

const linesIn = (path: string) => readFileSync(path, "utf8").trim().split("\n").map(readObject);

/** Makes a record from the key map: every key, also the optional ones, with a value of its type. */
class KeyMapRecords {
  readonly #definitions: JsonObject;
  readonly #optional: boolean;

  constructor(definitions: JsonObject, optional: boolean) {
    this.#definitions = definitions;
    this.#optional = optional;
  }

  object(types: JsonObject): JsonObject {
    const made: JsonObject = {};
    for (const [path, type] of Object.entries(types)) {
      if (typeof type !== "string" || path.includes("[]")) continue;
      if (path.endsWith("?") && !this.#optional) continue;
      this.#put(made, path.replace("?", "").split("."), this.#value(type));
    }
    return made;
  }

  #put(target: JsonObject, keys: string[], value: unknown): void {
    const [key = "", ...rest] = keys;
    if (rest.length === 0) {
      if (!isJsonObject(target[key])) target[key] = value;
      return;
    }
    const inner = target[key];
    if (isJsonObject(inner)) this.#put(inner, rest, value);
    else if (inner === undefined && this.#optional) this.#put((target[key] = {}), rest, value);
  }

  #value(type: string): unknown {
    const [first = ""] = type.split("|");
    if (!this.#optional && type.endsWith("|null")) return null;
    const definition = this.#definitions[first];
    if (isJsonObject(definition)) return this.object(definition);
    switch (first) {
      case "int":
        return 7;
      case "bool":
        return true;
      case "string":
        return "/tmp/text";
      case "string(time)":
        return "2026-11-21T10:00:05.123456789Z";
      case "string(hex)":
        return "AB".repeat(20);
      case "array[string]":
        return ["a"];
      case "array[int]":
        return [1];
      case "array":
        return [];
      case "object":
        return {};
      default:
        return null;
    }
  }
}

describe.skipIf(absent)("samples of others", () => {
  it("eslogger, macOS 27: every line gives its event", () => {
    const files = readdirSync(ESLOGGER).filter((name) => /^eslogger-.*\.jsonl$/.test(name));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      for (const body of linesIn(join(ESLOGGER, file))) {
        const event = parseBody("es", body);
        const [name] = Object.keys(objectIn(body, "event"));
        expect([file, ...nameOf(event)]).toEqual([file, name, true]);
      }
    }
  });

  it("eslogger's key map: every event is recognised, with all keys and with as few as it allows", () => {
    const map = readObject(readFileSync(join(ESLOGGER, "eslogger-keys.json"), "utf8"));
    const events = Object.entries(objectIn(map, "events"));
    expect(events).toHaveLength(51);
    for (const optional of [true, false]) {
      const records = new KeyMapRecords(objectIn(map, "definitions"), optional);
      for (const [name, keys] of events) {
        expect(ES_EVENT_NAMES).toContain(name);
        const body = records.object(objectIn(map, "envelope"));
        const payload = records.object(isJsonObject(keys) ? keys : {});
        if (!optional && isJsonObject(payload["destination"])) {
          payload["destination"]["existing_file"] = records.object(objectIn(objectIn(map, "definitions"), "file"));
        }
        body["event"] = { [name]: payload };
        const event = parseBody("es", body);
        expect(nameOf(event)).toEqual([name, true]);
      }
    }
  });

  it("Mac Monitor's export, which has eslogger's envelope, gives the event too", () => {
    for (const body of linesIn(join(ESLOGGER, "macmonitor-2.1-exit.jsonl"))) {
      expect(parseBody("es", body)).toMatchObject({ kind: "exit", stat: 9 });
    }
  });

  it("the kernel's Gatekeeper text gives the denial, from the kernel only", () => {
    const alert = readObject(readFileSync(join(SAMPLES, "jamfprotect/GPGatekeeperEvent.json"), "utf8"));
    const sample = objectIn(objectIn(alert, "match"), "event");
    const { processImagePath, senderImagePath, subsystem, category } = sample;
    const body: JsonObject = { processImagePath, senderImagePath, subsystem, category, processID: 0 };
    body["eventMessage"] = sample["composedMessage"];
    body["timestamp"] = "2026-11-21 11:00:05.123456+0100";
    expect(parseBody("log", body)).toMatchObject({
      fact: { fact: "asp-denied", pid: sample["pid"], path: sample["path"] },
    });
    expect(parseBody("log", { ...body, processImagePath: "/tmp/kernel" })).toMatchObject({ kind: "log", fact: null });
  });

  it("XProtect's structured text gives the scan", () => {
    const alert = readObject(readFileSync(join(SAMPLES, "jamfprotect/GPUnifiedLogEvent.json"), "utf8"));
    const sample = objectIn(objectIn(objectIn(alert, "input"), "match"), "event");
    const { processImagePath, senderImagePath, subsystem, category } = sample;
    const body = { processImagePath, senderImagePath, subsystem, category, eventMessage: sample["composedMessage"] };
    expect(parseBody("log", body)).toMatchObject({ fact: { fact: "xprotect-scan", statusCode: 20 } });
  });

  it("formats of other products give a clear fault as Endpoint Security records, never a wrong event", () => {
    for (const folder of ["santa-protobuf-json", "jamfprotect"]) {
      for (const file of readdirSync(join(SAMPLES, folder))) {
        const event = parseBody("es", readObject(readFileSync(join(SAMPLES, folder, file), "utf8")));
        expect(event.kind === "fault" ? event.reason : `${file} gives ${event.kind}`).toMatch(
          /It lacks a readable "[a-z_.<>]+"\.$/,
        );
      }
    }
  });
});
