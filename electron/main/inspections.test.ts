import { describe, expect, it } from "vitest";
import { Inspections } from "./inspections.ts";
import { MonitorUnavailable } from "./monitor-errors.ts";
import type { MonitorHost } from "./monitor-host.ts";

const REQUEST = { path: "/bin/ls", depth: "header", id: "a" } as const;

function inspections() {
  const asked: [verb: string, payload: unknown][] = [];
  const answers: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  const request = (verb: string, payload: unknown) => {
    asked.push([verb, payload]);
    if (verb === "cancelInspection") return Promise.reject(new MonitorUnavailable("It is gone."));
    return new Promise((resolve, reject) => answers.push({ resolve, reject }));
  };
  return { made: new Inspections({ request } as Pick<MonitorHost, "request">), asked, answers };
}

describe("Inspections of the window", () => {
  it("hands the question on, and the answer back", async () => {
    const { made, asked, answers } = inspections();
    const answer = made.inspect(REQUEST);
    answers[0]?.resolve("the inspection");
    expect(await answer).toBe("the inspection");
    expect(asked).toEqual([["inspect", REQUEST]]);
  });

  it("ends everything that runs when the window goes, and nothing that is done", async () => {
    const { made, asked, answers } = inspections();
    const done = made.inspect(REQUEST);
    answers[0]?.resolve("done");
    await done;
    void made.inspect({ ...REQUEST, id: "b" });
    void made.inspect({ ...REQUEST, id: "c" });
    asked.length = 0;
    made.cancelAll();
    expect(asked).toEqual([
      ["cancelInspection", { id: "b" }],
      ["cancelInspection", { id: "c" }],
    ]);
  });

  it("does not forget a second request of an id when the first one ends", async () => {
    const { made, asked, answers } = inspections();
    const first = made.inspect(REQUEST);
    void made.inspect({ ...REQUEST, path: "/bin/cp" });
    answers[0]?.reject(new MonitorUnavailable("The inspection was stopped."));
    await expect(first).rejects.toThrow("stopped");
    await made.cancel("a");
    expect(asked.at(-1)).toEqual(["cancelInspection", { id: "a" }]);
  });

  it("takes it for ended when the monitor that made it is gone, and asks nothing about an id it does not know", async () => {
    const { made, asked } = inspections();
    void made.inspect(REQUEST);
    await expect(made.cancel("a")).resolves.toBeUndefined();
    asked.length = 0;
    await made.cancel("never");
    expect(asked).toEqual([]);
  });
});
