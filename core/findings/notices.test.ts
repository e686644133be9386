import { describe, expect, it } from "vitest";
import type { EventOf } from "#contract/event.ts";
import type { DigestLine, Notification } from "#contract/notice.ts";
import type { Severity } from "#contract/severity.ts";
import { DAY, HOUR, type Micros, MINUTE, SECOND } from "#core/base/clock.ts";
import type { StateEntry } from "#core/base/state.ts";
import { formatTime } from "#core/base/time.ts";
import { AT, enricher, exec, header, invoiceViewer, posture, process } from "#core/enrich/events.fixture.ts";
import type { FindingRecord } from "./finding-input.ts";
import { NoticeBook } from "./notices.ts";

/** Constructed findings; the record that each stands on is its own unless `record` says otherwise. */
function finding(
  name: string,
  severity: Severity,
  more: Partial<FindingRecord> & { record?: number } = {},
): FindingRecord {
  const { record = hash(name), ...rest } = more;
  return {
    key: `["rule","${name}"]`,
    rule: "rule",
    behaviours: ["G1"],
    analytics: [],
    techniques: [],
    severity,
    title: `Ran unchecked: ${name}`,
    clauses: [{ kind: "verdict", text: `“${name}” ran without being checked.`, evidence: [] }],
    subject: { path: `/Applications/${name}.app`, cdhash: null, teamId: null, signingId: null },
    firstSeen: formatTime(AT),
    lastSeen: formatTime(AT),
    count: 1,
    evidence: [
      { id: { session: "s", src: "es", n: record }, at: formatTime(AT), role: "program started", summary: "" },
    ],
    state: "open",
    ...rest,
  };
}

const hash = (text: string) => Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7);

function start(osBuild: string | null, time: Micros = AT): EventOf<"session_start"> {
  return {
    ...header(time),
    kind: "session_start",
    bootUuid: "B",
    osVersion: "26.2",
    osBuild,
    helperVersion: null,
    privileged: true,
    sources: [],
    newBoot: true,
    bootTime: null,
  };
}

function room(entries: readonly StateEntry[] = []) {
  const book = new NoticeBook(entries);
  const notifications: Notification[] = [];
  const lines: DigestLine[] = [];
  return {
    book,
    notifications,
    lines,
    /** A record of an app leads to this finding, `after` the first moment. */
    tell: (record: FindingRecord, after: Micros = 0, program = invoiceViewer()) => {
      const enriched = enricher().enrich(exec(program, ["x"], { time: AT + after }), posture());
      const { notification, line } = book.tell(record, enriched);
      if (notification !== null) notifications.push(notification);
      if (line !== null) lines.push(line);
      return { notification, line };
    },
  };
}

function stateAfter(book: NoticeBook, before: readonly StateEntry[] = []): StateEntry[] {
  const state = new Map(before.map(({ key, value }) => [key, value]));
  for (const { key, value } of book.drainChanges()) {
    if (value === null) state.delete(key);
    else state.set(key, value);
  }
  return [...state].map(([key, value]) => ({ key, value }));
}

describe("what is worth a notification", () => {
  it.each(["high", "critical"] as const)("%s is, with the finding's own words", (severity) => {
    const { tell } = room();
    const { notification, line } = tell(finding("Tidepool", severity));
    expect(notification).toMatchObject({
      tag: "findings-1",
      at: formatTime(AT),
      title: "Ran unchecked: Tidepool",
      body: "“Tidepool” ran without being checked.",
      findings: ['["rule","Tidepool"]'],
      severity,
      silent: false,
    });
    expect(line).toBeNull();
  });

  it.each(["info", "low", "medium"] as const)("%s goes to the digest", (severity) => {
    const { notification, line } = room().tell(finding("Tidepool", severity));
    expect(notification).toBeNull();
    expect(line).toMatchObject({ count: 1, severity, findings: ['["rule","Tidepool"]'] });
  });

  it("a finding that goes on says nothing, and one that changes is brought up to date without a sound", () => {
    const { tell, notifications } = room();
    tell(finding("Tidepool", "high"));
    tell(finding("Tidepool", "high", { count: 900 }), HOUR);
    expect(notifications).toHaveLength(1);
    tell(finding("Tidepool", "critical", { title: "Ran after XProtect named it: Tidepool" }), 2 * HOUR);
    expect(notifications[1]).toMatchObject({
      tag: "findings-1",
      title: "Ran after XProtect named it: Tidepool",
      severity: "critical",
      silent: true,
    });
  });

  it("one that grows from the digest is told once and leaves the digest", () => {
    const { tell, notifications, lines, book } = room();
    tell(finding("Crate", "low"));
    tell(finding("Tidepool", "medium"), MINUTE);
    tell(finding("Tidepool", "high"), 2 * MINUTE);
    expect(notifications.map(({ silent }) => silent)).toEqual([false]);
    expect(lines.at(-1)).toMatchObject({ count: 1, findings: ['["rule","Crate"]'] });
    tell(finding("Crate", "high"), 5 * MINUTE);
    expect(lines.at(-1)).toMatchObject({ count: 0, findings: [] });
    expect(book.digest("2000-01-01", "2100-01-01")).toEqual([]);
  });

  it("shows what hides in a title, and bounds it", () => {
    const { notification } = room().tell(finding("x", "high", { title: `\u202Egpj.exe ${"x".repeat(5_000)}` }));
    expect(notification?.title).toMatch(/^‹U\+202E›gpj\.exe x+…$/);
    expect(notification?.title.length).toBeLessThanOrEqual(300);
  });

  it("says more than the title, where the explanation does", () => {
    const clauses = ["Gatekeeper was switched off.", "Programs from the internet run unchecked."].map((text) => ({
      kind: "verdict" as const,
      text,
      evidence: [],
    }));
    const { notification } = room().tell(finding("x", "high", { title: "Gatekeeper was switched off", clauses }));
    expect(notification?.body).toBe("Programs from the internet run unchecked.");
  });

  it("takes a finding that time alone completed, without a record", () => {
    const { book } = room();
    const { notification } = book.tell(finding("Tidepool", "high", { lastSeen: "2026-11-21T10:00:07.000000Z" }), null);
    expect(notification?.at).toBe("2026-11-21T10:00:07.000000Z");
  });
});

