import { describe, expect, it } from "vitest";
import type { TelemetryEvent } from "#contract/event.ts";
import { DAY, HOUR, MINUTE } from "#core/base/clock.ts";
import {
  APP,
  APP_HASH,
  appleTool,
  AT,
  enricher,
  exec,
  FLAGS,
  header,
  invoiceViewer,
  posture,
  xattrEvent,
} from "#core/enrich/events.fixture.ts";
import type { PostureNow } from "#core/posture/posture-tracker.ts";
import { evidenceNote } from "./evidence-note.ts";
import { FindingBook } from "./finding-book.ts";
import type { FindingRecord, RuleInfo } from "./finding-input.ts";

const RULE: RuleInfo = {
  id: "untrusted-launch",
  title: "Untrusted launch",
  level: "medium",
  behaviours: ["G17"],
  analytics: ["AN0644"],
  techniques: ["T1553.002"],
};

/** A correlation's hit on `last`, with an earlier member that it knows of. */
function joinedHit(
  book: FindingBook,
  rule: RuleInfo,
  group: string[],
  events: readonly TelemetryEvent[],
): FindingRecord {
  const room = enricher();
  const enriched = events.map((event) => room.enrich(event, posture()));
  const members = enriched.map((one) => ({ rule: "base", id: one.event.id, time: one.time, note: evidenceNote(one) }));
  const input = { correlation: rule, groupValues: group, members, firstTime: 0, lastTime: 0, count: members.length };
  return book.applyCorrelation(input, enriched.at(-1) as (typeof enriched)[number]);
}

function hit(book: FindingBook, event: TelemetryEvent, now: Partial<PostureNow> = {}, rule = RULE): FindingRecord {
  const enriched = enricher().enrich(event, posture(now));
  return book.applyRule(rule, enriched, { id: event.id, time: event.time, note: evidenceNote(enriched) });
}

const launch = (time = AT, fields = {}) => exec(invoiceViewer(fields), ["Invoice Viewer"], { time });

