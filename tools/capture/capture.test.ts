import { describe, expect, it } from "vitest";
import { Frame } from "#contract/frames.ts";
import { Capture } from "./capture.ts";
import { cast } from "./cast.ts";
import { NO_CDHASH, unsigned } from "./code.ts";
import { AD_HOC_WORD, DEVELOPER_ID_WORD, LINKER_SIGNED_WORD, PLATFORM_WORD } from "./cs-flags.ts";
import { demoStory } from "./demo-story.ts";
import { es } from "./es.ts";
import { nanoTime } from "./es-file.ts";
import { log } from "./log-lines.ts";
import { Mac } from "./mac.ts";
import { probe } from "./probes.ts";

interface EsBody {
  seq_num: number;
  global_seq_num: number;
  process: { audit_token: unknown; cs_validation_category?: number };
  event: Record<string, { target?: { cdhash: string; audit_token: { pid: number; pidversion: number } } }>;
}
interface Line {
  t: string;
  src?: string;
  n?: number;
  session?: string;
  count?: number;
  from?: number;
  to?: number;
  body?: EsBody & Record<string, unknown>;
}

function linesOf(jsonl: string): Line[] {
  return jsonl
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

function newMac(): Mac {
  return new Mac({ seed: "test", start: Date.parse("2026-11-18T08:00:00Z") * 1000 });
}

describe("flag words", () => {
  it.each([
    ["platform", PLATFORM_WORD, 0x26015b11],
    ["linker-signed", LINKER_SIGNED_WORD, 0x22020203],
    ["Developer ID", DEVELOPER_ID_WORD, 0x22010301],
    ["ad hoc", AD_HOC_WORD, 0x22000203],
  ])("%s is the recorded word", (_name, word, recorded) => {
    expect(word).toBe(recorded);
  });
});

describe("Capture", () => {
  it("counts n per source, seq_num per event and global_seq_num over all of a session", () => {
    const mac = newMac();
    mac.boot();
    mac.run(mac.launchd, cast.ls);
    mac.run(mac.launchd, cast.ls);
    mac.log(log.kernel.boot(mac.bootUuid));
    const lines = linesOf(mac.capture.toJsonl());
    const events = lines.filter(({ src, t }) => src === "es" && t === "event");
    expect(events.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(events.map(({ body }) => body?.global_seq_num)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(events.map(({ body }) => body?.seq_num)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(lines.find(({ src, t }) => src === "log" && t === "event")?.n).toBe(1);
  });

  it("starts counting again with every hello, under a new session", () => {
    const mac = newMac();
    mac.boot();
    mac.run(mac.launchd, cast.ls);
    mac.boot();
    mac.run(mac.launchd, cast.ls);
    const lines = linesOf(mac.capture.toJsonl());
    const sessions = lines.filter(({ t }) => t === "hello").map(({ session }) => session);
    expect(new Set(sessions).size).toBe(2);
    expect(lines.filter(({ t }) => t === "event").map(({ n }) => n)).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it("tells what the helper shed apart from what macOS lost", () => {
    const mac = newMac();
    mac.boot();
    mac.event(mac.launchd, es.exit(0));
    mac.capture.shed("es", 5);
    mac.capture.loseEsEvents(3);
    mac.event(mac.launchd, es.exit(0));
    const lines = linesOf(mac.capture.toJsonl());
    expect(lines.find(({ t }) => t === "gap")).toMatchObject({ src: "es", from: 2, to: 6, count: 5 });
    const last = lines.at(-1);
    expect(last?.n).toBe(7);
    expect(last?.body?.global_seq_num).toBe(9);
  });

  it("gives a process another pidversion when it execs, under the same pid", () => {
    const mac = newMac();
    const child = mac.fork(mac.launchd);
    const after = mac.exec(child, cast.ls);
    expect(after.pid).toBe(child.pid);
    expect(after.pidversion).toBeGreaterThan(child.pidversion);
  });

  it.each([
    ["object", 10, { pid: 1 }, 1],
    ["array", 9, [4294967295, 0, 0, 0, 0, 1, 100001, 281], undefined],
  ] as const)("writes audit tokens as %s", (tokens, version, token, category) => {
    const mac = new Mac({ seed: "test", start: 0, form: { version, tokens } });
    mac.event(mac.launchd, es.exit(0));
    const body = linesOf(mac.capture.toJsonl())[0]?.body;
    expect(body?.process.audit_token).toMatchObject(token);
    expect(body?.process.cs_validation_category).toBe(category);
  });

  it("gives unsigned code no identity", () => {
    expect(unsigned("/Users/Shared/tool")).toMatchObject({
      cdhash: NO_CDHASH,
      signingId: null,
      teamId: null,
      flags: 0,
    });
  });

  it("streams lines to a sink and keeps none", () => {
    const seen: string[] = [];
    const capture = new Capture({ seed: "sink", start: 0, sink: (line) => seen.push(line) });
    capture.bye();
    expect(seen).toEqual([`{"v":1,"t":"bye","at":"${nanoTime(0)}"}`]);
    expect(capture.toJsonl()).toBe("\n");
  });

  it("says who accepted the Mac as it is, and why", () => {
    const seen: string[] = [];
    const capture = new Capture({ seed: "sink", start: 0, sink: (line) => seen.push(line) });
    capture.baseline({ by: "ana", reason: "A driver needs it." });
    expect(Frame.parse(JSON.parse(seen[0] ?? ""))).toMatchObject({
      t: "baseline",
      by: "ana",
      reason: "A driver needs it.",
    });
  });

  it("makes the same bytes every time", () => {
    expect(demoStory()).toBe(demoStory());
  });
});

describe("probe texts", () => {
  it("names each protection that a custom configuration takes away", () => {
    const { out } = probe.csrutilStatus({ off: ["Filesystem Protections"] });
    expect(out).toContain("status: unknown (Custom Configuration).\n\nConfiguration:\n\tApple Internal: disabled\n");
    expect(out).toContain("\tFilesystem Protections: disabled\n");
    expect(out).toContain("\tDebugging Restrictions: enabled\n");
  });

  it("says when a program was ended at its limit", () => {
    expect(probe.timedOut("csrutil-status")).toMatchObject({ exit: null, timedOut: true, out: "" });
  });
});
