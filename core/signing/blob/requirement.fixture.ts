import { blob, superBlob, word } from "./blob.fixture.ts";
import { MAGIC } from "./blob-format.ts";

/** Constructed: code requirements in binary form, from the operations in Security requirement.h. */

export function data(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([word(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

export function op(code: number, ...operands: readonly (Buffer | number)[]): Buffer {
  return Buffer.concat([
    word(code),
    ...operands.map((operand) => (typeof operand === "number" ? word(operand) : operand)),
  ]);
}

export function requirement(expression: Buffer, kind = 1): Buffer {
  return blob(MAGIC.requirement, Buffer.concat([word(kind), expression]));
}

export function requirementSet(...requirements: readonly (readonly [type: number, requirement: Buffer])[]): Buffer {
  return superBlob(requirements, MAGIC.requirements);
}

export const never = op(0);
export const always = op(1);
export const apple = op(3);
export const appleGeneric = op(15);
export const identifier = (name: string): Buffer => op(2, data(name));
export const and = (left: Buffer, right: Buffer): Buffer => op(6, left, right);
export const or = (left: Buffer, right: Buffer): Buffer => op(7, left, right);
export const not = (of: Buffer): Buffer => op(9, of);
export const cdhash = (hash: string): Buffer => op(8, data(Buffer.from(hash, "hex")));
export const exists = op(0);
export const equal = (value: Buffer | string): Buffer => op(1, data(value));

/** 1.2.840.113635.100 and these. */
export const appleOid = (...arcs: readonly number[]): Buffer =>
  Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64, ...arcs]);
export const field = (certificate: number, oid: Buffer, match: Buffer): Buffer => op(14, certificate, data(oid), match);
export const subject = (certificate: number, key: string, match: Buffer): Buffer =>
  op(11, certificate, data(key), match);