describe("FindingBook", () => {
  it("updates a finding instead of repeating it, with the first and the latest evidence", () => {
    const book = new FindingBook([]);
    const first = hit(book, launch());
    let last = first;
    for (let minute = 1; minute < 50; minute += 1) last = hit(book, launch(AT + minute * MINUTE));
    expect(last).toMatchObject({
      key: first.key,
      count: 50,
      firstSeen: first.firstSeen,
      state: "open",
      rule: "untrusted-launch",
    });
    expect(last.lastSeen > first.lastSeen).toBe(true);
    expect(last.evidence).toHaveLength(9);
    expect(last.evidence[0]).toEqual(first.evidence[0]);
    expect(last.evidence.at(-1)?.at).toBe(last.lastSeen);
    expect(last.clauses).toEqual(first.clauses);
  });

  it("says of each record what kind it is of and in which boot it was", () => {
    const book = new FindingBook([]);
    hit(book, launch(), { bootOrdinal: 3 });
    const { evidence } = hit(book, launch(AT + MINUTE), { bootOrdinal: 4 });
    expect(evidence.map(({ kind, boot }) => [kind, boot])).toEqual([
      ["exec", 3],
      ["exec", 4],
    ]);
  });

  it("groups by the identity ladder: leaving an identity out only moves down a rung", () => {
    const book = new FindingBook([]);
    const keys = [
      launch(),
      launch(AT, { path: "/tmp/copy" }),
      launch(AT, { cdhash: "d".repeat(40) }),
      launch(AT, { cdhash: null, teamId: "7QXW3N5R2K" }),
      launch(AT, { cdhash: null, teamId: "7QXW3N5R2K", signingId: null }),
      launch(AT, { cdhash: null, signingId: null, teamId: null }),
      launch(AT, { cdhash: null, signingId: null, teamId: null, path: "/tmp/copy" }),
    ].map((event) => hit(book, event).key);
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(6);
    expect(JSON.parse(keys[0] ?? "")).toEqual([
      "untrusted-launch",
      "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
      "2026-11-21T10:00:00.000000Z",
    ]);
  });

  it("begins anew after the window, after it was closed, and in a new weakened epoch", () => {
    const book = new FindingBook([], { window: DAY });
    const first = hit(book, launch());
    expect(hit(book, launch(AT + DAY)).key).toBe(first.key);
    const later = hit(book, launch(AT + 3 * DAY));
    expect(later).toMatchObject({ count: 1 });
    book.close(later.key);
    const reopened = hit(book, launch(AT + 3 * DAY + HOUR));
    const epoch = hit(book, launch(AT + 3 * DAY + 2 * HOUR), { weakened: true, weakenedSince: AT + 3 * DAY + HOUR });
    const same = hit(book, launch(AT + 3 * DAY + 3 * HOUR), { weakened: true, weakenedSince: AT + 3 * DAY + HOUR });
    expect(new Set([first.key, later.key, reopened.key, epoch.key]).size).toBe(4);
    expect(same).toMatchObject({ key: epoch.key, count: 2 });
  });

  it("the worst severity stays", () => {
    const rule = { ...RULE, behaviours: ["S16"], level: "high" };
    const book = new FindingBook([]);
    const weak = { weakened: true, weakenedSince: AT - HOUR };
    expect(hit(book, launch(), { ...weak, bootTime: AT - MINUTE }, rule).severity).toBe("critical");
    expect(hit(book, launch(AT + HOUR), weak, rule).severity).toBe("critical");
  });

  it.each([
    ["linker-signed local build", { codesigningFlags: FLAGS.linkerSigned }, "low"],
    ["ad hoc", {}, "high"],
    ["signed for a team, kind not reported", { codesigningFlags: FLAGS.developerId, teamId: "7QXW3N5R2K" }, "high"],
    ["Developer ID", { codesigningFlags: FLAGS.developerId, teamId: "7QXW3N5R2K", validationCategory: 6 }, "medium"],
    ["part of macOS", { codesigningFlags: FLAGS.platform, isPlatformBinary: true }, "low"],
  ])("severity by context: %s", (_name, fields, expected) => {
    expect(hit(new FindingBook([]), launch(AT, fields), {}, { ...RULE, level: "high" }).severity).toBe(expected);
  });

  it("a rule may say what it is about", () => {
    const book = new FindingBook([]);
    const rule = { ...RULE, groupFields: [["TargetRoot"]] };
    const record = hit(book, xattrEvent("deleteextattr", "/Applications/Notes Plus.app/Contents"), {}, rule);
    expect(JSON.parse(record.key)).toEqual([
      "untrusted-launch",
      "/Applications/Notes Plus.app",
      "2026-11-21T10:00:00.000000Z",
    ]);
    expect(record.subject).toEqual({
      path: "/Applications/Notes Plus.app",
      cdhash: null,
      teamId: null,
      signingId: null,
    });
  });

  it("is bounded, and a forgotten finding's key is never used again", () => {
    const book = new FindingBook([]);
    const first = hit(book, launch());
    for (let i = 0; i < 4096; i += 1) hit(book, launch(AT + i, { cdhash: i.toString(16).padStart(40, "0") }));
    expect(book.evicted).toBe(1);
    expect(hit(book, launch(AT + MINUTE)).key).not.toBe(first.key);
  });

  it("goes on from its stored state at every point", () => {
    const events = [
      launch(),
      launch(AT + MINUTE),
      launch(AT + 2 * DAY),
      launch(AT + 2 * DAY + MINUTE, { cdhash: "d".repeat(40) }),
      launch(AT + 2 * DAY + HOUR),
    ];
    const whole = new FindingBook([]);
    const expected = events.map((event) => hit(whole, event));
    const store = new Map<string, string>();
    const got = events.map((event) => {
      const book = new FindingBook([...store].reverse().map(([key, value]) => ({ key, value })));
      const record = hit(book, event);
      for (const { key, value } of book.drainChanges()) {
        if (value === null) store.delete(key);
        else store.set(key, value);
      }
      return record;
    });
    expect(got).toEqual(expected);
  });
});

const BY_COMMAND: RuleInfo = {
  ...RULE,
  id: "removed-by-command",
  title: "Removed",
  level: "low",
  behaviours: ["G1"],
  analytics: ["AN0800"],
  groupFields: [["TargetRoot"]],
};
const THEN_RUN: RuleInfo = { ...BY_COMMAND, id: "removed-then-run", title: "Ran unchecked", level: "high" };
const BY_ROOT: RuleInfo = { ...RULE, groupFields: [["CodeRoot"]] };
const removal = (time = AT) =>
  exec(appleTool("xattr", "com.apple.xattr"), ["xattr", "-dr", "com.apple.quarantine", APP], { time });

