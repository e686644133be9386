import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it } from "vitest";
import { MemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { storyFindings } from "#renderer/bridge/sample/findings.ts";
import { ordinaryRows, storyRows } from "#renderer/bridge/sample/rows.ts";
import { goodCoverage } from "#renderer/bridge/sample/live.ts";
import { freshScenario, fullScenario, troubledScenario, watchedScenario } from "#renderer/bridge/sample/scenarios.ts";
import { browserScheduler } from "#renderer/state/scheduler.ts";
import { createStores } from "#renderer/state/stores.ts";
import { App } from "./app.tsx";

// happy-dom lays nothing out; the virtualised lists need a height to know what is in sight.
beforeAll(() => {
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 560 });
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 900 });
});

function open(bridge: MemoryBridge) {
  const stores = createStores({ bridge, scheduler: browserScheduler, now: Date.now });
  render(<App stores={stores} />);
  return { stores, user: userEvent.setup() };
}

const story = () => new MemoryBridge({ rows: storyRows(), findings: storyFindings(storyRows()) });
const section = (name: string) =>
  within(screen.getByRole("navigation", { name: "Sections" })).getByRole("button", { name });
const selectedRow = () =>
  screen.getAllByRole("row").find((row) => row.getAttribute("aria-selected") === "true")?.textContent ?? "";

describe("with nothing recorded", () => {
  it("says that this version shows recordings only, and plays the demo", async () => {
    const { user } = open(new MemoryBridge(freshScenario()));
    expect(await screen.findByText(/This version shows recordings only/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Open a recording…" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Play the demo recording" }));
    expect(await screen.findByRole("grid", { name: "Timeline" })).toBeTruthy();
    expect(screen.getByRole("region", { name: "Recording" }).textContent).toContain("demo");
    await user.click(screen.getByRole("button", { name: "Close recording" }));
    expect(await screen.findByText(/This version shows recordings only/)).toBeTruthy();
  });

  it("never calls silence good where nothing is watched", async () => {
    const { user } = open(new MemoryBridge({ info: { version: "1", platform: "darwin", liveCollection: true } }));
    expect(await screen.findByText(/No source has delivered anything yet/)).toBeTruthy();
    await user.click(section("Findings"));
    expect(screen.getByText(/this says nothing about the Mac/)).toBeTruthy();
    await user.click(section("Posture"));
    expect(screen.getByText("No protection has been read yet")).toBeTruthy();
    await user.click(section("Coverage"));
    expect(screen.getByText("Nothing is being watched")).toBeTruthy();
  });
});

describe("without findings", () => {
  const stopped = {
    ...goodCoverage,
    sources: goodCoverage.sources.map((source) => ({ ...source, state: "stopped" as const })),
  };
  const recording = { id: "r", name: "quiet", progress: 1, state: "done" as const, problem: null };

  it("a recording that was read to its end says what was looked at", async () => {
    const { user } = open(new MemoryBridge({ ...fullScenario(), findings: [], coverage: stopped, recording }));
    await user.click(await screen.findByRole("button", { name: "Findings" }));
    expect(await screen.findByText(/records looked at, from Endpoint Security, Unified log/)).toBeTruthy();
  });

  it("a recording that broke off says that its rest is not known", async () => {
    const broken = { ...recording, state: "failed" as const, problem: "It ends in a record." };
    const { user } = open(new MemoryBridge({ ...fullScenario(), findings: [], coverage: stopped, recording: broken }));
    await user.click(await screen.findByRole("button", { name: "Findings" }));
    expect(await screen.findByText(/The rest of the recording could not be read/)).toBeTruthy();
  });

  it("this Mac with every source stopped is not called quiet", async () => {
    const { user } = open(new MemoryBridge({ ...watchedScenario(), findings: [], coverage: stopped }));
    await user.click(await screen.findByRole("button", { name: "Findings" }));
    expect(await screen.findByText(/this says nothing about the Mac/)).toBeTruthy();
  });
});

