import { describe, expect, it } from "vitest";
import { ManualClock, MINUTE, SECOND } from "#core/base/clock.ts";
import { MonitorRefusal, MonitorUnavailable } from "./monitor-errors.ts";
import { Recordings } from "./recordings.ts";

function recordings(chosen: string | null = null) {
  const asked: unknown[] = [];
  const clock = new ManualClock();
  let answer: () => Promise<null> = async () => null;
  const made = new Recordings({
    monitor: {
      request: async (verb, payload) => {
        asked.push([verb, payload]);
        return answer() as never;
      },
    },
    clock,
    demo: "/res/demo.sealcap.jsonl",
    choose: async () => chosen,
  });
  return { made, asked, clock, answers: (given: () => Promise<null>) => (answer = given) };
}

describe("Recordings", () => {
  it("shows a chosen capture at once and plays the demo as a story", async () => {
    const { made, asked } = recordings("/tmp/x.jsonl");
    expect(await made.choose()).toBe(true);
    await made.playDemo();
    expect(asked).toEqual([
      ["openRecording", { path: "/tmp/x.jsonl", speed: null }],
      ["openRecording", { path: "/res/demo.sealcap.jsonl", speed: expect.any(Number) }],
    ]);
  });

  it("does nothing when the user changes their mind", async () => {
    const { made, asked } = recordings(null);
    expect(await made.choose()).toBe(false);
    expect(asked).toEqual([]);
  });

  it("opens what was asked for before the monitor was there as soon as it is, and again after a restart", async () => {
    const { made, asked, answers } = recordings();
    answers(() => Promise.reject(new MonitorUnavailable("starting")));
    await made.open("/tmp/x.jsonl");
    answers(async () => null);
    await made.monitorIsReady();
    await made.monitorIsReady();
    expect(asked).toEqual(Array.from({ length: 3 }, () => ["openRecording", { path: "/tmp/x.jsonl", speed: null }]));
  });

  it("gives up a capture that ends the monitor twice soon after it was opened, and says so once", async () => {
    const { made, asked, clock } = recordings();
    await made.monitorIsReady();
    await made.open("/tmp/x.jsonl");
    clock.advanceTo(5 * SECOND);
    expect(made.monitorIsGone()).toBeNull();
    clock.advanceTo(2 * MINUTE);
    await made.monitorIsReady();
    clock.advanceTo(2 * MINUTE + 5 * SECOND);
    expect(made.monitorIsGone()).toContain("twice");
    expect(made.monitorIsGone()).toBeNull();
    await made.monitorIsReady();
    expect(asked).toHaveLength(2);
  });

  it("keeps a capture when the monitor dies long after, or was never up", async () => {
    const { made, asked, clock } = recordings();
    await made.open("/tmp/x.jsonl");
    for (let restart = 1; restart <= 5; restart += 1) {
      expect(made.monitorIsGone()).toBeNull();
      await made.monitorIsReady();
      clock.advanceTo(restart * MINUTE);
    }
    expect(made.monitorIsGone()).toBeNull();
    expect(asked).toHaveLength(6);
  });

  it("forgets a capture that the monitor refuses, and one that is closed", async () => {
    const { made, asked, answers } = recordings();
    answers(() => Promise.reject(new MonitorRefusal("This is not a capture.")));
    await expect(made.open("/etc/hosts")).rejects.toThrow("This is not a capture.");
    answers(async () => null);
    await made.open("/tmp/x.jsonl");
    await made.close();
    asked.length = 0;
    await made.monitorIsReady();
    expect(asked).toEqual([]);
  });
});