describe("one story is one finding", () => {
  it("a removal, the launch and what joins them: the strongest tells it, with the tags and records of all", () => {
    const book = new FindingBook([]);
    const command = removal();
    const file = xattrEvent("deleteextattr", `${APP}/Contents/a`, { time: AT + 1 });
    const run = launch(AT + MINUTE);
    const first = hit(book, command, {}, BY_COMMAND);
    const second = hit(book, run, {}, BY_ROOT);
    const last = joinedHit(book, THEN_RUN, [APP], [file, run]);
    expect([second.key, last.key]).toEqual([first.key, first.key]);
    expect(last).toMatchObject({
      rule: "removed-then-run",
      title: "Ran unchecked: Invoice Viewer",
      severity: "high",
      behaviours: ["G1", "G17"],
      analytics: ["AN0800", "AN0644"],
      count: 1,
    });
    expect(last.evidence.map((evidence) => evidence.id)).toEqual([command.id, file.id, run.id]);
    expect(last.clauses.map((clause) => clause.evidence)).toEqual([[2], [1], [1, 2], [2], [], []]);
  });

  it("the same launch again is one more time, and stays in the words of the strongest", () => {
    const book = new FindingBook([]);
    const file = xattrEvent("deleteextattr", APP);
    const first = joinedHit(book, THEN_RUN, [APP], [file, launch(AT + MINUTE)]);
    const again = launch(AT + 2 * MINUTE);
    hit(book, again, {}, BY_ROOT);
    const last = joinedHit(book, THEN_RUN, [APP], [file, again]);
    expect(last).toMatchObject({ key: first.key, title: first.title, count: 2, clauses: first.clauses });
  });

  it("two correlations, another app, a closed finding and rules without a behaviour stay apart", () => {
    const book = new FindingBook([]);
    const run = launch();
    const first = joinedHit(book, THEN_RUN, [APP], [xattrEvent("deleteextattr", APP), run]);
    const other = joinedHit(book, { ...THEN_RUN, id: "re-signed", behaviours: ["G13"] }, [APP], [removal(), run]);
    const plain = hit(book, run, {}, { ...BY_ROOT, id: "plain", behaviours: [] });
    const elsewhere = hit(book, launch(AT, { path: "/tmp/x" }), {}, BY_ROOT);
    book.close(first.key);
    book.close(other.key);
    const later = hit(book, launch(AT + MINUTE), {}, BY_ROOT);
    expect(new Set([first.key, other.key, plain.key, elsewhere.key, later.key]).size).toBe(5);
  });

  it("a grave verdict of another behaviour is kept as a sentence, whichever tells the story", () => {
    const weak: RuleInfo = { ...BY_ROOT, id: "weak-run", title: "Weak", level: "high", behaviours: ["S16"] };
    const run = launch(AT + MINUTE);
    const removed = xattrEvent("deleteextattr", APP);
    const said = "“Invoice Viewer” ran 21 min after the restart, while this Mac's protection was weakened.";
    const taken = new FindingBook([]);
    hit(taken, run, {}, weak);
    const first = joinedHit(taken, THEN_RUN, [APP], [removed, run]);
    const absorbed = new FindingBook([]);
    joinedHit(absorbed, THEN_RUN, [APP], [removed, run]);
    const second = hit(absorbed, run, {}, weak);
    for (const record of [first, second]) {
      expect(record).toMatchObject({ rule: "removed-then-run", behaviours: ["G1", "S16"], count: 1 });
      expect(record.clauses.map((clause) => clause.kind)).toEqual([
        "verdict",
        "why",
        "why",
        "why",
        "why",
        "unknown",
        "next",
      ]);
      expect(record.clauses[4]?.text).toBe(said);
    }
    expect(hit(absorbed, launch(AT + 2 * MINUTE), {}, weak).clauses).toEqual(second.clauses);
  });

  it("a record that a joined finding tells raises none of its own, even where its rule has an older one", () => {
    const elsewhere = "/private/var/folders/x/AppTranslocation/1/d/Invoice Viewer.app/Contents/MacOS/Invoice Viewer";
    const book = new FindingBook([]);
    const old = hit(book, launch(AT, { path: elsewhere }), {}, BY_ROOT);
    const override = xattrEvent("setextattr", APP, { time: AT + MINUTE });
    const first = hit(book, override, {}, { ...BY_COMMAND, behaviours: ["G7"] });
    const run = launch(AT + 2 * MINUTE, { path: elsewhere });
    const joined = joinedHit(book, { ...THEN_RUN, behaviours: ["G7"] }, [APP_HASH], [override, run]);
    const told = hit(book, run, {}, BY_ROOT);
    expect([joined.key, told.key]).toEqual([first.key, first.key]);
    expect(told).toMatchObject({ rule: "removed-then-run", behaviours: ["G7", "G17"], count: 1 });
    expect(told.evidence.map(({ id }) => id)).toEqual([override.id, run.id]);
    // The older one still goes on with what it alone tells.
    const again = hit(book, launch(AT + HOUR, { path: elsewhere }), {}, BY_ROOT);
    expect(again).toMatchObject({ key: old.key, count: 2 });
  });

  it("of two correlations that tell a record, the same one is chosen after a restart", () => {
    const run = launch(AT + MINUTE);
    const resigned = { ...THEN_RUN, id: "a-re-signed", behaviours: ["G13"] };
    const choose = (restarts: boolean) => {
      let book = new FindingBook([]);
      joinedHit(book, THEN_RUN, ["one"], [xattrEvent("deleteextattr", APP), run]);
      joinedHit(book, resigned, ["two"], [removal(AT - MINUTE), run]);
      if (restarts) {
        const stored = book.drainChanges().flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
        book = new FindingBook(stored.reverse());
      }
      return hit(book, run, {}, BY_ROOT).rule;
    };
    expect([choose(false), choose(true)]).toEqual(["a-re-signed", "a-re-signed"]);
  });

  it("one deed told by several rules counts once, whichever comes first", () => {
    const override = xattrEvent("setextattr", APP);
    const run = launch(AT + MINUTE);
    const steps: ((book: FindingBook) => FindingRecord)[] = [
      (book) => joinedHit(book, { ...THEN_RUN, behaviours: ["G7"] }, [APP], [override, run]),
      (book) => hit(book, run, {}, BY_ROOT),
      (book) => hit(book, run, {}, { ...BY_ROOT, id: "weak-run", behaviours: ["S16"] }),
    ];
    for (const order of [
      [0, 1, 2],
      [1, 2, 0],
      [2, 0, 1],
    ]) {
      const book = new FindingBook([]);
      hit(book, override, {}, { ...BY_COMMAND, behaviours: ["G7"], level: "medium" });
      const records = order.map((step) => steps[step]?.(book));
      expect({ order, count: records.at(-1)?.count, keys: new Set(records.map((one) => one?.key)).size }).toEqual({
        order,
        count: 1,
        keys: 1,
      });
    }
  });

  it("an attempt stays part of what it led to, whatever lies between", () => {
    const book = new FindingBook([]);
    const attempt: RuleInfo = { ...RULE, id: "attempt", behaviours: ["S1"], groupFields: [[]] };
    const command = exec(appleTool("csrutil", "com.apple.csrutil"), ["csrutil", "disable"]);
    const first = hit(book, command, {}, attempt);
    expect(first).toMatchObject({ title: "Untrusted launch", subject: { path: null } });
    const led = joinedHit(book, { ...attempt, id: "led", level: "high" }, [], [command, launch(AT + 20 * DAY)]);
    expect(led).toMatchObject({ key: first.key, count: 1, rule: "led" });
  });

  it("a command that sudo logs and that then runs counts once; a second attempt counts again", () => {
    const rule: RuleInfo = { ...RULE, id: "attempt", behaviours: ["S1"], groupFields: [[]] };
    const sudo = (time: number): TelemetryEvent => ({
      ...header(time),
      kind: "log",
      processPath: "/usr/bin/sudo",
      pid: 1,
      senderPath: "/usr/bin/sudo",
      subsystem: "",
      category: "",
      messageType: "Default",
      message: "",
      bootUuid: null,
      fact: {
        fact: "sudo-command",
        user: "ana",
        tty: null,
        pwd: null,
        runAs: "root",
        command: "/usr/bin/csrutil disable",
      },
    });
    const run = (time: number) => exec(appleTool("csrutil", "com.apple.csrutil"), ["csrutil", "disable"], { time });
    const counts = (...events: TelemetryEvent[]) => {
      const book = new FindingBook([]);
      return events.map((event) => hit(book, event, {}, rule).count);
    };
    expect(counts(sudo(AT), run(AT + 5000), sudo(AT + MINUTE), run(AT + MINUTE + 5000))).toEqual([1, 1, 2, 2]);
    expect(counts(run(AT), run(AT + 1000), sudo(AT + 2000), sudo(AT + 3000))).toEqual([1, 2, 2, 2]);
    expect(counts(sudo(AT), sudo(AT + 1000))).toEqual([1, 2]);
    expect(counts(sudo(AT), run(AT + MINUTE))).toEqual([1, 2]);
  });

  it("goes on from its stored state at every point", () => {
    const run = launch(AT + MINUTE);
    const steps: ((book: FindingBook) => FindingRecord)[] = [
      (book) => hit(book, removal(), {}, BY_COMMAND),
      (book) => hit(book, run, {}, BY_ROOT),
      (book) => joinedHit(book, THEN_RUN, [APP], [removal(AT + 1), run]),
      (book) => hit(book, launch(AT + 2 * MINUTE), {}, BY_ROOT),
      (book) => hit(book, launch(AT + 3 * DAY), {}, BY_ROOT),
    ];
    const plain = (record: FindingRecord) => ({ ...record, evidence: record.evidence.map(({ summary }) => summary) });
    const whole = new FindingBook([]);
    const expected = steps.map((step) => plain(step(whole)));
    const store = new Map<string, string>();
    const got = steps.map((step) => {
      const book = new FindingBook([...store].reverse().map(([key, value]) => ({ key, value })));
      const record = step(book);
      for (const { key, value } of book.drainChanges()) {
        if (value === null) store.delete(key);
        else store.set(key, value);
      }
      return plain(record);
    });
    expect(got).toEqual(expected);
    expect(new Set(got.map((record) => record.key)).size).toBe(2);
  });
});
