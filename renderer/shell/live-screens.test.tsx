import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { isAllGood } from "#contract/coverage.ts";
import { MemoryBridge, type Scenario } from "#renderer/bridge/memory-bridge.ts";
import { degradedCoverage, goodCoverage, goodLive, startingCoverage } from "#renderer/bridge/sample/live.ts";
import { degradedScenario, firstRunScenario, watchedScenario } from "#renderer/bridge/sample/scenarios.ts";
import { browserScheduler } from "#renderer/state/scheduler.ts";
import { createStores } from "#renderer/state/stores.ts";
import { App } from "./app.tsx";

async function openCoverage(scenario: Scenario) {
  const bridge = new MemoryBridge(scenario);
  const stores = createStores({ bridge, scheduler: browserScheduler, now: () => Date.parse("2026-11-21T14:32:20Z") });
  render(<App stores={stores} />);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: /^Coverage/ }));
  await screen.findByRole("region", { name: "Endpoint Security" });
  return { bridge, user };
}
const card = (name: string) => within(screen.getByRole("region", { name }));
const VERDICT = { level: 2 } as const;

describe("the coverage page of this Mac", () => {
  it("is good only on proof, and says which", async () => {
    const { bridge } = await openCoverage(watchedScenario());
    expect(screen.getByRole("heading", VERDICT).textContent).toBe("Everything that can be watched is being watched");
    expect(screen.getByText(/Proved by every source, the oldest proof at/)).toBeTruthy();
    expect(card("Endpoint Security").getByText("Working")).toBeTruthy();
    expect(card("Endpoint Security").getByText(/, 1,840\/min/)).toBeTruthy();
    expect(card("Unified log").getByText(/by an answered heartbeat, good for 90 s/)).toBeTruthy();
    act(() => bridge.change({ live: { ...goodLive, allGood: false } }));
    expect(screen.getByRole("heading", VERDICT).textContent).toBe("Not everything has proved itself yet");
    act(() => bridge.change({ coverage: startingCoverage }));
    expect(screen.getByRole("heading", VERDICT).textContent).toBe("Not proved yet: File changes, Protection probes");
  });

  it("has samples that agree with the contract's “all good”", () => {
    expect([goodCoverage, startingCoverage, degradedCoverage].map(isAllGood)).toEqual([true, false, false]);
  });

  it("names the tier in the verdict where more could be seen in another", async () => {
    const { bridge } = await openCoverage(watchedScenario());
    const helper = { ...goodLive.helper, tier: "standard" as const };
    act(() => bridge.change({ coverage: { ...goodCoverage, helper } }));
    expect(screen.getByRole("heading", VERDICT).textContent).toContain("in the standard tier");
  });

  it.each([
    ["connecting", "Sealbar is starting to watch this Mac"],
    ["waiting", "This Mac is not being watched"],
    ["refused", "This Mac is not being watched"],
  ] as const)("says what a helper that is %s means", async (phase, verdict) => {
    const { bridge } = await openCoverage(watchedScenario());
    const helper = { phase, tier: null, reason: "Its program can be changed by others.", retryAt: null };
    act(() => bridge.change({ coverage: { ...goodCoverage, helper }, live: { helper, allGood: false } }));
    expect(screen.getByRole("heading", VERDICT).textContent).toBe(verdict);
    expect(screen.getByText("Its program can be changed by others.")).toBeTruthy();
  });

  it("says the state of each source in a word, what is blind, and every count", async () => {
    await openCoverage(degradedScenario());
    expect(screen.getByRole("heading", VERDICT).textContent).toBe("Partly blind: Endpoint Security, File changes");
    expect(card("Endpoint Security").getByText("Blind: denied")).toBeTruthy();
    expect(card("Endpoint Security").getByText("G1")).toBeTruthy();
    expect(card("Endpoint Security").getByText(/Unsigned code runs while SIP/)).toBeTruthy();
    expect(card("File changes").getByText("Blind: silent")).toBeTruthy();
    expect(card("Process snapshots").getByText("Degraded: restarting")).toBeTruthy();
    expect(card("Protection probes").getByText("Verifying")).toBeTruthy();
    const log = card("Unified log");
    expect(log.getByText("Degraded")).toBeTruthy();
    const counts = log.getAllByRole("term").map((term) => `${term.textContent} ${term.nextSibling?.textContent}`);
    expect(counts).toEqual([
      "Events 932",
      "Lost by macOS 214",
      "Shed by helper 9",
      "Shed by us 3",
      "Unreadable 50",
      "Times uncounted 1",
    ]);
    expect(screen.getByText(/What people override in Gatekeeper/)).toBeTruthy();
    expect(screen.getByText(/The full tier is installed, but/)).toBeTruthy();
  });

  it("offers what the app can do itself, and says when it could not be done", async () => {
    const { bridge, user } = await openCoverage(degradedScenario());
    await user.click(screen.getByRole("button", { name: "Try again: File changes" }));
    await user.click(screen.getByRole("button", { name: "Open System Settings: Endpoint Security" }));
    expect(bridge.asked.slice(-2)).toEqual([
      { name: "retrySource", request: { source: "fs" } },
      { name: "openFullDiskAccessSettings", request: null },
    ]);
    bridge.fail("openFullDiskAccessSettings", "No.");
    await user.click(screen.getByRole("button", { name: "Open System Settings: Endpoint Security" }));
    expect(await screen.findByText(/could not be opened there/)).toBeTruthy();
    bridge.fail("retrySource", "The monitor is being restarted.");
    await user.click(screen.getByRole("button", { name: "Try again: File changes" }));
    expect(await screen.findByText("The monitor is being restarted.")).toBeTruthy();
  });

  it("calls a source of the other tier that, with the step to it and what it leaves to the user", async () => {
    const { bridge, user } = await openCoverage({ ...watchedScenario(), coverage: startingCoverage });
    const es = card("Endpoint Security");
    expect(es.getByText("Not in this tier")).toBeTruthy();
    expect(es.getByText(/Turn on the full tier to see/)).toBeTruthy();
    await user.click(es.getByRole("button", { name: "Turn on the full tier: Endpoint Security" }));
    expect(bridge.asked.at(-1)).toEqual({ name: "enableFullTier", request: null });
    expect(await screen.findByText(/allow Sealbar in System Settings, General/)).toBeTruthy();
    bridge.fail("enableFullTier", "Sealbar is quitting.");
    await user.click(es.getByRole("button", { name: "Turn on the full tier: Endpoint Security" }));
    expect(await screen.findByText("Sealbar is quitting.")).toBeTruthy();
  });
});

