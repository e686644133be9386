import { expect, it } from "vitest";
import type { DigestLine, Notification } from "#contract/notice.ts";
import { ToldNotices } from "./told-notices.ts";

const notification = (tag: string, at: string, more: Partial<Notification> = {}): Notification => ({
  tag,
  at,
  title: `Title at ${at}`,
  body: "",
  findings: [],
  severity: "high",
  silent: false,
  ...more,
});
const line = (key: string, count: number): DigestLine => ({
  key,
  day: "2026-11-21",
  at: "2026-11-21T10:00:00.000000Z",
  title: "",
  body: "",
  findings: [],
  count,
  severity: "low",
});

it("holds each notification once, as it ended, with the time of its beginning", () => {
  const told = new ToldNotices();
  told.add({ notifications: [notification("a", "10:00")], digest: [] });
  told.add({ notifications: [notification("b", "11:00"), notification("a", "12:00", { silent: true })], digest: [] });
  expect(told.notifications).toEqual([
    { ...notification("a", "12:00"), at: "10:00", updates: 1 },
    { ...notification("b", "11:00"), updates: 0 },
  ]);
});

it("holds each line as it ended, and none that was taken back", () => {
  const told = new ToldNotices();
  told.add({ notifications: [], digest: [line("x", 1), line("y", 1)] });
  told.add({ notifications: [], digest: [line("x", 2), line("y", 0)] });
  expect(told.digest.map(({ key, count }) => [key, count])).toEqual([["x", 2]]);
});

it("counts what is more than it holds", () => {
  const told = new ToldNotices();
  for (let n = 0; n < 10_010; n += 1) told.add({ notifications: [notification(String(n), "10:00")], digest: [] });
  expect(told.notifications).toHaveLength(10_000);
  expect(told.leftOut).toBe(10);
});
