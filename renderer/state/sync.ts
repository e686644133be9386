import type { AppSnapshot } from "#contract/ipc.ts";
import type { MonitorChange } from "#contract/monitor-port.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";
import type { Scheduler } from "./scheduler.ts";

const RETRY_MS = 2_000;
/** Changes kept while the snapshot is on its way; past that the snapshot is asked for again instead. */
const QUEUE_MAX = 500;

interface SyncSink {
  snapshot(snapshot: AppSnapshot): void;
  change(change: MonitorChange): void;
  failed(message: string): void;
}

/**
 * Keeps the stores at the monitor's revision: a snapshot, then every change that is the next one.
 * Changes wait until the snapshot is there; anything out of step asks for a new snapshot.
 */
export function startSync(bridge: Bridge, scheduler: Scheduler, sink: SyncSink) {
  let revision: number | null = null;
  let asking = false;
  let askAgain = false;
  let queue: MonitorChange[] = [];
  let cancelRetry = (): void => undefined;
  let stopped = false;

  async function resync(): Promise<void> {
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    askAgain = false;
    cancelRetry();
    const answer = await bridge.invoke("snapshot", null);
    asking = false;
    if (stopped) return;
    if (!answer.ok) {
      sink.failed(answer.error.message);
      cancelRetry = scheduler.after(RETRY_MS, () => void resync());
      return;
    }
    revision = answer.value.monitor?.revision ?? null;
    sink.snapshot(answer.value);
    drain();
    if (askAgain) void resync();
  }

  function drain(): void {
    const waiting = queue;
    queue = [];
    if (revision === null) return;
    for (const change of waiting) {
      if (change.revision <= revision) continue;
      if (change.revision !== revision + 1) return void resync();
      revision = change.revision;
      sink.change(change);
    }
  }

  function receive(change: MonitorChange): void {
    if (asking) {
      if (queue.length >= QUEUE_MAX) askAgain = true;
      else queue.push(change);
      return;
    }
    if (revision === null || change.revision !== revision + 1) {
      queue.push(change);
      void resync();
      return;
    }
    revision = change.revision;
    sink.change(change);
  }

  const stopListening = bridge.on("changed", receive);
  void resync();
  return {
    resync,
    stop(): void {
      stopped = true;
      cancelRetry();
      stopListening();
    },
  };
}
