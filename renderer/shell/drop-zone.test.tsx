import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { MemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { browserScheduler } from "#renderer/state/scheduler.ts";
import { createStores } from "#renderer/state/stores.ts";
import { DropZone } from "./drop-zone.tsx";
import { wordsForDropped } from "./inspect-file.ts";

function open() {
  const stores = createStores({ bridge: new MemoryBridge(), scheduler: browserScheduler, now: () => 0 });
  render(
    <>
      <input aria-label="Field" />
      <DropZone stores={stores} />
    </>,
  );
  const state = () => stores.app.state.getState();
  return { state };
}

/** A drag event as browsers make it; happy-dom has no dataTransfer of its own. */
function drag(type: string, types: string[], files: File[] = [], target: EventTarget = window) {
  const event = new Event(type, { bubbles: true, cancelable: true });
  const dataTransfer = { types, files, dropEffect: "move" };
  Object.assign(event, { dataTransfer, relatedTarget: null });
  act(() => void target.dispatchEvent(event));
  return { prevented: event.defaultPrevented, effect: dataTransfer.dropEffect };
}

const zone = () => screen.queryByText("Drop to inspect its signature");

describe("dropping onto the window", () => {
  it("says what a file would be dropped for, until it is gone again", () => {
    open();
    expect(drag("dragenter", ["Files"])).toEqual({ prevented: true, effect: "copy" });
    expect(zone()).toBeTruthy();
    drag("dragleave", ["Files"]);
    expect(zone()).toBeNull();
  });

  it("inspects the file", async () => {
    const { state } = open();
    drag("dragover", ["Files"]);
    expect(drag("drop", ["Files"], [new File([], "Paperboat.dmg")]).prevented).toBe(true);
    expect(zone()).toBeNull();
    expect(state().history.here.selection).toEqual({ kind: "file", path: "/Users/ana/Downloads/Paperboat.dmg" });
    expect(state()).toMatchObject({ inspectorOpen: true, notice: null });
    await waitFor(() => expect(state().phase).toBe("ready"));
  });

  it("inspects one of several, and says so", () => {
    const { state } = open();
    drag("drop", ["Files"], [new File([], "Paperboat.app"), new File([], "b"), new File([], "c")]);
    expect(state().history.here.selection).toEqual({ kind: "file", path: "/Applications/Paperboat.app" });
    expect(state().notice).toBe("Only one of 3 files is inspected. Drop the other 2 one at a time.");
  });

  it("refuses what lies nowhere on this Mac", () => {
    const { state } = open();
    drag("drop", ["Files"], [new File([], "")]);
    expect(state().history.here.selection).toBeNull();
    expect(state().notice).toContain("not a file on this Mac");
  });

  it.each([["text/plain"], ["text/uri-list"], ["text/html"]])("refuses %s, and goes nowhere", (type) => {
    const { state } = open();
    expect(drag("dragover", [type])).toEqual({ prevented: true, effect: "none" });
    expect(zone()).toBeNull();
    expect(drag("drop", [type]).prevented).toBe(true);
    expect(state()).toMatchObject({ notice: null, history: { here: { selection: null } } });
  });

  it("leaves text to a field, but no file", () => {
    open();
    const field = screen.getByRole("textbox", { name: "Field" });
    expect(drag("dragover", ["text/plain"], [], field).prevented).toBe(false);
    expect(drag("drop", ["text/plain"], [], field).prevented).toBe(false);
    expect(drag("drop", ["Files"], [new File([], "x")], field).prevented).toBe(true);
    fireEvent.blur(field);
  });
});

describe("what is said of things dropped", () => {
  it.each([
    [1, 1, null],
    [2, 2, "Only one of 2 files is inspected. Drop the other one one at a time."],
    [1, 0, "Nothing was inspected: what was dropped is not a file on this Mac."],
    [0, 0, "Nothing was inspected: what was dropped is not a file on this Mac."],
  ])("%d dropped, %d on disk", (dropped, onDisk, words) => {
    expect(wordsForDropped(dropped, onDisk)).toBe(words);
  });
});
