import { render, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Coverage } from "#contract/coverage.ts";
import { MemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { watchedScenario } from "#renderer/bridge/sample/scenarios.ts";
import { browserScheduler } from "#renderer/state/scheduler.ts";
import { createStores } from "#renderer/state/stores.ts";
import { CoverageView } from "./coverage-view.tsx";

async function open(unreadSettings: Coverage["unreadSettings"], more: Partial<Coverage> = {}) {
  const scenario = watchedScenario();
  if (scenario.coverage === undefined) throw new Error("the scenario has no coverage");
  const coverage = { ...scenario.coverage, ...more, ...(unreadSettings === undefined ? {} : { unreadSettings }) };
  const stores = createStores({
    bridge: new MemoryBridge({ ...scenario, coverage }),
    scheduler: browserScheduler,
    now: () => Date.UTC(2026, 10, 21, 14, 41),
  });
  await waitFor(() => expect(stores.app.state.getState().monitor).not.toBeNull());
  render(<CoverageView stores={stores} />);
}

describe("protections that could not be read", () => {
  it("are on the coverage page, each with why", async () => {
    await open([
      { setting: "authenticated-root", why: "csrutil-authenticated-root did not answer in time" },
      { setting: "secure-boot", why: "The startup security is in words that were not recognised" },
    ]);
    const heading = screen.getByRole("heading", { name: "2 protections could not be read" });
    const section = within(heading.parentElement ?? heading);
    const items = section.getAllByRole("listitem").map((item) => item.textContent);
    expect(items[0]).toMatch(/^Authenticated root.*did not answer in time$/);
    expect(items[1]).toMatch(/^Startup security.*not recognised$/);
    expect(section.getByText(/Whether they are on is not known/)).toBeTruthy();
  });

  it("one is one", async () => {
    await open([{ setting: "sip", why: "csrutil printed nothing" }]);
    expect(screen.getByText("One protection could not be read")).toBeTruthy();
  });

  it.each([[undefined], [[]]])("nothing is said when there are none: %s", async (none) => {
    await open(none);
    expect(screen.queryByText(/could not be read/)).toBeNull();
  });
});

describe("a posture history that is not the daemon's", () => {
  it("is said on the coverage page", async () => {
    await open([], { journalDoubt: "The daemon knows another history of this Mac." });
    expect(screen.getByRole("heading", { name: "The posture history is in doubt" })).toBeTruthy();
    expect(screen.getByText("The daemon knows another history of this Mac.")).toBeTruthy();
  });
});
