import { describe, expect, it } from "vitest";
import { BufferSource } from "../byte-source.ts";
import { attempt } from "../problem.ts";
import { packageTicket } from "./package-ticket.ts";

/** Constructed. */
function trailer(type: number, length: number, version = 1): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.write("t8lr", "latin1");
  bytes.writeUInt16LE(version, 4);
  bytes.writeUInt16LE(type, 6);
  bytes.writeUInt32LE(length, 8);
  return bytes;
}

const TICKET = Buffer.from("s8ch and so on");
const file = (...parts: Buffer[]): BufferSource => new BufferSource(Buffer.concat([Buffer.from("xar!…"), ...parts]));

describe("packageTicket", () => {
  it("finds the ticket between its two trailers", () => {
    expect(packageTicket(file(trailer(1, 0), TICKET, trailer(2, TICKET.length)))).toEqual(TICKET);
  });

  it.each([
    ["an empty file", new BufferSource(Buffer.alloc(0))],
    ["a package without one", file(Buffer.alloc(100))],
    ["a trailer that is not at the end", file(trailer(2, 4), Buffer.alloc(16))],
  ])("finds none in %s", (_what, source) => {
    expect(packageTicket(source)).toBeNull();
  });

  it.each([
    ["a length past the start", file(TICKET, trailer(2, 5000)), "ticket-malformed"],
    ["a huge length", file(TICKET, trailer(2, 0xffff_ffff)), "ticket-malformed"],
    ["another version", file(TICKET, trailer(2, 4, 2)), "ticket-version-unknown"],
    ["only the first trailer", file(trailer(1, 0)), "ticket-version-unknown"],
  ])("refuses %s", (_what, source, id) => {
    expect(attempt(() => packageTicket(source))).toMatchObject({ problem: { id } });
  });
});
