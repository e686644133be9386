import { z } from "zod";
import type { FormatChange } from "#contract/coverage.ts";
import type { LogEvent, TelemetryEvent } from "#contract/event.ts";
import type { SourceName } from "#contract/source.ts";
import { StateChanges, type StateChange, type StateEntry } from "#core/base/state.ts";

/** Lines of one sender, or events of one type, that are written in one format. */
interface Family {
  source: SourceName;
  sender: string;
  /** So many in a row that say nothing we know mean that the format is another one. UNVERIFIED how many chance can bring. */
  limit: number;
  /** Whether lines that never were readable count too; not where most of a sender's lines are of other kinds. */
  alsoWhenNew: boolean;
  behaviours: readonly string[];
}

const SYSTEM_KEXTS = "/System/Library/Extensions/";

/** The senders that the helper's predicate lets through because core/parse reads facts from them (docs/telemetry.md). */
const LOG_FAMILIES: readonly (Family & { key: string; wrote: (log: LogEvent) => boolean })[] = [
  {
    key: "log:syspolicyd",
    source: "log",
    sender: "Gatekeeper (syspolicyd)",
    limit: 400,
    alsoWhenNew: false,
    behaviours: ["G17"],
    wrote: ({ processPath, subsystem }) =>
      processPath === "/usr/libexec/syspolicyd" && subsystem === "com.apple.syspolicy.exec",
  },
  {
    key: "log:amfid",
    source: "log",
    sender: "the signature check of programs that start (amfid)",
    limit: 50,
    alsoWhenNew: true,
    behaviours: ["G15", "G17"],
    wrote: ({ processPath, message }) => processPath === "/usr/libexec/amfid" && message.includes("not valid"),
  },
  {
    key: "log:amfi",
    source: "log",
    sender: "the kernel's signature check (AppleMobileFileIntegrity)",
    limit: 400,
    alsoWhenNew: false,
    behaviours: ["G17"],
    wrote: ({ processPath, senderPath }) =>
      processPath === "/kernel" && senderPath.startsWith(`${SYSTEM_KEXTS}AppleMobileFileIntegrity.kext/`),
  },
  {
    key: "log:sudo",
    source: "log",
    sender: "sudo",
    limit: 25,
    alsoWhenNew: true,
    behaviours: ["S1"],
    wrote: ({ processPath, message }) => processPath === "/usr/bin/sudo" && message.includes("TTY="),
  },
];

const ES_LIMIT = 20;
const RUN_BEHAVIOURS = [
  "G1",
  "G8",
  "G13",
  "G14",
  "G15",
  "G17",
  "G18",
  "G19",
  "G20",
  "G22",
  "G23",
  "G24",
  "S1",
  "S7",
  "S16",
];
const ES_BEHAVIOURS: Readonly<Record<string, readonly string[]>> = {
  exec: RUN_BEHAVIOURS,
  deleteextattr: ["G1"],
  gatekeeper_user_override: ["G7"],
  cs_invalidated: ["G16", "G21"],
  get_task: ["G21"],
  remote_thread_create: ["G21"],
  tcc_modify: ["G20"],
  trace: ["G21"],
  xp_malware_detected: ["G22"],
};
/** Quotes inside a JSON text are escaped, so nothing that ran can write this. Key order is not fixed (eslogger, recorded). */
const ES_TYPE = /"event":\{"([a-z_]{1,40})":/;
const MAX_FAMILIES = 128;
const BUILD_KEY = "build";

const Known = z.object({ readable: z.boolean(), misses: z.number(), build: z.string().nullable() });
type Known = z.infer<typeof Known>;

/**
 * Notices when macOS writes known lines in another form: what they proved is then no longer seen, though lines keep coming.
 * Durable, so that an update of macOS is seen against what could be read before it.
 */
export class FormatWatch {
  readonly #known = new Map<string, Known>();
  readonly #changes = new StateChanges();
  #build: string | null = null;

  constructor(entries: readonly StateEntry[]) {
    for (const { key, value } of entries) {
      const parsed: unknown = JSON.parse(value);
      if (key === BUILD_KEY) this.#build = typeof parsed === "string" ? parsed : null;
      const known = Known.safeParse(parsed);
      if (known.success) this.#known.set(key, known.data);
    }
  }

  /** @param raw the record's line, where it has one */
  apply(event: TelemetryEvent, raw: string): void {
    switch (event.kind) {
      case "session_start":
        if (event.osBuild === null || event.osBuild === this.#build) return;
        this.#build = event.osBuild;
        this.#changes.set(BUILD_KEY, JSON.stringify(event.osBuild));
        return;
      case "log": {
        const family = LOG_FAMILIES.find(({ wrote }) => wrote(event));
        if (family === undefined) return;
        if (event.fact !== null) this.#hit(family.key);
        else this.#missed(family.key, family.limit);
        return;
      }
      case "fault": {
        const type = event.source === "es" ? ES_TYPE.exec(raw)?.[1] : undefined;
        if (type !== undefined) this.#missed(`es:${type}`, ES_LIMIT);
        return;
      }
      default:
        if (event.id.src === "es" && this.#known.size > 0) this.#hitEs(event.kind);
    }
  }

  changes(): FormatChange[] {
    return [...this.#known].flatMap(([key, { misses, readable, build }]) => {
      const family = familyOf(key);
      if (family === null || misses < family.limit || !(readable || family.alsoWhenNew)) return [];
      const { source, sender, behaviours } = family;
      const since = readable ? "can no longer be read" : "cannot be read";
      const sentence = `What ${sender} writes ${since}${build === null ? "" : ` on macOS build ${build}`}: its format changed, so these detections are off.`;
      return [{ source, sender, osBuild: build, misses, wasReadable: readable, behaviours: [...behaviours], sentence }];
    });
  }

  drainChanges(): StateChange[] {
    return this.#changes.drain();
  }

  /** That Endpoint Security events can be read is the rule, so nothing is remembered until one cannot. */
  #hitEs(kind: string): void {
    const key = `es:${kind}`;
    if (this.#known.has(key)) this.#hit(key);
  }

  #hit(key: string): void {
    const known = this.#known.get(key);
    if (known?.readable === true && known.misses === 0) return;
    this.#set(key, { readable: true, misses: 0, build: this.#build });
  }

  #missed(key: string, limit: number): void {
    const known = this.#known.get(key) ?? { readable: false, misses: 0, build: this.#build };
    if (known.misses >= limit && known.build === this.#build) return;
    if (!this.#known.has(key) && this.#known.size >= MAX_FAMILIES) return;
    this.#set(key, { ...known, misses: Math.min(limit, known.misses + 1), build: this.#build });
  }

  #set(key: string, known: Known): void {
    this.#known.set(key, known);
    this.#changes.set(key, JSON.stringify(known));
  }
}

function familyOf(key: string): Family | null {
  if (!key.startsWith("es:")) return LOG_FAMILIES.find((family) => family.key === key) ?? null;
  const type = key.slice("es:".length);
  return {
    source: "es",
    sender: `Endpoint Security for “${type}”`,
    limit: ES_LIMIT,
    alsoWhenNew: true,
    behaviours: Object.hasOwn(ES_BEHAVIOURS, type) ? (ES_BEHAVIOURS[type] ?? []) : [],
  };
}
