import { type PlistValue, PlistDate } from "../plist/value.ts";

/** A value's JSON goes on as long as there is room; what is beyond is left out. */
interface Room {
  left: number;
}

/** As JSON with sorted keys, for people: at most about `most` characters, cut ones end in `…`. */
export function valueText(value: PlistValue, most: number): string {
  const out: string[] = [];
  write(value, { left: most + 1 }, out, plain);
  const text = out.join("");
  return text.length > most ? `${text.slice(0, most)}…`.toWellFormed() : text;
}

/** For comparing: different for values of different types or contents, up to a length no real one has. */
export function valueKey(value: PlistValue): string {
  const out: string[] = [];
  write(value, { left: MAX_KEY_LENGTH }, out, typed);
  return out.join("");
}

const MAX_KEY_LENGTH = 8 * 1024 * 1024;

type Scalar = Exclude<PlistValue, readonly PlistValue[] | ReadonlyMap<string, PlistValue>>;

function write(value: PlistValue, room: Room, out: string[], scalar: (value: Scalar, room: Room) => string): void {
  const put = (text: string): void => {
    room.left -= text.length;
    out.push(text);
  };
  if (room.left <= 0) return;
  if (value instanceof Map) {
    put("{");
    const keys = [...(value as ReadonlyMap<string, PlistValue>).keys()].toSorted();
    for (const [index, key] of keys.entries()) {
      if (room.left <= 0) break;
      put(`${index === 0 ? "" : ","}${JSON.stringify(key.slice(0, room.left))}:`);
      write((value as ReadonlyMap<string, PlistValue>).get(key) ?? "", room, out, scalar);
    }
    put("}");
  } else if (Array.isArray(value)) {
    put("[");
    for (const [index, element] of (value as readonly PlistValue[]).entries()) {
      if (room.left <= 0) break;
      if (index > 0) put(",");
      write(element, room, out, scalar);
    }
    put("]");
  } else {
    put(scalar(value as Scalar, room));
  }
}

function plain(value: Scalar, room: Room): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, room.left));
  if (Buffer.isBuffer(value)) return JSON.stringify(value.subarray(0, room.left).toString("base64"));
  return value instanceof PlistDate ? JSON.stringify(value.iso) : String(value);
}

/** Numbers alike whatever they are held in; text and bytes never. */
function typed(value: Scalar, room: Room): string {
  if (Buffer.isBuffer(value)) return `<${value.toString("hex")}>`;
  return value instanceof PlistDate ? `@${value.iso}` : plain(value, room);
}
