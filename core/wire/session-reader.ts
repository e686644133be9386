import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Frame, HelloFrame } from "#contract/frames.ts";
import { type DecodedFrame, decodeFrame } from "./decode-frame.ts";
import type { Line } from "./line-splitter.ts";
import { Session } from "./session.ts";
import type { SessionRecord } from "./session-record.ts";

/** Sessions of one stream that can be resumed by a later hello; a hostile file may name any number of them. */
const MAX_SESSIONS = 1024;
const EXCERPT_CHARS = 240;
/** A UUID is shorter; what is longer stands in ids by its digest. */
const MAX_BOOT_CHARS = 64;

/** A session of one boot, as far as the boot is known. */
interface Incarnation {
  session: Session;
  boot: string | null;
}

/**
 * Reads one stream (a capture file, or a connection to the helper) into records with durable ids.
 * A hello begins a session, or resumes it when it names one that this stream already had. The same session after another
 * boot counts anew, so it is one of its own: its id has the boot behind it.
 */
export class SessionReader {
  readonly #name: string;
  readonly #incarnations = new Map<string, Incarnation>();
  /** Has what comes before any hello. */
  readonly #nobody: Session;
  /** The session of the last hello, by the name that the hello gave. */
  #current: (Incarnation & { name: string }) | null = null;
  #hellos = 0;

  /**
   * @param name the file's base name: it names the sessions of captures that do not name themselves. A compressed copy
   * tells of the same sessions, so the ending that says so is no part of it.
   */
  constructor(options: { name: string }) {
    this.#name = options.name.replace(/\.gz$/i, "");
    this.#nobody = new Session(`no-hello:${this.#name}`, 0);
  }

  /** The records of one line: first the gaps that it reveals, then the line itself. */
  read(line: Line): SessionRecord[] {
    const decoded = decodeFrame(line);
    if (decoded.kind !== "frame") return this.#readOther(decoded, line);
    const { frame, raw } = decoded;
    if (frame.t === "hello") return this.#begin(frame, raw);
    if (this.#current === null) return [this.#beforeHello(frame, raw, line)];
    return this.#current.session.accept(frame, raw);
  }

  /** The stream is over: what is still missing. */
  end(): SessionRecord[] {
    return this.#current?.session.end() ?? [];
  }

  #begin(hello: HelloFrame, raw: string): SessionRecord[] {
    this.#hellos += 1;
    const name = hello.session ?? this.#nameFor(raw);
    const before = this.#current;
    const incarnation = this.#incarnationOf(name, bootOf(hello));
    const { session } = incarnation;
    const left = before !== null && before.session !== session ? before.session.end() : [];
    this.#current = { ...incarnation, name };
    return [...left, ...session.accept(hello, raw)];
  }

  #incarnationOf(name: string, boot: string | null): Incarnation {
    const current = this.#current;
    if (current?.name === name && isSameBoot(current.boot, boot)) {
      return this.#keep({ session: current.session, boot: current.boot ?? boot });
    }
    const first = this.#incarnations.get(name);
    if (first === undefined || isSameBoot(first.boot, boot)) {
      return this.#keep({ session: first?.session ?? this.#newSession(name), boot: first?.boot ?? boot });
    }
    const id = `${name}@${boot}`;
    return this.#keep(this.#incarnations.get(id) ?? { session: this.#newSession(id), boot });
  }

  #newSession(id: string): Session {
    return new Session(id, this.#current?.session.lastAt ?? 0);
  }

  /** As the one used last; the one not used for longest is forgotten. */
  #keep(incarnation: Incarnation): Incarnation {
    const { id } = incarnation.session;
    this.#incarnations.delete(id);
    this.#incarnations.set(id, incarnation);
    const [oldest] = this.#incarnations.keys();
    if (oldest !== undefined && this.#incarnations.size > MAX_SESSIONS) this.#incarnations.delete(oldest);
    return incarnation;
  }

  #nameFor(helloLine: string): string {
    return `file:${this.#name}:${digestOf(helloLine)}:${this.#hellos}`;
  }

  #readOther(decoded: Exclude<DecodedFrame, { kind: "frame" }>, line: Line): SessionRecord[] {
    const session = this.#current?.session ?? this.#nobody;
    if (decoded.kind === "unknown") return [session.acceptUnknown(decoded)];
    const { origin, reason, excerpt, raw } = decoded;
    const revealed = origin === null ? [] : (this.#current?.session.acceptUnreadable(origin.source, origin.n) ?? []);
    const source = origin?.source ?? "session";
    // By its line, not by the event's own number: a later, whole copy of the capture must still add the event.
    return [...revealed, session.acceptFault({ reason, excerpt, raw, source, checksum: checksumOf(line) })];
  }

  #beforeHello(frame: Exclude<Frame, HelloFrame>, raw: string, line: Line): SessionRecord {
    return this.#nobody.acceptFault({
      raw,
      source: "src" in frame && typeof frame.src === "string" ? frame.src : "session",
      reason: "A frame came before the hello that begins a session, so it belongs to none.",
      excerpt: raw.slice(0, EXCERPT_CHARS),
      checksum: checksumOf(line),
    });
  }
}

function bootOf({ host }: HelloFrame): string | null {
  const boot = host.bootUUID ?? "";
  if (boot === "") return null;
  return boot.length <= MAX_BOOT_CHARS ? boot : digestOf(boot);
}

/** A boot that is not told is not another one. Tools print UUIDs in either case. */
function isSameBoot(one: string | null, other: string | null): boolean {
  return one === null || other === null || one.toUpperCase() === other.toUpperCase();
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function checksumOf(line: Line): number {
  return line.kind === "line" ? crc32(line.bytes) : crc32(line.head, line.byteCount % 2 ** 32);
}