describe("the first run", () => {
  async function firstRun(scenario: Scenario) {
    const bridge = new MemoryBridge(scenario);
    render(<App stores={createStores({ bridge, scheduler: browserScheduler, now: Date.now })} />);
    return { bridge, user: userEvent.setup() };
  }

  it("explains both tiers, shows sources proving themselves, and is put away for good", async () => {
    const { bridge, user } = await firstRun(firstRunScenario());
    expect(await screen.findByRole("region", { name: "Full" })).toBeTruthy();
    expect(screen.getByRole("region", { name: /^Standard/ })).toBeTruthy();
    const files = () =>
      within(screen.getByRole("list", { name: "Sources" }))
        .getAllByRole("listitem")
        .find((item) => item.textContent?.startsWith("File changes"))?.textContent;
    expect(files()).toContain("Verifying");
    act(() => bridge.change({ coverage: goodCoverage, live: goodLive }));
    expect(files()).toContain("Working");
    await user.click(screen.getByRole("button", { name: "Show the timeline" }));
    expect(bridge.asked.at(-1)).toEqual({ name: "setSettings", request: { onboardingDone: true } });
    expect(screen.queryByRole("list", { name: "Sources" })).toBeNull();
  });

  it("asks for nothing to start with standard", async () => {
    const { bridge, user } = await firstRun(firstRunScenario());
    const before = await screen.findByRole("button", { name: "Start with standard" });
    await user.click(before);
    expect(bridge.asked.map(({ name }) => name)).not.toContain("openFullDiskAccessSettings");
    expect(await screen.findByText(/Nothing recorded yet/)).toBeTruthy();
  });

  it.each<[string, Partial<Scenario>]>([
    ["where nothing can be collected", { info: { version: "1", platform: "linux", liveCollection: false } }],
    ["once it was put away", { settings: { launchAtLogin: false, theme: "system", onboardingDone: true } }],
    ["while a recording is shown", { recording: { id: "r", name: "demo", progress: 1, state: "done", problem: null } }],
  ])("is not shown %s", async (_when, over) => {
    await firstRun({ ...firstRunScenario(), ...over });
    await screen.findByText(/Nothing (recorded yet|in this recording|is being collected)/);
    expect(screen.queryByRole("button", { name: "Start with standard" })).toBeNull();
  });
});
