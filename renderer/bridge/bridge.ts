import type { Envelope, InvokeAnswer, InvokeRequest, NotifyPayload } from "#contract/ipc.ts";
import type { InvokeName, NotifyName } from "#contract/ipc-names.ts";

/** An answer or why there is none. Calls through a bridge never throw. */
export type Answer<T> = Envelope<T>;

/** All that the window knows of the outside: typed questions, and notifications it can listen to. */
export interface Bridge {
  invoke<K extends InvokeName>(name: K, request: InvokeRequest<K>): Promise<Answer<InvokeAnswer<K>>>;
  /** @returns a function that stops listening */
  on<K extends NotifyName>(name: K, listener: (payload: NotifyPayload<K>) => void): () => void;
  /** Where a file lies that was dropped onto the window; null for one that lies nowhere on this Mac. */
  pathOf(file: File): string | null;
}

/** The error answer for when nobody can answer at all. */
export function unavailable(message: string): Answer<never> {
  return { ok: false, error: { code: "unavailable", message } };
}
