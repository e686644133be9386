import { describe, expect, it } from "vitest";
import type { Finding } from "#contract/finding.ts";
import type { DigestLine, Notification } from "#contract/notice.ts";
import { CHANGE_ROWS_MAX, type MonitorChange } from "#contract/monitor-port.ts";
import type { TimelineRow } from "#contract/timeline.ts";
import { type MonitorState, Publisher } from "./publisher.ts";
import { ManualTimers } from "./timers.ts";

const STATE: MonitorState = {
  totals: { events: 0, findings: 0 },
  coverage: { sources: [], skippedRules: [], faults: 0, duplicates: 0, forgotten: 0, ungrouped: 0, regexGaveUp: 0 },
  posture: {
    settings: [],
    bootUuid: null,
    bootTime: null,
    osVersion: null,
    osBuild: null,
    weakenedSince: null,
    facts: [],
    epochs: [],
    baseline: { state: "none", at: null, by: null, reason: null },
  },
  recording: null,
  trouble: null,
};

const row = (rowId: number): TimelineRow => ({
  rowId,
  id: { session: "s", src: "es", n: rowId },
  at: "2026-11-21T10:00:00.000000Z",
  origin: "es",
  kind: "exec",
  title: "Ran Tidepool",
  detail: "",
  path: null,
  trust: null,
  severity: null,
});
const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => row(from + i));

function publisher() {
  const sent: MonitorChange[] = [];
  const timers = new ManualTimers();
  const made = new Publisher({ timers, intervalMs: 100, state: () => STATE, send: (change) => sent.push(change) });
  return { made, sent, timers };
}

describe("Publisher", () => {
  it("sends the first change at once and then one an interval", () => {
    const { made, sent, timers } = publisher();
    made.add({ added: rows(1, 1), changed: [] }, []);
    made.add({ added: rows(2, 2), changed: [] }, []);
    made.add({ added: rows(4, 1), changed: [] }, []);
    expect(sent.map((change) => change.rows?.length)).toEqual([1]);
    timers.advance(100);
    expect(sent.map((change) => [change.revision, change.rows?.length])).toEqual([
      [1, 1],
      [2, 3],
    ]);
    timers.advance(100);
    expect(sent).toHaveLength(2);
  });

  it("says 'query again' when there are more rows than a change may carry", () => {
    const { made, sent, timers } = publisher();
    made.add({ added: [], changed: [] }, []);
    made.add({ added: rows(1, CHANGE_ROWS_MAX), changed: [] }, []);
    made.add({ added: rows(500, 1), changed: [] }, []);
    timers.advance(100);
    expect(sent[1]?.rows).toBeNull();
    made.add({ added: rows(900, 1), changed: [] }, []);
    timers.advance(100);
    expect(sent[2]?.rows).toHaveLength(1);
  });

  it("carries a finding once, in its newest form", () => {
    const { made, sent, timers } = publisher();
    made.touch();
    made.add({ added: [], changed: [] }, [{ id: 7, count: 1 } as Finding]);
    made.add({ added: [], changed: [] }, [{ id: 7, count: 2 } as Finding]);
    timers.advance(100);
    expect(sent[1]?.findings).toEqual([{ id: 7, count: 2 }]);
  });

  it("carries an earlier row whose severity changed, once and as it ended", () => {
    const { made, sent, timers } = publisher();
    made.touch();
    made.add({ added: rows(9, 1), changed: [{ ...row(3), severity: "low" }] }, []);
    made.add({ added: [], changed: [{ ...row(3), severity: "high" }] }, []);
    timers.advance(100);
    expect(sent[1]?.rows?.map((one) => one.rowId)).toEqual([9]);
    expect(sent[1]?.changedRows).toEqual([{ ...row(3), severity: "high" }]);
    made.touch();
    timers.advance(100);
    expect(sent[2]?.changedRows).toEqual([]);
  });

  it("carries what is to be told once, also when all else is too much to send", () => {
    const { made, sent, timers } = publisher();
    made.touch();
    const notification = { tag: "a", title: "One", silent: false } as Notification;
    made.tell({ notifications: [notification], digest: [{ key: "d", count: 1 } as DigestLine] });
    made.invalidate();
    made.tell({
      notifications: [{ ...notification, title: "Two", silent: true }],
      digest: [{ key: "d", count: 2 } as DigestLine],
    });
    timers.advance(100);
    expect(sent[0]).not.toHaveProperty("notifications");
    expect(sent[1]).toMatchObject({
      rows: null,
      findings: null,
      notifications: [{ tag: "a", title: "Two", silent: false }],
      digest: [{ key: "d", count: 2 }],
    });
    made.touch();
    timers.advance(100);
    expect(sent[2]).not.toHaveProperty("notifications");
    expect(sent[2]).not.toHaveProperty("digest");
  });

  it("is silent once stopped", () => {
    const { made, sent, timers } = publisher();
    made.touch();
    made.touch();
    made.stop();
    made.touch();
    timers.advance(1000);
    expect(sent).toHaveLength(1);
  });
});
