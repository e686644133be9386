import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { MemoryBridge, type Scenario } from "#renderer/bridge/memory-bridge.ts";
import { acceptedScenario, watchedScenario } from "#renderer/bridge/sample/scenarios.ts";
import { browserScheduler } from "#renderer/state/scheduler.ts";
import { createStores } from "#renderer/state/stores.ts";
import { SettingsView } from "./settings-view.tsx";

async function open(scenario: Partial<Scenario> = watchedScenario()) {
  const bridge = new MemoryBridge(scenario);
  const stores = createStores({ bridge, scheduler: browserScheduler, now: () => 0 });
  render(<SettingsView stores={stores} />);
  await screen.findByRole("region", { name: "Expected developers" });
  const current = () => stores.monitorSettings.state.getState().view?.settings;
  return { bridge, stores, user: userEvent.setup(), current };
}

const block = (name: string) => within(screen.getByRole("region", { name }));

describe("lists of values", () => {
  it("take several team ids at once, and nothing that is none", async () => {
    const { user, current } = await open();
    const teams = block("Expected developers");
    const field = teams.getByRole("textbox", { name: "New team id" });
    await user.type(field, "nobody{Enter}");
    expect(teams.getByRole("alert").textContent).toMatch(/“nobody” is no team id: it has ten capital letters/);
    expect(field.getAttribute("aria-invalid")).toBe("true");
    await user.clear(field);
    await user.type(field, "7QXW3N5R2K{Enter}");
    expect(teams.getByRole("alert").textContent).toMatch(/in the list already/);
    await user.clear(field);
    await user.type(field, "AAAAABBBBB, CCCCCDDDDD{Enter}");
    await waitFor(() => expect(current()?.DeveloperIDAllowList).toContain("CCCCCDDDDD"));
    expect((field as HTMLInputElement).value).toBe("");
    await user.click(teams.getByRole("button", { name: "Remove 7QXW3N5R2K" }));
    await waitFor(() => expect(current()?.DeveloperIDAllowList).not.toContain("7QXW3N5R2K"));
    await user.click(teams.getByRole("button", { name: "Reset to default: Expected developers" }));
    await waitFor(() => expect(current()?.DeveloperIDAllowList).toEqual([]));
    expect(teams.getByText(/^None: /)).toBeTruthy();
    expect(teams.queryByRole("button", { name: /^Reset/ })).toBeNull();
  });

  it("want absolute paths", async () => {
    const { user, current } = await open();
    const paths = block("Policy files");
    await user.type(paths.getByRole("textbox", { name: "New path" }), "etc/zshrc{Enter}");
    expect(paths.getByRole("alert").textContent).toMatch(/starts with a slash/);
    await user.clear(paths.getByRole("textbox", { name: "New path" }));
    await user.type(paths.getByRole("textbox", { name: "New path" }), "/etc/zshrc{Enter}");
    await waitFor(() => expect(current()?.PolicyPaths).toContain("/etc/zshrc"));
  });
});

describe("amounts", () => {
  it("apply with Return or when left, in their unit, within their range", async () => {
    const { user, bridge, current } = await open();
    const windows = block("Time windows");
    const field = windows.getByRole("textbox", { name: /From a changed file/ });
    expect((field as HTMLInputElement).value).toBe("15");
    await user.clear(field);
    await user.type(field, "0{Enter}");
    expect(windows.getByText("Give a whole number, from 5 seconds to 1 day.")).toBeTruthy();
    expect(bridge.asked.some(({ name }) => name === "setMonitorSettings")).toBe(false);
    await user.clear(field);
    await user.type(field, "20");
    await user.tab();
    await waitFor(() => expect(current()?.TimeWindow.an0644Seconds).toBe(1_200));
    await user.selectOptions(windows.getByRole("combobox", { name: /From a changed file/ }), "seconds");
    await waitFor(() => expect(current()?.TimeWindow.an0644Seconds).toBe(20));
    expect(current()?.TimeWindow.an1447Seconds).toBe(259_200);
    await user.type(field, "5{Escape}");
    expect((field as HTMLInputElement).value).toBe("20");
    await user.click(windows.getByRole("button", { name: "Reset to default: Time windows" }));
    await waitFor(() => expect(current()?.TimeWindow.an0644Seconds).toBe(600));
  });

  it("are also how long records are kept", async () => {
    const { user, current } = await open();
    const space = block("How long records are kept").getByRole("textbox", { name: "Space" });
    await user.clear(space);
    await user.type(space, "2{Enter}");
    await waitFor(() => expect(current()?.retention.bytes).toBe(2_000_000_000));
  });
});

