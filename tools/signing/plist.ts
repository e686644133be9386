/** What the property lists of tests hold. */
export type PlistValue = string | number | boolean | Buffer | Real | readonly PlistValue[] | PlistDict;
export interface PlistDict {
  readonly [key: string]: PlistValue;
}

/** Written `<real>`, as the weights of resource rules are. */
export class Real {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`;

/** Keys in the order given. */
export function xmlPlist(value: PlistValue): Buffer {
  return Buffer.from(`${HEAD}${xml(value, "")}</plist>\n`);
}

function xml(value: PlistValue, indent: string): string {
  if (typeof value === "string") return `${indent}<string>${escaped(value)}</string>\n`;
  if (typeof value === "number") return `${indent}<integer>${value}</integer>\n`;
  if (typeof value === "boolean") return `${indent}<${value}/>\n`;
  if (value instanceof Real) return `${indent}<real>${value.value}</real>\n`;
  if (Buffer.isBuffer(value)) return `${indent}<data>\n${indent}${value.toString("base64")}\n${indent}</data>\n`;
  if (isList(value))
    return `${indent}<array>\n${value.map((item) => xml(item, `${indent}\t`)).join("")}${indent}</array>\n`;
  const entries = Object.entries(value).map(
    ([key, item]) => `${indent}\t<key>${escaped(key)}</key>\n${xml(item, `${indent}\t`)}`,
  );
  return `${indent}<dict>\n${entries.join("")}${indent}</dict>\n`;
}

function isList(value: readonly PlistValue[] | PlistDict): value is readonly PlistValue[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** `bplist00` of a dictionary of strings (CFBinaryPList.c): fewer than 15 entries, ASCII of fewer than 256 characters. */
export function binaryPlist(dict: Readonly<Record<string, string>>): Buffer {
  const keys = Object.keys(dict);
  const strings = [...keys, ...Object.values(dict)].map(binaryString);
  const references = Buffer.from(strings.map((_, i) => i + 1));
  const objects = [Buffer.concat([Buffer.from([0xd0 | keys.length]), references]), ...strings];
  const magic = Buffer.from("bplist00");
  const offsets: number[] = [];
  let at = magic.length;
  for (const object of objects) {
    offsets.push(at);
    at += object.length;
  }
  const table = Buffer.concat(offsets.map((offset) => Buffer.from([offset >> 8, offset & 0xff])));
  const trailer = Buffer.alloc(32);
  trailer.writeUInt8(2, 6);
  trailer.writeUInt8(1, 7);
  trailer.writeBigUInt64BE(BigInt(objects.length), 8);
  trailer.writeBigUInt64BE(BigInt(at), 24);
  return Buffer.concat([magic, ...objects, table, trailer]);
}

function binaryString(text: string): Buffer {
  const head = text.length < 15 ? [0x50 | text.length] : [0x5f, 0x10, text.length];
  return Buffer.concat([Buffer.from(head), Buffer.from(text, "latin1")]);
}
