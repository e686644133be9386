/** Bytes to and from one helper, whatever carries them. */
export interface Transport {
  /** @returns false when nothing was written: it has ended, or too much waits already */
  write(line: string): boolean;
  pause(): void;
  resume(): void;
  /** Ends it, gently first, by force after a limit. Resolves when nothing of it is left. May be called again. */
  end(): Promise<void>;
}

export interface TransportListener {
  data(chunk: Buffer): void;
  /** Once, as the last call. `reason` is a sentence. */
  ended(reason: string): void;
}

/** Opens a transport; what goes wrong comes by `ended`, never from the call itself. */
export type OpenTransport = (listener: TransportListener) => Transport;

/** Requests that wait to be read by a helper that does not read: beyond this, it cannot be asked. */
export const MAX_WAITING_BYTES = 256 * 1024;
