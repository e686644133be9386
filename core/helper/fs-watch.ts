import type { Clock } from "#core/base/clock.ts";
import type { Disk } from "./disk.ts";
import { FsFolders } from "./fs-folders.ts";
import { FsFrames } from "./fs-frames.ts";
import { FsHistory } from "./fs-history.ts";
import { FsLooks, type Look } from "./fs-looks.ts";
import type { FileFacts } from "./fs-memory.ts";
import { isCodeName, MAX_PATH_CHARS, mayMatter } from "./fs-relevance.ts";
import type { HelperCounts } from "#core/base/live-helper.ts";
import type { Timers } from "./timers.ts";

/** A session of the helper, as a source on our side of the wall needs it. */
export interface SourceSession {
  line(bytes: Buffer): void;
  look: Look;
}

/** A source that the helper does not have: its frames are added to the helper's session. */
export interface ClientSource {
  begin(session: SourceSession): void;
  /** The session is over; what happens until the next one is told there. */
  suspend(): void;
  stop(): void;
  retry(): boolean;
  counts(): HelperCounts;
}

export interface FsWatchOptions {
  /** Folders to watch with all that is in them; asked again now and then, because volumes come and go. */
  roots: () => readonly string[];
  /** The folder whose entries are volumes; null: none. */
  volumes: string | null;
  /** Folders whose entries are looked at beforehand, so that a mark that goes is noticed on what was there already. */
  baseline: readonly string[];
  disk: Disk;
  clock: Clock;
  timers: Timers;
}

/** What is known of a path whose change was told and is not looked at yet. */
interface Pending {
  named: boolean;
  /** Only to be remembered: nothing happened to it. */
  isBaseline: boolean;
}

/** A path of the batch, and what stands there now. */
interface Found extends Pending {
  path: string;
  facts: FileFacts | "gone" | "unknown";
}

export const FLUSH_MS = 250;
export const MAX_PENDING = 4096;
export const LOOK_LIMIT_MS = 2000;
const MAX_LOOKING = 32;
const MAX_BASELINE = 512;
/** Not more often than this: "some may be missing" does not become truer by being repeated. */
const UNKNOWN_LOSS_EVERY_MS = 60_000;

/** The `fs` source of the standard tier: changes of programs, bundles, installers and of their quarantine marks. */
export function createFsWatch(options: FsWatchOptions): ClientSource {
  return new FsWatch(options);
}

