/** One end of the synchronous channel between a page's two worlds. */
export interface WorldBridge {
  /** Sends a value under a name; functions in it can be called from the other side, promises settle there. */
  post: (name: string, value: unknown) => void;
  receive: (name: string, listener: (value: unknown) => void) => void;
}

/**
 * contextBridge's semantics: values are copied (prototypes dropped, functions proxied, promises followed, errors
 * reduced to their message), symbols refused, and with `freeze` what arrives is frozen deeply.
 * Chromium clones a CustomEvent's `detail` when it crosses worlds, and dispatches it synchronously.
 * Runs as source text in both worlds: it must not refer to anything outside itself.
 *
 * @param key secret of this document, so that the page cannot forge or overhear messages
 */
export function createWorldBridge(key: string, here: string, there: string, freeze: boolean): WorldBridge {
  type Described =
    | { kind: "function"; index: number }
    | { kind: "promise"; id: number }
    | { kind: "array"; items: Described[] }
    | { kind: "object"; entries: [string, Described][] }
    | { kind: "error"; message: string }
    | { kind: "value"; value: unknown };
  type Outcome = { ok: true; value: Described } | { ok: false; message: string };
  interface Settled {
    id: number;
    outcome: Outcome;
  }
  const MAX_DEPTH = 1000;
  const doc = document;
  const CrossWorldEvent = CustomEvent;
  const functions: ((...args: unknown[]) => unknown)[] = [];
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastPromise = 0;
  let returned: Outcome | null = null;

  const dispatch = (name: string, detail: unknown): void => {
    doc.dispatchEvent(new CrossWorldEvent(`${key}:${there}:${name}`, { detail }));
  };
  const listen = (name: string, listener: (detail: unknown) => void): void => {
    doc.addEventListener(`${key}:${here}:${name}`, (event) => listener((event as CustomEvent<unknown>).detail));
  };
  const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

  function follow(promise: Promise<unknown>): Described {
    const id = ++lastPromise;
    const settle = (outcome: Outcome): void => dispatch("settled", { id, outcome } satisfies Settled);
    promise.then(
      (value) => settle(attempt(() => value)),
      (error: unknown) => settle({ ok: false, message: messageOf(error) }),
    );
    return { kind: "promise", id };
  }

  function describe(value: unknown, depth: number): Described {
    if (depth > MAX_DEPTH)
      throw new Error(
        "Electron contextBridge recursion depth exceeded.  Nested objects deeper than 1000 are not supported.",
      );
    if (typeof value === "symbol") throw new Error("An object could not be cloned.");
    if (typeof value === "function") {
      return { kind: "function", index: functions.push(value as (...args: unknown[]) => unknown) - 1 };
    }
    if (typeof value !== "object" || value === null) return { kind: "value", value };
    if (value instanceof Promise) return follow(value);
    if (value instanceof Error) return { kind: "error", message: value.message };
    if (Array.isArray(value)) return { kind: "array", items: value.map((item) => describe(item, depth + 1)) };
    if (Object.prototype.toString.call(value) !== "[object Object]") return { kind: "value", value };
    const entries = Object.entries(value).map(([k, item]): [string, Described] => [k, describe(item, depth + 1)]);
    return { kind: "object", entries };
  }

  function revive(described: Described): unknown {
    switch (described.kind) {
      case "function":
        return (...args: unknown[]) => call(described.index, args);
      case "promise":
        return new Promise((resolve, reject) => pending.set(described.id, { resolve, reject }));
      case "array": {
        const array = described.items.map(revive);
        return freeze ? Object.freeze(array) : array;
      }
      case "object": {
        const object = Object.fromEntries(described.entries.map(([k, item]) => [k, revive(item)]));
        return freeze ? Object.freeze(object) : object;
      }
      case "error":
        return new Error(described.message);
      default:
        return described.value;
    }
  }

  function attempt(action: () => unknown): Outcome {
    try {
      return { ok: true, value: describe(action(), 0) };
    } catch (error) {
      return { ok: false, message: messageOf(error) };
    }
  }

  function unwrap(outcome: Outcome | null): unknown {
    // A detail that cannot be cloned arrives as null.
    if (outcome === null) throw new Error("An object could not be cloned.");
    if (!outcome.ok) throw new Error(outcome.message);
    return revive(outcome.value);
  }

  function call(index: number, args: unknown[]): unknown {
    returned = null;
    dispatch("call", { index, args: args.map((arg) => describe(arg, 0)) });
    const outcome = returned;
    returned = null;
    return unwrap(outcome);
  }

  listen("call", (detail) => {
    const request = detail as { index: number; args: Described[] } | null;
    const outcome = attempt(() => {
      if (request === null) throw new Error("An object could not be cloned.");
      return functions[request.index]?.(...request.args.map(revive));
    });
    dispatch("returned", outcome);
  });
  listen("returned", (detail) => {
    returned = detail as Outcome | null;
  });
  listen("settled", (detail) => {
    const { id, outcome } = detail as Settled;
    const waiting = pending.get(id);
    pending.delete(id);
    try {
      waiting?.resolve(unwrap(outcome));
    } catch (error) {
      waiting?.reject(error as Error);
    }
  });

  return {
    post: (name, value) => dispatch(`post:${name}`, describe(value, 0)),
    receive: (name, listener) => listen(`post:${name}`, (detail) => listener(revive(detail as Described))),
  };
}