describe("one notification a subject or chain", () => {
  it("another finding about the same code joins it silently, unless it is worse", () => {
    const { tell, notifications } = room();
    const subject = finding("Tidepool", "high").subject;
    tell(finding("Tidepool", "high"));
    tell(finding("again", "high", { subject }), HOUR);
    tell(finding("worse", "critical", { subject }), 2 * HOUR);
    tell(finding("next week", "high", { subject }), 8 * DAY);
    expect(notifications.map(({ tag, silent }) => [tag, silent])).toEqual([
      ["findings-1", false],
      ["findings-1", true],
      ["findings-1", false],
      ["findings-2", false],
    ]);
    expect(notifications[1]).toMatchObject({ title: "2 findings need action" });
  });

  it("a finding that shares a record belongs to the chain", () => {
    const { tell, notifications } = room();
    tell(finding("attempt", "high", { record: 5 }));
    tell(finding("consequence", "high", { record: 5 }), 3 * HOUR);
    expect(notifications.map(({ tag }) => tag)).toEqual(["findings-1", "findings-1"]);
  });

  it("those that come within ten seconds share one; the seconds count from its sound", () => {
    const { tell, notifications } = room();
    for (let second = 0; second <= 24; second += 8) tell(finding(`app${second}`, "high"), second * SECOND);
    expect(notifications.map(({ tag, silent }) => [tag, silent])).toEqual([
      ["findings-1", false],
      ["findings-1", true],
      ["findings-2", false],
      ["findings-2", true],
    ]);
    expect(notifications[1]?.body).toBe("Ran unchecked: app8\nRan unchecked: app0");
  });

  it("more than five in ten minutes become one, until that is over", () => {
    const { tell, notifications } = room();
    for (let n = 0; n < 12; n += 1) tell(finding(`app${n}`, "high"), n * 30 * SECOND);
    expect(new Set(notifications.map(({ tag }) => tag)).size).toBe(5);
    expect(notifications.filter(({ silent }) => !silent)).toHaveLength(5);
    expect(notifications.at(-1)).toMatchObject({ tag: "findings-5", title: "8 findings need action" });
    tell(finding("later", "high"), HOUR);
    expect(notifications.at(-1)).toMatchObject({ tag: "findings-6", silent: false });
  });

  it("a burst cannot keep a worse finding from being heard", () => {
    const { tell } = room();
    for (let n = 0; n < 40; n += 1) tell(finding(`app${n}`, "high"), n * SECOND);
    expect(tell(finding("real", "critical"), 41 * SECOND).notification?.silent).toBe(false);
  });

  it("times that jump a century ahead and back hide nothing", () => {
    const { tell, notifications } = room();
    tell(finding("a", "high"), 100 * 365 * DAY);
    tell(finding("b", "high"), MINUTE);
    tell(finding("c", "high"), 2 * MINUTE);
    expect(notifications.map(({ silent }) => silent)).toEqual([false, false, false]);
  });
});