class FsWatch implements ClientSource {
  readonly #options: FsWatchOptions;
  readonly #history = new FsHistory((body) => {
    this.#frames.event(body);
  });
  readonly #frames: FsFrames;
  readonly #folders: FsFolders;
  readonly #looks: FsLooks;
  #pending = new Map<string, Pending>();
  #shed = 0;
  /** Changes whose files are being looked at. */
  #inFlight = 0;
  #lossWhy: "helper-overflow" | "source-dropped" | null = null;
  #lossIsFresh = false;
  #cancelFlush: (() => void) | null = null;
  #cancelLoss: () => void = () => undefined;
  #session: SourceSession | null = null;
  #flushing = false;
  #isOpen = false;
  /** Grows when it is stopped, so that what was under way then is left alone. */
  #era = 0;

  constructor(options: FsWatchOptions) {
    const { roots, volumes, disk, clock, timers } = options;
    this.#options = options;
    this.#frames = new FsFrames(clock);
    this.#folders = new FsFolders({
      roots,
      volumes,
      disk,
      timers,
      changed: (path, named) => {
        this.#changed(path, named);
      },
      status: (status) => {
        this.#frames.status(status);
      },
    });
    this.#looks = new FsLooks({
      timers,
      answered: (path, { quarantine }) => {
        if (quarantine !== undefined) this.#history.quarantineIs(path, quarantine);
      },
      gaveUp: () => {
        this.#lost("helper-overflow");
      },
    });
  }

  begin(session: SourceSession): void {
    this.#session = session;
    this.#frames.begin((bytes) => {
      session.line(bytes);
    });
    this.#looks.begin((path, isPrivate, onAnswer) => session.look(path, isPrivate, onAnswer));
    this.#tellLaterLoss();
    if (this.#isOpen) this.#frames.status(this.#folders.status);
    else this.#openFolders();
    this.#flushSoon();
  }

  suspend(): void {
    this.#session = null;
    this.#frames.end();
    this.#looks.suspend();
  }

  stop(): void {
    const unseen = [...this.#pending.values()].filter(({ isBaseline }) => !isBaseline).length;
    const left = this.#shed + unseen + this.#inFlight;
    if (left > 0) this.#frames.shed(left);
    if (this.#isOpen) this.#frames.status({ state: "stopped", reason: "ending", detail: null });
    this.suspend();
    this.#era += 1;
    this.#inFlight = 0;
    this.#isOpen = false;
    this.#folders.close();
    this.#looks.clear();
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    this.#cancelLoss();
    this.#pending.clear();
    this.#shed = 0;
    this.#lossWhy = null;
  }

  retry(): boolean {
    if (!this.#isOpen) return false;
    this.#folders.lookAround();
    return true;
  }

  counts(): HelperCounts {
    return this.#frames.counts();
  }

  #openFolders(): void {
    this.#isOpen = true;
    this.#lossIsFresh = false;
    this.#frames.status({ state: "starting", reason: null, detail: null });
    this.#folders.open();
    void this.#readBaseline(this.#era);
  }

  async #readBaseline(era: number): Promise<void> {
    const { baseline, disk } = this.#options;
    for (const folder of baseline) {
      const paths = await disk.list(folder, MAX_BASELINE);
      if (era !== this.#era) return;
      for (const path of paths) {
        if (isCodeName(path) && !this.#pending.has(path)) this.#hold(path, { named: false, isBaseline: true });
      }
    }
  }

  #changed(path: string | null, named: boolean): void {
    if (path === null) {
      this.#lost("source-dropped");
      return;
    }
    if (path.length > MAX_PATH_CHARS) {
      this.#shed += 1;
      this.#flushSoon();
    } else if (mayMatter(path)) {
      const before = this.#pending.get(path);
      this.#hold(path, { named: named || (before?.named ?? false), isBaseline: false });
    }
  }

  #hold(path: string, pending: Pending): void {
    if (!this.#pending.has(path) && this.#pending.size >= MAX_PENDING) {
      if (pending.isBaseline) return;
      this.#shed += 1;
    } else this.#pending.set(path, pending);
    this.#flushSoon();
  }

  /** All changes of a moment at once: what is written comes in many small pieces, and a rename in two. */
  #flushSoon(): void {
    if (this.#cancelFlush !== null || this.#flushing || this.#session === null) return;
    if (this.#pending.size === 0 && this.#shed === 0) return;
    this.#cancelFlush = this.#options.timers.after(FLUSH_MS, () => {
      this.#cancelFlush = null;
      void this.#flush(this.#era);
    });
  }

  async #flush(era: number): Promise<void> {
    this.#flushing = true;
    const batch = this.#pending;
    this.#pending = new Map();
    const found: Found[] = [];
    const paths = [...batch];
    this.#inFlight = paths.filter(([, { isBaseline }]) => !isBaseline).length;
    for (let from = 0; from < paths.length && era === this.#era; from += MAX_LOOKING) {
      const some = paths.slice(from, from + MAX_LOOKING);
      const looked = some.map(async ([path, pending]) => ({ path, ...pending, facts: await this.#lookAt(path) }));
      found.push(...(await Promise.all(looked)));
    }
    this.#flushing = false;
    if (era === this.#era) this.#inFlight = 0;
    else {
      this.#flushSoon();
      return;
    }
    if (this.#session === null) for (const { path, ...pending } of found) this.#hold(path, pending);
    else this.#compare(found);
    this.#flushSoon();
  }

  /** A dead volume may never answer. */
  async #lookAt(path: string): Promise<FileFacts | "gone" | "unknown"> {
    const { disk, timers } = this.#options;
    const { promise: late, resolve: giveUp } = Promise.withResolvers<"unknown">();
    const cancel = timers.after(LOOK_LIMIT_MS, () => {
      giveUp("unknown");
    });
    const facts = await Promise.race([disk.look(path), late]);
    cancel();
    return facts;
  }

  #compare(found: readonly Found[]): void {
    const gone = new Set(found.flatMap(({ path, facts }) => (facts === "gone" ? [path] : [])));
    // What is there comes first: it may be what is gone elsewhere, under its new name.
    for (const { path, facts, named, isBaseline } of found) {
      if (facts === "unknown") this.#lost("helper-overflow");
      else if (facts !== "gone" && this.#history.seen({ path, facts, named, isBaseline, gone })) {
        this.#looks.want(path, isBaseline);
      }
    }
    for (const path of gone) this.#history.wentAway(path);
    if (this.#shed > 0) this.#frames.shed(this.#shed);
    this.#shed = 0;
  }

  #lost(why: "helper-overflow" | "source-dropped"): void {
    if (this.#lossIsFresh || this.#session === null) {
      this.#lossWhy ??= why;
      return;
    }
    this.#lossIsFresh = true;
    this.#frames.unknownLoss(why);
    this.#cancelLoss = this.#options.timers.after(UNKNOWN_LOSS_EVERY_MS, () => {
      this.#lossIsFresh = false;
      this.#tellLaterLoss();
    });
  }

  #tellLaterLoss(): void {
    const why = this.#lossWhy;
    this.#lossWhy = null;
    if (why !== null) this.#lost(why);
  }
}
