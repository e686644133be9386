import { describe, expect, it, vi } from "vitest";
import type { AppSnapshot } from "#contract/ipc.ts";
import { MemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { ManualScheduler, settled } from "./manual-scheduler.test-support.ts";
import { startSync } from "./sync.ts";

function watch(bridge: MemoryBridge, scheduler = new ManualScheduler()) {
  const sink = { snapshot: vi.fn<(snapshot: AppSnapshot) => void>(), change: vi.fn(), failed: vi.fn() };
  const sync = startSync(bridge, scheduler, sink);
  const revisions = () => sink.change.mock.calls.map(([change]) => (change as { revision: number }).revision);
  return { sink, sync, revisions, scheduler };
}

describe("revisions", () => {
  it("applies each change that is the next one", async () => {
    const bridge = new MemoryBridge();
    const { sink, revisions } = watch(bridge);
    await settled();
    bridge.push([]);
    bridge.push([]);
    expect(sink.snapshot).toHaveBeenCalledTimes(1);
    expect(revisions()).toEqual([2, 3]);
  });

  it("lets changes wait for the snapshot and drops the ones it already holds", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const bridge = new MemoryBridge({}, () => held);
    const { sink, revisions } = watch(bridge);
    bridge.push([]);
    bridge.push([]);
    expect(sink.change).not.toHaveBeenCalled();
    release();
    await settled();
    // The memory bridge answers with its state at the time of the answer, revision 3.
    expect(sink.snapshot.mock.calls[0]?.[0].monitor?.revision).toBe(3);
    expect(revisions()).toEqual([]);
    bridge.push([]);
    expect(revisions()).toEqual([4]);
  });

  it.each([9, 1])("asks for everything again when a change is out of step (revision %i)", async (revision) => {
    const bridge = new MemoryBridge();
    const { sink } = watch(bridge);
    await settled();
    bridge.push([]);
    bridge.push([], [], { revision });
    await settled();
    expect(sink.change).toHaveBeenCalledTimes(1);
    expect(sink.snapshot).toHaveBeenCalledTimes(2);
  });

  it("goes on after a gap", async () => {
    const bridge = new MemoryBridge();
    const { revisions } = watch(bridge);
    await settled();
    bridge.push([], [], { revision: 40 });
    await settled();
    bridge.push([]);
    expect(revisions()).toEqual([41]);
  });

  it("says that it failed and tries again by itself", async () => {
    const bridge = new MemoryBridge();
    bridge.fail("snapshot", "no monitor");
    const { sink, scheduler } = watch(bridge);
    await settled();
    expect(sink.failed).toHaveBeenCalledWith("no monitor");
    bridge.fail("snapshot", null);
    scheduler.advance(2_000);
    await settled();
    expect(sink.snapshot).toHaveBeenCalledTimes(1);
  });

  it("hears nothing after it was stopped", async () => {
    const bridge = new MemoryBridge();
    const { sync, sink } = watch(bridge);
    await settled();
    sync.stop();
    bridge.push([]);
    expect(sink.change).not.toHaveBeenCalled();
  });
});
