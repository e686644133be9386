import type { App } from "electron";

/** Holds a quit back until `finish` is done (it bounds its own time), then lets it through. */
export function finishBeforeQuit(app: Pick<App, "on" | "quit">, finish: () => Promise<void>): void {
  let state: "running" | "finishing" | "finished" = "running";
  app.on("before-quit", (event) => {
    if (state === "finished") return;
    event.preventDefault();
    if (state === "finishing") return;
    state = "finishing";
    const goOn = () => {
      state = "finished";
      app.quit();
    };
    finish().then(goOn, goOn);
  });
}
