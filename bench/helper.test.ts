import { LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import { expect, it } from "vitest";
import { Accounts } from "./helper.ts";

const HELLO = '{"v":1,"t":"hello","session":"s","at":"2026-11-21T10:00:00Z","host":{}}';
const GAP =
  '{"v":1,"t":"gap","src":"es","from":1,"to":3,"count":3,"why":"helper-overflow","at":"2026-11-21T10:00:01Z"}';
const EVENT = '{"v":1,"t":"event","src":"es","n":4,"at":"2026-11-21T10:00:02Z","body":{}}';

it("the benchmark's accounts are settled when what came and what was told as lost make up what was sent", async () => {
  const accounts = new Accounts(4);
  const reader = new SessionReader({ name: "bench" });
  const lines = new LineSplitter().push(Buffer.from(`${[HELLO, GAP, EVENT].join("\n")}\n`));
  for (const record of lines.flatMap((line) => reader.read(line))) accounts.take(record);
  await accounts.done;
  expect([accounts.delivered, accounts.shed, accounts.faults]).toEqual([1, 3, 1]);
});