describe("an update of macOS", () => {
  const apple = (n: number) => process({ path: `/usr/libexec/tided${n}`, isPlatformBinary: true });
  const about = (n: number, severity: Severity, more: Partial<FindingRecord> = {}) =>
    finding(`tided${n}`, severity, {
      behaviours: ["G16"],
      subject: { path: `/usr/libexec/tided${n}`, cdhash: null, teamId: null, signingId: `com.apple.tided${n}` },
      ...more,
    });

  it("tells everything about Apple's own code in one silent notification, for a day", () => {
    const { book, tell, notifications } = room();
    book.start(start("25B78", AT - DAY));
    book.start(start("25C56", AT));
    for (let n = 0; n < 500; n += 1) tell(about(n, "high"), n * MINUTE, apple(n));
    expect(new Set(notifications.map(({ tag }) => tag))).toEqual(new Set(["update-1"]));
    expect(notifications.every(({ silent }) => silent)).toBe(true);
    expect(notifications.at(-1)).toMatchObject({ title: "macOS was updated to 26.2" });
    expect(notifications.at(-1)?.body).toMatch(/^500 findings about Apple’s own programs/);
    expect(notifications.at(-1)?.findings.length).toBeLessThanOrEqual(50);
    tell(about(900, "high"), DAY + MINUTE, apple(900));
    expect(notifications.at(-1)).toMatchObject({ tag: "findings-1", silent: false });
  });

  it.each([
    ["other code", finding("Tidepool", "high"), invoiceViewer()],
    ["a finding about a setting", about(2, "critical", { behaviours: ["S4", "G16"] }), apple(2)],
    ["a rule of the user's own", about(3, "high", { behaviours: [] }), apple(3)],
    [
      "a program in Apple's folder that the kernel does not call Apple's",
      about(4, "high"),
      process({ path: "/usr/libexec/tided4", isPlatformBinary: false, codesigningFlags: 2 }),
    ],
    ["a finding about another file than the program", about(5, "high"), apple(6)],
  ])("is no excuse for %s", (_what, record, program) => {
    const { book, tell } = room();
    book.start(start("25B78", AT - DAY));
    book.start(start("25C56", AT));
    expect(tell(record, HOUR, program).notification).toMatchObject({ tag: "findings-1", silent: false });
  });

  it("is not seen in the first start, the same build, or a start without one", () => {
    const { book, tell } = room();
    for (const build of ["25C56", "25C56", null]) book.start(start(build));
    expect(tell(about(1, "high"), HOUR, apple(1)).notification?.tag).toBe("findings-1");
  });
});

describe("memory", () => {
  it("is the same however often it is stored and loaded again", () => {
    const steps = Array.from({ length: 60 }, (_, n) =>
      finding(`app${n % 23}`, (["info", "medium", "high", "critical"] as const)[(n * 7) % 4] ?? "low"),
    );
    const whole = room();
    const told = steps.map((step, n) => whole.tell(step, n * 7 * SECOND));
    let state: StateEntry[] = [];
    const apart = steps.map((step, n) => {
      const next = room(state);
      const result = next.tell(step, n * 7 * SECOND);
      state = stateAfter(next.book, state);
      return result;
    });
    expect(apart).toEqual(told);
  });

  it("tells nothing again after a restart, and knows the latest notifications", () => {
    const first = room();
    first.tell(finding("Tidepool", "high"));
    first.tell(finding("Crate", "critical"), HOUR);
    const next = room(stateAfter(first.book));
    expect(next.tell(finding("Tidepool", "high", { count: 2 }), 2 * HOUR).notification).toBeNull();
    expect(next.book.recent().map(({ title }) => title)).toEqual(["Ran unchecked: Crate", "Ran unchecked: Tidepool"]);
  });

  it("stays bounded, whatever comes", () => {
    const { book } = room();
    for (let n = 0; n < 20_000; n += 1) {
      const lastSeen = formatTime(AT + n * MINUTE);
      book.tell(finding(`app${n}`, n % 2 === 0 ? "high" : "low", { record: n, lastSeen }), null);
    }
    const state = stateAfter(book);
    expect(state.length).toBeLessThan(30_000);
    expect(book.evicted).toBeGreaterThan(0);
    expect(book.recent().length).toBeLessThanOrEqual(8);
  });

  it.each([
    ["changes of Gatekeeper and what they let through", "G9", "G8", 30 * MINUTE, 0],
    ["but not those of the next day", "G9", "G8", DAY - MINUTE, 1],
    ["but not findings about other behaviours", "G1", "G4", 30 * MINUTE, 1],
  ])("one notification: %s", (_, first, second, after, more) => {
    const { notifications, tell } = room();
    tell(finding("a", "high", { behaviours: [first] }));
    tell(finding("b", "high", { behaviours: [second] }), after);
    expect(new Set(notifications.map(({ tag }) => tag)).size).toBe(1 + more);
  });

  it("one notification for a weakened period and what it let happen to macOS; what is worse is heard", () => {
    const book = new NoticeBook([]);
    const tell = (record: FindingRecord, after: Micros, weakenedSince: Micros | null) => {
      const now = { ...posture(), weakened: weakenedSince !== null, weakenedSince };
      return book.tell(record, enricher().enrich(exec(invoiceViewer(), ["x"], { time: AT + after }), now)).notification;
    };
    const first = tell(finding("mac", "high", { behaviours: ["S4"] }), 0, AT);
    const file = tell(finding("file", "high", { behaviours: ["S5"] }), HOUR, AT);
    expect([file?.tag, file?.silent]).toEqual([first?.tag, true]);
    expect(tell(finding("run", "critical", { behaviours: ["S16"] }), 2 * HOUR, AT)?.silent).toBe(false);
    expect(tell(finding("app", "high", { behaviours: ["G1"] }), 3 * HOUR, AT)?.tag).not.toBe(first?.tag);
    expect(tell(finding("next", "high", { behaviours: ["S4"] }), 4 * HOUR, AT + HOUR)?.tag).not.toBe(first?.tag);
  });
});
