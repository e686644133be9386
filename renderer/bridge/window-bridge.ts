import type { PreloadApi } from "#contract/ipc.ts";
import { PRELOAD_KEY } from "#contract/ipc-names.ts";
import { type Bridge, unavailable } from "./bridge.ts";

/**
 * The bridge over what the preload exposed.
 * @returns null when the page was opened without a preload
 */
export function windowBridge(page: object): Bridge | null {
  const api = (page as { [PRELOAD_KEY]?: PreloadApi })[PRELOAD_KEY];
  return api === undefined ? null : bridgeOver(api);
}

/** Wraps a preload API; a call that rejects becomes an error value. */
function bridgeOver(api: PreloadApi): Bridge {
  return {
    invoke: async (name, request) => {
      try {
        return await api.invoke[name](request);
      } catch (error) {
        return unavailable(error instanceof Error ? error.message : "Sealbar's main process did not answer.");
      }
    },
    on: (name, listener) => api.on[name](listener),
    pathOf: (file) => {
      try {
        const path = api.pathOf(file);
        return path === "" ? null : path;
      } catch {
        return null;
      }
    },
  };
}