describe("the rules", () => {
  it("can be found, switched off and on, and say why some do not run", async () => {
    const { user, current } = await open();
    const all = block("All rules");
    expect(all.getByText(/131 of 148 run/)).toBeTruthy();
    expect(all.getAllByRole("switch")).toHaveLength(50);
    await user.click(all.getByRole("button", { name: /Show more \(98 left\)/ }));
    expect(all.getAllByRole("switch")).toHaveLength(100);
    await user.type(all.getByRole("searchbox"), "s16");
    const rule = all.getByRole("switch", { name: "Unsigned code ran while the Mac was weakened" });
    await user.click(rule);
    await waitFor(() => expect(current()?.rules.disabled).toEqual(["policy-file-changed", "unsigned-while-weakened"]));
    expect(rule.getAttribute("aria-checked")).toBe("false");
    await user.click(rule);
    await waitFor(() => expect(current()?.rules.disabled).toEqual(["policy-file-changed"]));
    await user.keyboard("{Escape}");
    await user.clear(all.getByRole("searchbox"));
    await user.type(all.getByRole("searchbox"), "no such rule");
    expect(all.getByText("No rule is called that.")).toBeTruthy();
    const cannot = block("Rules that cannot run");
    expect(cannot.getByText("2 rule files cannot run")).toBeTruthy();
    expect(cannot.getByText(/The key “detection” is there twice/)).toBeTruthy();
  });

  it("come from folders that are chosen, and go with them", async () => {
    const { user, current, bridge } = await open();
    const folders = block("Folders with rules of your own");
    await user.click(folders.getByRole("button", { name: /Add folder/ }));
    await waitFor(() => expect(current()?.rules.folders).toHaveLength(2));
    bridge.change({ chosenFolder: null });
    await user.click(folders.getByRole("button", { name: /Add folder/ }));
    await user.click(folders.getByRole("button", { name: "Remove /Users/ana/Detections/macos" }));
    await waitFor(() => expect(current()?.rules.folders).toEqual(["/Users/ana/Detections/linked"]));
    await waitFor(() => expect(block("All rules").getAllByRole("switch")).toHaveLength(8));
    await user.selectOptions(screen.getByRole("combobox", { name: "Lowest level that runs" }), "high");
    await waitFor(() => expect(current()?.rules.minimumLevel).toBe("high"));
  });
});

describe("when something fails", () => {
  it("takes back what the monitor would not have, and says why", async () => {
    const { user, bridge, current } = await open();
    bridge.fail("setMonitorSettings", "The settings file could not be written: the disk is full.");
    await user.click(block("Expected developers").getByRole("button", { name: "Remove 7QXW3N5R2K" }));
    expect((await screen.findByRole("alert")).textContent).toContain("Not changed. The settings file could not be");
    expect(current()?.DeveloperIDAllowList).toContain("7QXW3N5R2K");
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says that the file is not used", async () => {
    await open(acceptedScenario());
    expect(screen.getByRole("alert").textContent).toMatch(/The settings file is not used; the defaults are in force/);
  });

  it("offers to read them again", async () => {
    const bridge = new MemoryBridge(watchedScenario());
    bridge.fail("monitorSettings", "The monitor is being restarted.");
    const stores = createStores({ bridge, scheduler: browserScheduler, now: () => 0 });
    render(<SettingsView stores={stores} />);
    expect((await screen.findByRole("alert")).textContent).toContain("The monitor is being restarted.");
    bridge.fail("monitorSettings", null);
    bridge.notify("monitorTrouble", { message: null });
    expect(await screen.findByRole("region", { name: "Expected developers" })).toBeTruthy();
  });

  it("makes changes one after the other, each on what the one before left", async () => {
    const { stores, current } = await open();
    const add = (id: string) =>
      stores.monitorSettings.change(({ rules }) => ({ rules: { ...rules, disabled: [...rules.disabled, id] } }));
    const done = await Promise.all([add("a"), add(""), add("b")]);
    expect(done).toEqual([true, false, true]);
    expect(current()?.rules.disabled).toEqual(["policy-file-changed", "a", "b"]);
  });
});
