import type { App } from "electron";
import { describe, expect, it } from "vitest";
import { finishBeforeQuit } from "./quit.ts";

function app() {
  const log: string[] = [];
  let before: (event: { preventDefault: () => void }) => void = () => undefined;
  const port = {
    on: (_name: string, listener: typeof before) => (before = listener),
    quit: () => {
      let held = false;
      before({ preventDefault: () => (held = true) });
      log.push(held ? "held" : "gone");
    },
  };
  return { port: port as unknown as Pick<App, "on" | "quit">, log };
}

describe("finishBeforeQuit", () => {
  it("holds every quit until all is finished, then goes once", async () => {
    const { port, log } = app();
    let finish: () => void = () => undefined;
    let finishing = 0;
    finishBeforeQuit(port, () => new Promise((resolve) => (finishing++, (finish = resolve))));
    port.quit();
    port.quit();
    expect(log).toEqual(["held", "held"]);
    finish();
    await Promise.resolve();
    await Promise.resolve();
    expect(log).toEqual(["held", "held", "gone"]);
    expect(finishing).toBe(1);
  });

  it("goes also when finishing fails", async () => {
    const { port, log } = app();
    finishBeforeQuit(port, () => Promise.reject(new Error("disk full")));
    port.quit();
    await Promise.resolve();
    await Promise.resolve();
    expect(log).toEqual(["held", "gone"]);
  });
});
