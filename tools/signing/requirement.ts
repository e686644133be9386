import { alignUp, u32be } from "./bytes.ts";
import { blob, MAGIC } from "./blobs.ts";
import { oid } from "./der.ts";

/** Requirement expressions in their binary form (Security's requirement.h: opcodes and matches). */
export type Expression = Buffer;

export function identifier(text: string): Expression {
  return Buffer.concat([u32be(2), data(Buffer.from(text))]);
}

export function and(left: Expression, right: Expression): Expression {
  return Buffer.concat([u32be(6), left, right]);
}

export const appleGenericAnchor: Expression = u32be(15);

/** A field of a certificate equals a value. */
export function certificateField(slot: number, field: string, value: string): Expression {
  return Buffer.concat([u32be(11, slot), data(Buffer.from(field)), u32be(1), data(Buffer.from(value))]);
}

/** A certificate has an extension. */
export function certificateExtension(slot: number, dotted: string): Expression {
  return Buffer.concat([u32be(14, slot), data(oid(dotted).subarray(2)), u32be(0)]);
}

function data(bytes: Buffer): Buffer {
  return Buffer.concat([u32be(bytes.length), bytes, Buffer.alloc(alignUp(bytes.length, 4) - bytes.length)]);
}

const EXPRESSION_FORM = 1;
const DESIGNATED = 3;

export function requirement(expression: Expression): Buffer {
  return blob(MAGIC.requirement, Buffer.concat([u32be(EXPRESSION_FORM), expression]));
}

/** What ad hoc signing writes. */
export const NO_REQUIREMENTS: Buffer = blob(MAGIC.requirements, u32be(0));

/** A set with only a designated requirement. */
export function designated(expression: Expression): Buffer {
  return blob(MAGIC.requirements, Buffer.concat([u32be(1, DESIGNATED, 20), requirement(expression)]));
}
