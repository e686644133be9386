import { type Disk, type FolderListener, FolderRefused } from "./disk.ts";
import type { FsStatus } from "./fs-frames.ts";
import type { Timers } from "./timers.ts";

export interface FsFoldersOptions {
  /** Asked again at each look around: volumes come and go. */
  roots: () => readonly string[];
  /** A folder whose entries are roots (/Volumes), so that a change in it is a reason to look around; null: none. */
  volumes: string | null;
  disk: Disk;
  timers: Timers;
  changed: (path: string | null, named: boolean) => void;
  /** Only when it is another one than before. */
  status: (status: FsStatus) => void;
}

interface Watched {
  stop: () => void;
  recursive: boolean;
}

const LOOK_AROUND_MS = 60_000;
/** After a change among the volumes; a mount changes more than once. */
const MOUNTED_MS = 500;
const MAX_ROOTS = 256;
const MAX_DETAIL_CHARS = 1024;
const DENIED: ReadonlySet<string> = new Set(["EPERM", "EACCES"]);
const MISSING: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR"]);

/** Which folders are watched, which could not be and why; tried again every minute. */
export class FsFolders {
  readonly #options: FsFoldersOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #refused = new Map<string, string>();
  #cancel: () => void = () => undefined;
  #last: FsStatus | null = null;
  #open = false;
  #isSoon = false;

  constructor(options: FsFoldersOptions) {
    this.#options = options;
  }

  get status(): FsStatus {
    const detail = this.#detail();
    if ([...this.#watched.values()].some(({ recursive }) => recursive))
      return { state: "running", reason: null, detail };
    const codes = [...this.#refused.values()];
    if (codes.some((code) => DENIED.has(code))) return { state: "denied", reason: "full-disk-access", detail };
    if (codes.every((code) => MISSING.has(code))) return { state: "failed", reason: "missing", detail };
    return { state: "restarting", reason: "cannot-start", detail };
  }

  open(): void {
    this.#open = true;
    this.lookAround();
  }

  close(): void {
    this.#open = false;
    this.#isSoon = false;
    this.#cancel();
    for (const { stop } of this.#watched.values()) stop();
    this.#watched.clear();
    this.#refused.clear();
    this.#last = null;
  }

  /** Watches what is new, leaves what is gone, tries what was refused. */
  lookAround(): void {
    if (!this.#open) return;
    const { roots, volumes, timers } = this.#options;
    const wanted = new Map(
      roots()
        .slice(0, MAX_ROOTS)
        .map((root) => [root, true]),
    );
    if (volumes !== null && !wanted.has(volumes)) wanted.set(volumes, false);
    for (const [root, { stop, recursive }] of this.#watched) {
      if (wanted.get(root) === recursive) continue;
      stop();
      this.#watched.delete(root);
    }
    for (const root of this.#refused.keys()) if (!wanted.has(root)) this.#refused.delete(root);
    for (const [root, recursive] of wanted) if (!this.#watched.has(root)) this.#watch(root, recursive);
    this.#tell();
    this.#cancel();
    this.#isSoon = false;
    this.#cancel = timers.after(LOOK_AROUND_MS, () => {
      this.lookAround();
    });
  }

  #lookAroundSoon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    this.#cancel();
    this.#cancel = this.#options.timers.after(MOUNTED_MS, () => {
      this.lookAround();
    });
  }

  #watch(root: string, recursive: boolean): void {
    const { disk, volumes, changed } = this.#options;
    let failed = false;
    const listener: FolderListener = {
      changed: (path, named) => {
        if (failed || !this.#open) return;
        if (root === volumes) this.#lookAroundSoon();
        if (recursive) changed(path, named);
      },
      failed: (code) => {
        failed = true;
        if (!this.#open) return;
        this.#watched.delete(root);
        this.#refused.set(root, code);
        this.#tell();
      },
    };
    try {
      const stop = disk.watch(root, recursive, listener);
      if (failed) return;
      this.#watched.set(root, { stop, recursive });
      this.#refused.delete(root);
    } catch (error) {
      this.#refused.set(root, error instanceof FolderRefused ? error.code : "unknown error");
    }
  }

  #tell(): void {
    const { status } = this;
    if (JSON.stringify(status) === JSON.stringify(this.#last)) return;
    this.#last = status;
    this.#options.status(status);
  }

  #detail(): string | null {
    const listed = [...this.#refused].map(([root, code]) => `${root} (${code})`).toSorted();
    return listed.length === 0 ? null : `Not watched: ${listed.join(", ")}`.slice(0, MAX_DETAIL_CHARS);
  }
}
