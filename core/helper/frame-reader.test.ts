import { describe, expect, it } from "vitest";
import { readAnswer, readFileAnswer } from "./answers.ts";
import { type FrameHead, FrameReader } from "./frame-reader.ts";

interface Given {
  text: string;
  head: FrameHead | null;
}

function reader(maxBytes?: number): { reader: FrameReader; given: Given[]; oversized: number[] } {
  const given: Given[] = [];
  const oversized: number[] = [];
  const sink = {
    line: (bytes: Buffer, head: FrameHead | null) => void given.push({ text: bytes.toString("utf8"), head }),
    oversized: (count: number) => void oversized.push(count),
  };
  return { reader: new FrameReader(sink, maxBytes), given, oversized };
}

describe("FrameReader", () => {
  it.each([
    ['{"v":1,"t":"event","src":"es","n":1}', { version: 1, type: "event" }],
    ['{"v":2,"t":"hello"}', { version: 2, type: "hello" }],
    ['{"t":"pong","v":1}', null],
    ['{ "v":1,"t":"pong"}', null],
    ['{"v":1,"t":"PONG"}', null],
    ["no frame", null],
  ])("reads the head of %s", (text, head) => {
    const { reader: frames, given } = reader();
    frames.push(Buffer.from(`${text}\n`));
    expect(given).toEqual([{ text, head }]);
  });

  it("gives the same lines however the bytes are cut", () => {
    const text = '{"v":1,"t":"event","a":"\u2028é😀"}\n\n{"v":1,"t":"bye"}\nhalf';
    const whole = reader();
    whole.reader.push(Buffer.from(text));
    whole.reader.end();
    const bytewise = reader();
    for (const byte of Buffer.from(text)) bytewise.reader.push(Buffer.of(byte));
    bytewise.reader.end();
    expect(bytewise.given).toEqual(whole.given);
    expect(whole.given.map((line) => line.text)).toEqual([
      '{"v":1,"t":"event","a":"\u2028é😀"}',
      '{"v":1,"t":"bye"}',
      "half",
    ]);
  });

  it("hands on the beginning of a line that is too long, and does not act on what it calls itself", () => {
    const { reader: frames, given, oversized } = reader(1000);
    frames.push(Buffer.from(`{"v":1,"t":"pong","id":1,"x":"${"y".repeat(2000)}"}\n{"v":1,"t":"bye"}\n`));
    expect(oversized).toEqual([2032]);
    expect(given[0]?.head).toBeNull();
    expect(given[0]?.text.startsWith('{"v":1,"t":"pong"')).toBe(true);
    expect(given[1]?.head?.type).toBe("bye");
  });

  it("keeps what follows while it is held, in order", () => {
    const { reader: frames, given } = reader();
    frames.hold();
    frames.push(Buffer.from("one\ntwo\n"));
    expect(given).toEqual([]);
    frames.release();
    frames.push(Buffer.from("three\n"));
    expect(given.map(({ text }) => text)).toEqual(["one", "two", "three"]);
  });

  it("can be held from within a line", () => {
    const texts: string[] = [];
    const frames: FrameReader = new FrameReader({
      line: (bytes) => {
        texts.push(bytes.toString());
        if (texts.length === 1) frames.hold();
      },
      oversized: () => undefined,
    });
    frames.push(Buffer.from("one\ntwo\nthree\n"));
    expect(texts).toEqual(["one"]);
    frames.release();
    expect(texts).toEqual(["one", "two", "three"]);
  });
});

const HASH = "0a".repeat(32);
const HEAD = `{"journal":"${HASH}","seq":7,"hash":"${HASH}"}`;

describe("readAnswer", () => {
  it.each([
    ['{"t":"welcome","protocol":[1,2],"session":"s","spool":null}', { t: "welcome", protocol: [1, 2], session: "s" }],
    ['{"t":"done","id":4,"r":"since","lines":3}', { t: "done", id: 4, r: "since" }],
    [
      '{"t":"refused","id":null,"r":null,"why":"malformed","count":1}',
      { t: "refused", id: null, r: null, why: "malformed" },
    ],
    ['{"t":"refused","id":"theirs","r":"since","why":"busy"}', { t: "refused", id: null, r: "since", why: "busy" }],
    ['{"t":"mark","mark":4711}', { t: "mark", mark: 4711 }],
    [
      `{"t":"anchored","id":4,"journal":"${HASH}","seq":7,"hash":"${HASH}","kept":false,"more":1}`,
      { t: "anchored", id: 4, journal: HASH, seq: 7, hash: HASH, kept: false },
    ],
    [
      `{"t":"anchors","id":"theirs","heads":[{"journal":"${HASH}","seq":7,"hash":"${HASH}"}]}`,
      { t: "anchors", id: null, heads: [{ journal: HASH, seq: 7, hash: HASH }] },
    ],
    [`{"t":"anchored","id":4,"journal":"${HASH}","seq":0,"hash":"${HASH}","kept":true}`, null],
    [`{"t":"anchored","id":4,"journal":"${HASH}","seq":1,"hash":"${HASH.toUpperCase()}","kept":true}`, null],
    [`{"t":"anchored","id":4,"journal":"${HASH}","seq":1,"hash":"${HASH}"}`, null],
    [`{"t":"anchors","id":4,"heads":[{"journal":"${HASH}","seq":7,"hash":"${HASH}0"}]}`, null],
    [`{"t":"anchors","id":4,"heads":[${Array.from({ length: 257 }, () => HEAD).join()}]}`, null],
    ['{"t":"mark","mark":-1}', null],
    ['{"t":"mark","mark":1.5}', null],
    ['{"t":"welcome","protocol":"1","session":"s"}', null],
    ['{"t":"welcome","protocol":[1],"session":""}', null],
    ['{"t":"pong","id":1}', null],
    ["not json", null],
    ["[]", null],
  ])("%.120s", (text, expected) => {
    expect(readAnswer(Buffer.from(text))).toEqual(expected);
  });

  it("keeps the counts it can read and forgives the rest", () => {
    const sources = { es: { n: 7, lines: 8, shed: 1 }, log: { n: "many" }, proc: null, __proto__: { n: 1 } };
    const answer = readAnswer(Buffer.from(JSON.stringify({ t: "pong", id: 3, counts: sources })));
    expect(answer).toEqual({ t: "pong", id: 3, counts: new Map([["es", { n: 7, lines: 8, shed: 1, unreadable: 0 }]]) });
  });

  it("reads no more sources than there can be", () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`s${i}`, { n: i }]));
    const answer = readAnswer(Buffer.from(JSON.stringify({ t: "pong", id: 3, counts: many })));
    expect(answer?.t === "pong" && answer.counts.size).toBe(64);
  });
});

describe("readFileAnswer", () => {
  it.each<[object, string | null | undefined]>([
    [{ id: 1, quarantine: "0081;0;Safari;" }, "0081;0;Safari;"],
    [{ id: 1, quarantine: null }, null],
    [{ id: 1 }, null],
    [{ id: 1, quarantine: null, quarantineError: "EPERM" }, undefined],
    [{ id: 1, quarantine: null, error: "ENOENT" }, undefined],
  ])("%j", (frame, quarantine) => {
    expect(readFileAnswer(Buffer.from(JSON.stringify(frame)))).toEqual({ id: 1, quarantine });
  });

  it("does not trust what is not as the format says", () => {
    expect(readFileAnswer(Buffer.from('{"id":1,"quarantine":7}'))).toEqual({ id: null, quarantine: undefined });
  });
});
