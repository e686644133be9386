/** Carries structured-clone values as text: DevTools bindings and calls take only strings. */
export interface Codec {
  /** @throws DataCloneError-like when the value holds a function, symbol, promise, weak collection or DOM node. */
  pack: (value: unknown) => string;
  unpack: (text: string) => unknown;
}

/**
 * Runs in Node and, as source text, in the page: it must not refer to anything outside itself.
 * What it keeps and drops is the structured clone algorithm's (HTML, "Safe passing of structured data").
 */
export function createCodec(): Codec {
  type Encoded = string | boolean | number | null | { $: string; v?: unknown; n?: string };
  const NATIVE_ERRORS = ["Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"];

  const refuse = (what: string): never => {
    throw new Error(`An object could not be cloned. (${what})`);
  };
  const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

  const toBase64 = (bytes: Uint8Array): string => {
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  };
  const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

  function encodeObject(value: object, seen: Map<object, number>): Encoded {
    const earlier = seen.get(value);
    if (earlier !== undefined) return { $: "ref", v: earlier };
    seen.set(value, seen.size);
    const tag = tagOf(value);
    if (Array.isArray(value)) return { $: "array", v: value.map((item) => encode(item, seen)) };
    if (ArrayBuffer.isView(value)) {
      return { $: "view", n: tag, v: toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
    }
    if (value instanceof Error || tag === "Error") {
      const { name, message, stack } = value as Error;
      return { $: "error", v: [NATIVE_ERRORS.includes(name) ? name : "Error", message, stack] };
    }
    switch (tag) {
      case "Date":
        return { $: "date", v: encode((value as Date).getTime(), seen) };
      case "RegExp":
        return { $: "regexp", v: [(value as RegExp).source, (value as RegExp).flags] };
      case "Map":
        return { $: "map", v: [...(value as Map<unknown, unknown>)].flat().map((item) => encode(item, seen)) };
      case "Set":
        return { $: "set", v: [...(value as Set<unknown>)].map((item) => encode(item, seen)) };
      case "ArrayBuffer":
        return { $: "buffer", v: toBase64(new Uint8Array(value as ArrayBuffer)) };
      case "Promise":
      case "WeakMap":
      case "WeakSet":
      case "WeakRef":
      case "Window":
        return refuse(tag);
      default:
        if (typeof Node === "function" && value instanceof Node) return refuse(tag);
        // The prototype is dropped, as structured clone does.
        return {
          $: "object",
          v: Object.entries(value).map(([key, item]) => [key, encode(item as unknown, seen)]),
        };
    }
  }

  function encode(value: unknown, seen: Map<object, number>): Encoded {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "undefined":
        return { $: "undefined" };
      case "number":
        if (Object.is(value, -0)) return { $: "number", v: "-0" };
        return Number.isFinite(value) ? value : { $: "number", v: String(value) };
      case "bigint":
        return { $: "bigint", v: String(value) };
      case "function":
      case "symbol":
        return refuse(typeof value);
      default:
        return value === null ? null : encodeObject(value as object, seen);
    }
  }

  function decode(encoded: Encoded, seen: object[]): unknown {
    if (encoded === null || typeof encoded !== "object") return encoded;
    const remember = <T extends object>(value: T): T => {
      seen.push(value);
      return value;
    };
    const items = encoded.v as Encoded[];
    switch (encoded.$) {
      case "undefined":
        return undefined;
      case "number":
        return Number(encoded.v);
      case "bigint":
        return BigInt(encoded.v as string);
      case "ref":
        return seen[encoded.v as number];
      case "date":
        return remember(new Date(decode(encoded.v as Encoded, []) as number));
      case "regexp":
        return remember(new RegExp(...(encoded.v as [string, string])));
      case "error": {
        const [name, message, stack] = encoded.v as [string, string, string | undefined];
        const error = remember(new Error(message));
        error.name = name;
        if (stack !== undefined) error.stack = stack;
        return error;
      }
      case "map": {
        const map = remember(new Map<unknown, unknown>());
        for (let i = 0; i + 1 < items.length; i += 2) {
          map.set(decode(items[i] as Encoded, seen), decode(items[i + 1] as Encoded, seen));
        }
        return map;
      }
      case "set": {
        const set = remember(new Set<unknown>());
        for (const item of items) set.add(decode(item, seen));
        return set;
      }
      case "buffer":
        return remember(fromBase64(encoded.v as string).buffer);
      case "view": {
        const { buffer } = fromBase64(encoded.v as string);
        const View = (globalThis as unknown as Record<string, new (buffer: ArrayBuffer) => object>)[encoded.n ?? ""];
        return remember(View === undefined ? new Uint8Array(buffer) : new View(buffer));
      }
      case "array": {
        const array = remember([] as unknown[]);
        for (const item of items) array.push(decode(item, seen));
        return array;
      }
      default: {
        const object = remember({});
        for (const [key, item] of encoded.v as [string, Encoded][]) {
          // Defining instead of assigning keeps a key named `__proto__` a plain key.
          Object.defineProperty(object, key, {
            value: decode(item, seen),
            configurable: true,
            enumerable: true,
            writable: true,
          });
        }
        return object;
      }
    }
  }

  return {
    pack: (value) => JSON.stringify(encode(value, new Map())),
    unpack: (text) => decode(JSON.parse(text) as Encoded, []),
  };
}