describe("when something fails", () => {
  it("says what is blind because of it and offers to try again", async () => {
    const bridge = new MemoryBridge(fullScenario());
    bridge.fail("snapshot", "It did not start.");
    const { user } = open(bridge);
    expect(await screen.findByText(/It did not start\. While this lasts, nothing is read/)).toBeTruthy();
    bridge.fail("snapshot", null);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("grid", { name: "Timeline" })).toBeTruthy();
  });

  it("shows the monitor's, the disk's and the recording's trouble", async () => {
    open(new MemoryBridge(troubledScenario()));
    expect(await screen.findByText(/The monitor stopped/)).toBeTruthy();
    expect(screen.getByText(/The disk is full/)).toBeTruthy();
    expect(screen.getByRole("region", { name: "Recording" }).textContent).toContain("ends in the middle");
  });

  it("boxes what hides in the words of a recording that could not be read", async () => {
    const recording = { id: "1", name: "odd", progress: 0, state: "failed" as const, problem: "Bad file a\u202eb" };
    open(new MemoryBridge({ recording }));
    const empty = (await screen.findByText("Nothing in this recording")).parentElement;
    expect(empty?.textContent).toContain("Bad file aU+202Eb");
  });

  it("goes on showing what it has when a record cannot be read", async () => {
    const bridge = story();
    bridge.fail("eventDetail", "busy");
    const { user } = open(bridge);
    await user.click(await screen.findByText("Ran relay"));
    expect(await screen.findByText("The record could not be read")).toBeTruthy();
    expect(screen.getByRole("grid", { name: "Timeline" })).toBeTruthy();
  });
});

describe("the timeline by keyboard", () => {
  it("moves the selection, previews with Space, opens with Return, closes with Esc", async () => {
    const bridge = story();
    const { user } = open(bridge);
    const grid = await screen.findByRole("grid", { name: "Timeline" });
    grid.focus();
    await user.keyboard("{ArrowDown}");
    expect(selectedRow()).toContain("Ran relay");
    await user.keyboard("{Meta>}c{/Meta}");
    expect(bridge.copied).toEqual([
      "2026-11-21T14:40:43.197975Z  Ran relay  /usr/local/libexec/relay --listen 127.0.0.1:9099",
    ]);
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
    expect(selectedRow()).toContain("gnp");
    expect(grid.getAttribute("aria-activedescendant")).toBe(
      screen.getAllByRole("row").find((row) => row.getAttribute("aria-selected") === "true")?.id,
    );
    expect(screen.queryByRole("complementary", { name: "Inspector" })).toBeNull();
    await user.keyboard(" ");
    expect(screen.getByRole("complementary", { name: "Inspector" })).toBeTruthy();
    expect(document.activeElement).toBe(grid);
    await user.keyboard("{Enter}");
    await waitFor(() => expect(document.activeElement?.id).toBe("inspector"));
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("complementary", { name: "Inspector" })).toBeNull();
    expect(document.activeElement).toBe(grid);
    await user.keyboard("{Escape}");
    expect(selectedRow()).toBe("");
  });

  it("names an active row only while that row is drawn", async () => {
    const { user } = open(new MemoryBridge(fullScenario()));
    const grid = await screen.findByRole("grid", { name: "Timeline" });
    grid.focus();
    await user.keyboard("{ArrowDown}");
    expect(document.getElementById(grid.getAttribute("aria-activedescendant") ?? "")).not.toBeNull();
    grid.scrollTop = 4_000;
    fireEvent.scroll(grid);
    await waitFor(() => expect(selectedRow()).toBe(""));
    expect(grid.getAttribute("aria-activedescendant")).toBeNull();
  });

  it("keeps the selection when rows arrive, and lets them wait", async () => {
    const bridge = story();
    const { user } = open(bridge);
    (await screen.findByRole("grid", { name: "Timeline" })).focus();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    const rows = ordinaryRows(12, 900).map((row) => ({ ...row, at: row.at.replace("2026", "2027") }));
    act(() => bridge.push(rows));
    expect(selectedRow()).toContain("gnp");
    await user.click(screen.getByRole("button", { name: "12 new" }));
    expect(screen.queryByRole("button", { name: /new$/ })).toBeNull();
    expect(selectedRow()).toContain("gnp");
  });

  it("goes everywhere with Cmd or Ctrl, and back again", async () => {
    const { user } = open(new MemoryBridge(fullScenario()));
    (await screen.findByRole("grid", { name: "Timeline" })).focus();
    await user.keyboard("{Meta>}2{/Meta}");
    expect(document.activeElement).toBe(screen.getByRole("listbox", { name: "Findings" }));
    for (const [key, name] of Object.entries({ 2: "Findings", 3: "Posture", 4: "Coverage", 5: "Settings" })) {
      await user.keyboard(`{Meta>}${key}{/Meta}`);
      expect(section(name).getAttribute("aria-current")).toBe("page");
    }
    await user.keyboard("{Control>}[[{/Control}");
    expect(section("Coverage").getAttribute("aria-current")).toBe("page");
    await user.keyboard("{Control>}]{/Control}");
    expect(section("Settings").getAttribute("aria-current")).toBe("page");
    await user.keyboard("{Meta>}f{/Meta}");
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("searchbox", { name: "Search the timeline" })),
    );
  });

  it("does what the menu asks for", async () => {
    const bridge = new MemoryBridge(fullScenario());
    open(bridge);
    await screen.findByRole("button", { name: "Live" });
    act(() => bridge.notify("command", "toggle-live"));
    expect(screen.getByRole("button", { name: "Paused" })).toBeTruthy();
    act(() => bridge.notify("command", "show-findings"));
    expect(screen.getByRole("listbox", { name: "Findings" })).toBeTruthy();
    act(() => bridge.notify("command", "toggle-inspector"));
    expect(screen.getByRole("complementary", { name: "Inspector" })).toBeTruthy();
    act(() => bridge.notify("command", "show-shortcuts"));
    const dialog = screen.getByRole("dialog", { name: "Keyboard shortcuts" });
    for (const name of ["Pause or resume live", "Show or hide the inspector", "Open a recording", "Close the window"]) {
      expect(within(dialog).getByText(name)).toBeTruthy();
    }
  });
});

