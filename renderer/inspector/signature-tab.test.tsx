import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { MemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { storyRows } from "#renderer/bridge/sample/rows.ts";
import { browserScheduler } from "#renderer/state/scheduler.ts";
import { createStores } from "#renderer/state/stores.ts";
import { Inspector } from "./inspector.tsx";

const inspected = (bridge: MemoryBridge) => bridge.asked.filter(({ name }) => name === "inspectFile");

async function open(title: string, change: { path?: string; recording?: boolean } = {}) {
  const rows = storyRows().map((row) => (row.title === title ? { ...row, path: change.path ?? row.path } : row));
  const recording = { id: "r", name: "laptop-ana", progress: 1, state: "done" as const, problem: null };
  const bridge = new MemoryBridge({ rows, recording: change.recording === true ? recording : null });
  const stores = createStores({ bridge, scheduler: browserScheduler, now: () => 0 });
  await waitFor(() => expect(stores.app.state.getState().monitor).not.toBeNull());
  const row = rows.find((candidate) => candidate.title === title);
  stores.app.follow({ kind: "event", rowId: row?.rowId ?? -1 });
  render(<Inspector stores={stores} />);
  const user = userEvent.setup();
  await screen.findByRole("tab", { name: "Summary" });
  return { stores, bridge, user };
}

describe("the signature tab of a record", () => {
  it("says what the record proves, and whether what lies there now is what ran", async () => {
    const { bridge, user, stores } = await open("Ran Invoice Viewer");
    expect(inspected(bridge)).toHaveLength(0);
    await user.click(screen.getByRole("tab", { name: "Signature" }));
    expect(screen.getByText("Invoice-Viewer-5555494441")).toBeTruthy();
    expect(await screen.findByText(/its CDHash is the same/)).toBeTruthy();
    expect(inspected(bridge)).toMatchObject([{ request: { depth: "header" } }]);
    await user.click(screen.getByRole("button", { name: "Inspect the whole file" }));
    expect(stores.app.state.getState().history.here.selection).toMatchObject({ kind: "file" });
    expect(stores.app.state.getState().history.back).toHaveLength(2);
  });

  it("says when it is no longer what ran", async () => {
    const { user } = await open("Ran Invoice Viewer", { path: "/usr/local/libexec/relay" });
    await user.click(screen.getByRole("tab", { name: "Signature" }));
    expect(await screen.findByText(/The file at this path is no longer what ran/)).toBeTruthy();
  });

  it("says when there is nothing to read any more", async () => {
    const { user } = await open("Ran a program that is gone");
    await user.click(screen.getByRole("tab", { name: "Signature" }));
    expect(await screen.findByText(/cannot be read now\. There is no file at this path\./)).toBeTruthy();
  });

  it("looks at no file of a recording", async () => {
    const { bridge, user } = await open("Ran Invoice Viewer", { recording: true });
    await user.click(screen.getByRole("tab", { name: "Signature" }));
    expect(await screen.findByText(/the file itself was not looked at/)).toBeTruthy();
    expect(inspected(bridge)).toHaveLength(0);
  });

  it("does not wake a disk that can be taken out, unless asked", async () => {
    const { bridge, user } = await open("Ran Invoice Viewer", { path: "/Volumes/USB/upd" });
    await user.click(screen.getByRole("tab", { name: "Signature" }));
    expect(screen.getByText(/read only when you ask/)).toBeTruthy();
    expect(inspected(bridge)).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Inspect the file" }));
    expect(await screen.findByText(/cannot be read now/)).toBeTruthy();
    expect(inspected(bridge)).toHaveLength(1);
  });

  it("tries again when the inspector could not answer", async () => {
    const { bridge, user } = await open("Ran Invoice Viewer");
    bridge.fail("inspectFile", "Sealbar's monitor stopped.");
    await user.click(screen.getByRole("tab", { name: "Signature" }));
    expect(await screen.findByText(/says nothing about it\. Sealbar's monitor stopped\./)).toBeTruthy();
    bridge.fail("inspectFile", null);
    await user.click(screen.getByRole("button", { name: "Inspect it again" }));
    expect(await screen.findByText(/its CDHash is the same/)).toBeTruthy();
  });

  it("is not there for a record without a program", async () => {
    await open("“Open Anyway” used");
    expect(screen.getByRole("tab", { name: "Signature" })).toBeTruthy();
    await open("Login item added");
    expect(screen.getAllByRole("tab", { name: "Signature" })).toHaveLength(1);
  });
});
