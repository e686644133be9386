import { EventEmitter } from "node:events";
// playwright-core carries the protocol's types but does not export them by name.
import type { Protocol } from "../../../../node_modules/playwright-core/types/protocol.d.ts";

export type { Protocol };
type Commands = Protocol.CommandParameters;
type Answers = Protocol.CommandReturnValues;
export type Method = keyof Commands & keyof Answers;
export type EventName = keyof Protocol.Events;

interface Wire {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
  sessionId?: string;
}

/** One attached target (or the browser itself, with an empty id). */
export class Session {
  readonly #connection: Connection;
  readonly #id: string;
  readonly #events = new EventEmitter();

  constructor(connection: Connection, id: string) {
    this.#connection = connection;
    this.#id = id;
    this.#events.setMaxListeners(0);
  }

  /** @throws (rejects) with Chromium's message, or when the connection is gone. */
  send<M extends Method>(method: M, params?: Commands[M]): Promise<Answers[M]> {
    return this.#connection.send(this.#id, method, params ?? {}) as Promise<Answers[M]>;
  }

  on<E extends EventName>(event: E, listener: (payload: Protocol.Events[E]) => void): void {
    this.#events.on(event, listener as (payload: unknown) => void);
  }

  dispatch(method: string, params: unknown): void {
    this.#events.emit(method, params);
  }
}

/** A DevTools connection with flattened sessions. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { method: string; resolve: (v: unknown) => void; reject: (e: Error) => void }>();
  readonly #sessions = new Map<string, Session>();
  #lastId = 0;
  #closed = false;
  readonly root: Session;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.root = this.session("");
    socket.addEventListener("message", (event) => this.#receive(JSON.parse(String(event.data)) as Wire));
    socket.addEventListener("close", () => this.#lose());
  }

  static connect(url: string): Promise<Connection> {
    const socket = new WebSocket(url);
    return new Promise((resolve, reject) => {
      socket.addEventListener("open", () => resolve(new Connection(socket)), { once: true });
      socket.addEventListener("error", () => reject(new Error("stand-in: no DevTools connection")), { once: true });
    });
  }

  /** The session object for an id that `Target.attachToTarget` answered. */
  session(id: string): Session {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = new Session(this, id);
      this.#sessions.set(id, session);
    }
    return session;
  }

  send(sessionId: string, method: string, params: object): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error(`${method}: Chromium is gone`));
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId === "" ? {} : { sessionId }) }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { method, resolve, reject }));
  }

  close(): void {
    this.#socket.close();
  }

  #receive(message: Wire): void {
    if (message.id === undefined) {
      this.#sessions.get(message.sessionId ?? "")?.dispatch(message.method ?? "", message.params);
      return;
    }
    const call = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) call?.resolve(message.result);
    else call?.reject(new Error(`${call.method}: ${message.error.message}`));
  }

  #lose(): void {
    this.#closed = true;
    for (const call of this.#waiting.values()) call.reject(new Error(`${call.method}: Chromium is gone`));
    this.#waiting.clear();
  }
}
