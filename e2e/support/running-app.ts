import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type ElectronApplication, expect, type Page } from "@playwright/test";
import type * as Electron from "electron";
import { descendantsOf, stillRunning } from "./processes.ts";
import type { StandIn } from "./stand-in/stand-in.ts";

/** What `app.evaluate` hands a function: Electron's modules, and the tests' door when it is the stand-in. */
export type MainModules = typeof Electron & { standIn: StandIn };

/** One launched Sealbar. */
export class RunningApp {
  readonly electron: ElectronApplication;
  readonly userDataDir: string;
  readonly isStandIn: boolean;
  readonly #output: string[] = [];
  #closed = false;

  constructor(electron: ElectronApplication, userDataDir: string, isStandIn: boolean) {
    this.electron = electron;
    this.userDataDir = userDataDir;
    this.isStandIn = isStandIn;
    const child = electron.process();
    child.stdout?.on("data", (chunk: Buffer) => this.#output.push(chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => this.#output.push(chunk.toString()));
    electron.on("close", () => {
      this.#closed = true;
    });
  }

  get pid(): number {
    return this.electron.process().pid ?? -1;
  }

  get output(): string {
    return this.#output.join("");
  }

  /** The window, once it is there and its page has loaded. */
  async window(): Promise<Page> {
    const page = this.electron.windows()[0] ?? (await this.electron.waitForEvent("window"));
    await page.waitForLoadState("load");
    return page;
  }

  /** Runs in the main process, with Electron's modules. */
  inMain<Answer, Arg = undefined>(
    run: (modules: MainModules, arg: Arg) => Answer,
    arg?: Arg,
  ): Promise<Awaited<Answer>> {
    const evaluate = this.electron.evaluate.bind(this.electron) as unknown as (
      run: (modules: MainModules, arg: Arg) => Answer,
      arg?: Arg,
    ) => Promise<Awaited<Answer>>;
    return evaluate(run, arg);
  }

  /** Chooses an item of the application menu by its id. */
  async chooseMenu(id: string): Promise<void> {
    await this.inMain(({ Menu }, id) => {
      const item = Menu.getApplicationMenu()?.getMenuItemById(id);
      if (item === null || item === undefined) throw new Error(`no menu item ${id}`);
      item.click();
    }, id);
  }

  /** The process id of the monitor. */
  async monitorPid(): Promise<number> {
    const pid = await this.inMain(
      ({ app }) => app.getAppMetrics().find((metric) => metric.name === "Sealbar Monitor")?.pid ?? null,
    );
    if (pid === null) throw new Error("there is no monitor process");
    return pid;
  }

  /** Quits as the user would, and checks that nothing is left of it. */
  async quit(): Promise<void> {
    if (this.#closed) return;
    const pids = [this.pid, ...descendantsOf(this.pid)];
    await this.electron.close();
    await expect.poll(() => stillRunning(pids), { message: "processes left after quitting" }).toEqual([]);
    expect(this.locksLeft(), "locks left after quitting").toEqual([]);
  }

  /** Lock files and links of the app itself and of its database that are in the user-data folder. */
  locksLeft(): string[] {
    const monitor = join(this.userDataDir, "monitor");
    const folders = [this.userDataDir, monitor].filter((folder) => existsSync(folder));
    const isLock = (name: string): boolean => /^Singleton|lock$|-wal$|-shm$/i.test(name);
    return folders.flatMap((folder) => readdirSync(folder).filter(isLock));
  }
}
