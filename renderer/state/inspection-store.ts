import { createStore, type StoreApi } from "zustand/vanilla";
import type { Inspection, InspectionDepth } from "#contract/inspection.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";

interface Running {
  id: string;
  depth: InspectionDepth;
  /** Bytes; null until something is known. */
  progress: { done: number; total: number | null } | null;
}

interface InspectionState {
  /** What is looked at; null: nothing. */
  path: string | null;
  /** The newest result, however deep it went. */
  result: Inspection | null;
  running: Running | null;
  /** Why there is no result, or none as deep as was asked for. `passing`: there was nobody to ask, and there will be. */
  failure: { message: string; passing: boolean } | null;
  /** Ended by the user before this was done. */
  stopped: InspectionDepth | null;
}

export type InspectionStore = ReturnType<typeof createInspectionStore>;

const NOTHING: InspectionState = { path: null, result: null, running: null, failure: null, stopped: null };

/** Whether reading the bytes that a signature covers can add anything to what the signature itself says. */
export function hasMoreToRead({ slices, bundle }: Inspection): boolean {
  return bundle !== null || slices.some(({ cdhash }) => cdhash !== null);
}

/** The one file that is inspected: its signature at once, then everything that the signature covers. */
export function createInspectionStore(bridge: Bridge) {
  const state: StoreApi<InspectionState> = createStore<InspectionState>(() => NOTHING);
  const { setState, getState } = state;
  let asked = 0;
  let wanted: "header" | "full" = "full";

  const stopListening = bridge.on("inspectionProgress", ({ id, done, total }) => {
    const { running } = getState();
    if (running?.id === id) setState({ running: { ...running, progress: { done, total } } });
  });

  /** Ends what runs; its answer is ignored. */
  function end(): InspectionDepth | null {
    const { running } = getState();
    if (running === null) return null;
    setState({ running: null });
    void bridge.invoke("cancelInspection", { id: running.id });
    return running.depth;
  }

  /** @returns the result, unless another question has taken this one's place or it failed */
  async function ask(path: string, depth: InspectionDepth): Promise<Inspection | null> {
    end();
    asked += 1;
    const id = `inspection-${asked}`;
    setState({ running: { id, depth, progress: null }, failure: null, stopped: null });
    const answer = await bridge.invoke("inspectFile", { path, depth, id });
    if (getState().running?.id !== id) return null;
    if (!answer.ok) {
      const { code, message } = answer.error;
      setState({ running: null, failure: { message, passing: code === "unavailable" } });
      return null;
    }
    setState({ running: null, result: answer.value });
    return answer.value;
  }

  async function read(path: string): Promise<void> {
    const result = await ask(path, "header");
    if (result !== null && wanted === "full" && hasMoreToRead(result)) await ask(path, "full");
  }

  /** Looks at the same file again, from the start. */
  async function again(): Promise<void> {
    const { path } = getState();
    if (path !== null) await read(path);
  }

  return {
    state,
    /** Looks at a file; with `header`, at its signature only. */
    async show(path: string, depth: "header" | "full"): Promise<void> {
      end();
      wanted = depth;
      setState({ ...NOTHING, path });
      await read(path);
    },
    again,
    /** There is somebody to ask again: what could not be asked before is asked now. */
    async monitorIsBack(): Promise<void> {
      if (getState().failure?.passing === true) await again();
    },
    /** Goes on to a depth without reading the signature alone first. */
    async deepen(depth: "full" | "deep"): Promise<void> {
      const { path } = getState();
      if (path !== null) await ask(path, depth);
    },
    /** The user has had enough; what is known so far stays. */
    cancel(): void {
      const stopped = end();
      if (stopped !== null) setState({ stopped });
    },
    /** Nobody looks any more. */
    leave(): void {
      end();
      setState(NOTHING);
    },
    stop(): void {
      end();
      stopListening();
    },
  };
}
