import { describe, expect, it } from "vitest";
import type { InspectRequest } from "#contract/inspection-port.ts";
import { MemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { createInspectionStore } from "./inspection-store.ts";
import { settled } from "./manual-scheduler.test-support.ts";

const APP = "/Applications/Paperboat.app";

/** A bridge whose inspections answer when told. */
function held() {
  const waiting: (() => void)[] = [];
  const bridge = new MemoryBridge({}, (name) =>
    name === "inspectFile" ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(),
  );
  const store = createInspectionStore(bridge);
  const answer = async () => {
    waiting.shift()?.();
    await settled();
  };
  const asked = () =>
    bridge.asked.filter(({ name }) => name === "inspectFile").map(({ request }) => request as InspectRequest);
  const cancelled = () => bridge.asked.filter(({ name }) => name === "cancelInspection").map(({ request }) => request);
  return { bridge, store, answer, asked, cancelled, state: () => store.state.getState() };
}

describe("the inspection store", () => {
  it("shows the signature at once, then everything it covers", async () => {
    const { store, answer, asked, state } = held();
    void store.show(APP, "full");
    expect(state()).toMatchObject({ path: APP, result: null, running: { depth: "header" } });
    await answer();
    expect(state()).toMatchObject({ result: { depth: "header" }, running: { depth: "full" } });
    await answer();
    expect(state()).toMatchObject({ result: { depth: "full" }, running: null, failure: null });
    expect(asked().map(({ depth }) => depth)).toEqual(["header", "full"]);
  });

  it.each(["/Users/ana/notes.txt", "/Users/ana/Downloads/Paperboat.dmg", "/nowhere"])(
    "asks no more where there is no more to read: %s",
    async (path) => {
      const { store, answer, asked, state } = held();
      void store.show(path, "full");
      await answer();
      expect(asked()).toHaveLength(1);
      expect(state()).toMatchObject({ running: null });
    },
  );

  it("reads no further than asked", async () => {
    const { store, answer, asked } = held();
    void store.show(APP, "header");
    await answer();
    expect(asked()).toHaveLength(1);
  });

  it("follows the progress of what runs, and of nothing else", async () => {
    const { bridge, store, answer, asked, state } = held();
    void store.show(APP, "full");
    await answer();
    const id = asked()[1]?.id ?? "";
    bridge.notify("inspectionProgress", { id: asked()[0]?.id ?? "", done: 9, total: 9 });
    expect(state().running?.progress).toBeNull();
    bridge.notify("inspectionProgress", { id, done: 4, total: null });
    expect(state().running?.progress).toEqual({ done: 4, total: null });
  });

  it("keeps what is known when it is stopped, ignores the late answer, and can go on", async () => {
    const { store, answer, asked, cancelled, state } = held();
    void store.show(APP, "full");
    await answer();
    store.cancel();
    expect(cancelled()).toEqual([{ id: asked()[1]?.id }]);
    expect(state()).toMatchObject({ result: { depth: "header" }, running: null, stopped: "full" });
    await answer();
    expect(state()).toMatchObject({ result: { depth: "header" }, stopped: "full" });
    void store.deepen("full");
    expect(state()).toMatchObject({ stopped: null, running: { depth: "full" } });
    await answer();
    expect(state()).toMatchObject({ result: { depth: "full" } });
  });

  it("keeps the signature's result when the rest fails", async () => {
    const { bridge, store, answer, state } = held();
    void store.show(APP, "full");
    await answer();
    bridge.fail("inspectFile", "The monitor stopped.");
    await answer();
    expect(state()).toMatchObject({
      result: { depth: "header" },
      running: null,
      failure: { message: "The monitor stopped." },
    });
  });

  it("asks again by itself once there is somebody to ask, and only then", async () => {
    const { bridge, store, answer, asked, state } = held();
    bridge.fail("inspectFile", "The monitor is starting.");
    void store.show(APP, "full");
    await answer();
    expect(state()).toMatchObject({ failure: { message: "The monitor is starting.", passing: true } });
    bridge.fail("inspectFile", null);
    void store.monitorIsBack();
    await answer();
    expect(state()).toMatchObject({ result: { depth: "header" }, failure: null });
    await answer();
    void store.monitorIsBack();
    expect(asked()).toHaveLength(3);
  });

  it("ends one file's reading when another is looked at, and takes no answer about the first", async () => {
    const { store, answer, asked, cancelled, state } = held();
    void store.show(APP, "full");
    void store.show("/usr/local/libexec/relay", "full");
    expect(cancelled()).toEqual([{ id: asked()[0]?.id }]);
    await answer();
    expect(state().result).toBeNull();
    await answer();
    expect(state().result?.path).toBe("/usr/local/libexec/relay");
  });

  it("forgets all when nobody looks any more", async () => {
    const { store, answer, cancelled, state } = held();
    void store.show(APP, "full");
    store.leave();
    expect(cancelled()).toHaveLength(1);
    await answer();
    expect(state()).toEqual({ path: null, result: null, running: null, failure: null, stopped: null });
  });
});
