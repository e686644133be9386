import type { Line } from "./line-splitter.ts";

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Frames or texts as the lines of one stream. */
export function linesOf(...items: (object | string)[]): Line[] {
  return items.map((item, index) => ({
    kind: "line",
    number: index + 1,
    bytes: bytesOf(typeof item === "string" ? item : JSON.stringify(item)),
    terminated: true,
  }));
}

export const HELLO = {
  v: 1,
  t: "hello",
  session: "11111111-2222-4333-8444-555555555555",
  at: "2026-11-21T10:00:00.000000000Z",
  host: { os: "26.1", bootUUID: "AAAAAAAA-0000-4000-8000-000000000001" },
};

/** An Endpoint Security frame as far as core/wire looks at it. */
export function esFrame(n: number, globalSeqNum: number | null = null, more: object = {}): object {
  const body = globalSeqNum === null ? {} : { global_seq_num: globalSeqNum };
  return { v: 1, t: "event", src: "es", n, at: "2026-11-21T10:00:01.000000000Z", body, ...more };
}
