import { mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { environment } from "../environment.ts";
import type * as Electron from "electron";

type PathName = Parameters<Electron.App["getPath"]>[0];

/** `app.getPath` and `app.setPath`; everything of the user's is below the user-data folder, so tests stay in it. */
export class AppPaths {
  readonly #set = new Map<string, string>();

  get(name: PathName): string {
    const path = this.#set.get(name) ?? this.#default(name);
    if (path === undefined) throw new Error(`stand-in: app.getPath("${name}") is not implemented`);
    mkdirSync(name === "userData" ? path : dirname(path), { recursive: true });
    return path;
  }

  set(name: string, path: string): void {
    this.#set.set(name, path);
  }

  #default(name: PathName): string | undefined {
    const userData = this.#set.get("userData") ?? environment().userDataDir;
    const paths: Partial<Record<PathName, string>> = {
      userData,
      sessionData: userData,
      appData: dirname(userData),
      logs: join(userData, "logs"),
      crashDumps: join(userData, "Crashpad"),
      documents: join(userData, "Documents"),
      downloads: join(userData, "Downloads"),
      desktop: join(userData, "Desktop"),
      home: homedir(),
      temp: tmpdir(),
      exe: process.execPath,
    };
    return paths[name];
  }
}