describe("filters", () => {
  it("are chips that say how many rows they hide, and go when pressed", async () => {
    const { user } = open(story());
    await screen.findByRole("grid", { name: "Timeline" });
    await user.click(screen.getByRole("button", { name: "Filters" }));
    await user.click(screen.getByRole("radio", { name: /High or worse/ }));
    expect(await screen.findByText(/of 26 rows hidden/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Remove filter: High or worse" }));
    await waitFor(() => expect(screen.queryByText(/rows hidden/)).toBeNull());
  });

  it("say so when they hide everything", async () => {
    const { user } = open(story());
    await screen.findByRole("grid", { name: "Timeline" });
    await user.type(screen.getByRole("searchbox", { name: "Search the timeline" }), "no such thing");
    expect(await screen.findByText("No row passes these filters")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Clear filters" }));
    expect(await screen.findByRole("grid", { name: "Timeline" })).toBeTruthy();
  });
});

describe("a finding", () => {
  it("says verdict, why, what is not known and what to do, and leads to its evidence and back", async () => {
    const bridge = story();
    const { user } = open(bridge);
    await screen.findByRole("grid", { name: "Timeline" });
    await user.click(section("Findings"));
    await user.click(await screen.findByRole("option", { name: /Invoice Viewer/ }));
    const inspector = screen.getByRole("complementary", { name: "Inspector" });
    for (const heading of ["Why", "Not known", "What to do", "Evidence", "Subject"]) {
      expect(within(inspector).getByRole("heading", { name: heading })).toBeTruthy();
    }
    await user.click(within(inspector).getByRole("button", { name: "Copy finding" }));
    expect(bridge.copied[0]).toContain("[High] “Invoice Viewer” ran without being checked");
    const [evidence] = within(inspector).getAllByRole("button", { name: "Evidence 3: program started" });
    if (evidence === undefined) throw new Error("a clause names its evidence");
    await user.click(evidence);
    expect(section("Timeline").getAttribute("aria-current")).toBe("page");
    expect(await screen.findByRole("tab", { name: "Raw record" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Back" }));
    expect(section("Findings").getAttribute("aria-current")).toBe("page");
  });

  it("is announced politely and never with a dialog", async () => {
    const bridge = new MemoryBridge({ rows: storyRows() });
    open(bridge);
    await screen.findByRole("grid", { name: "Timeline" });
    act(() => bridge.push([], storyFindings(storyRows()).slice(0, 1)));
    const polite = document.querySelector("[aria-live=polite]");
    expect(polite?.textContent).toBe("New finding: “Invoice Viewer” ran without being checked");
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("settings", () => {
  it("starts with login off and changes the appearance at once", async () => {
    const { user } = open(new MemoryBridge());
    await user.click(section("Settings"));
    expect((await screen.findByRole<HTMLInputElement>("switch", { name: /Open Sealbar at login/ })).checked).toBe(
      false,
    );
    await user.selectOptions(screen.getByRole("combobox", { name: "Appearance" }), "dark");
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe("dark"));
    await user.selectOptions(screen.getByRole("combobox", { name: "Appearance" }), "system");
    await waitFor(() => expect(document.documentElement.dataset.theme).toBeUndefined());
  });
});
