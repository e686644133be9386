import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Ribbon } from "#contract/ribbon.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";
import { MemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { browserScheduler } from "#renderer/state/scheduler.ts";
import { createStores } from "#renderer/state/stores.ts";
import { RibbonView } from "./ribbon-view.tsx";

const utc = (text: string) => Date.parse(`2026-11-21T${text}Z`) * 1000;
const NOW = Date.parse("2026-11-21T16:00:00Z");

const day: Ribbon = {
  from: utc("14:00:00"),
  to: utc("15:40:00"),
  posture: [
    { from: utc("14:00:00"), to: utc("14:20:00"), state: "strong", words: "" },
    { from: utc("14:20:00"), to: utc("15:40:00"), state: "weakened", words: "SIP is partly off" },
  ],
  sources: [
    {
      source: "es",
      spans: [
        { from: utc("14:00:00"), to: utc("15:00:00"), state: "running", words: "" },
        { from: utc("15:00:00"), to: utc("15:10:00"), state: "gap", words: "40 events were lost" },
        { from: utc("15:10:00"), to: utc("15:40:00"), state: "running", words: "" },
      ],
    },
  ],
  boots: [utc("14:20:00")],
  findings: [{ findingId: 7, at: utc("14:26:00"), severity: "critical", title: "Ran <b>early</b>\u202E" }],
  moreFindings: 2,
};

function open(ribbon: Ribbon = day) {
  const memory = new MemoryBridge();
  const bridge: Bridge = {
    invoke: ((name: string, request: never) =>
      name === "ribbon"
        ? Promise.resolve({ ok: true, value: ribbon })
        : memory.invoke(name as "snapshot", request)) as Bridge["invoke"],
    on: (name, listener) => memory.on(name, listener),
    pathOf: () => null,
  };
  const stores = createStores({ bridge, scheduler: browserScheduler, now: () => NOW });
  const view = render(<RibbonView stores={stores} />);
  return { stores, view };
}

describe("RibbonView", () => {
  it("draws protection, sources, restarts and findings, each with its words on hover", async () => {
    open();
    const overview = await screen.findByRole("region", { name: "Overview" });
    const titles = [...overview.querySelectorAll("[title]")].map((element) => element.getAttribute("title") ?? "");
    expect(titles.some((title) => title.startsWith("Protection: Weakened. SIP is partly off"))).toBe(true);
    expect(titles.some((title) => title.startsWith("Endpoint Security: Gap. 40 events were lost"))).toBe(true);
    expect(titles.some((title) => title.startsWith("The Mac restarted"))).toBe(true);
    expect(screen.getByRole("button", { name: /^Critical: Ran <b>early<\/b>/ })).not.toBeNull();
    expect(overview.querySelector("b")).toBeNull();
  });

  it("a drag shows only the rows of that time, and a click all of them again", async () => {
    const { stores, view } = open();
    await screen.findByRole("region", { name: "Overview" });
    const field = view.container.querySelector("[class*=field]");
    if (!(field instanceof HTMLElement)) throw new Error("there is no field to drag over");
    field.getBoundingClientRect = () => ({ left: 100, width: 1000 }) as DOMRect;
    fireEvent.pointerDown(field, { button: 0, clientX: 300 });
    fireEvent.pointerMove(field, { clientX: 600 });
    fireEvent.pointerUp(field, { clientX: 600 });
    expect(stores.timeline.state.getState().filter.range).toEqual({ from: utc("14:20:00"), to: utc("14:50:00") });
    fireEvent.pointerDown(field, { button: 0, clientX: 400 });
    fireEvent.pointerUp(field, { clientX: 400 });
    expect(stores.timeline.state.getState().filter.range).toBeNull();
  });

  it("says the same as a list, by keyboard alone", async () => {
    const { stores } = open();
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Show the overview as a list" }));
    const gap = screen.getByRole("button", { name: /^Endpoint Security: Gap \S+ to \S+ 40 events were lost$/ });
    gap.focus();
    await user.keyboard("{Enter}");
    expect(stores.timeline.state.getState().filter.range).toEqual({ from: utc("15:00:00"), to: utc("15:10:00") });
    expect(screen.getByText("2 less severe findings are not listed.")).not.toBeNull();
    await user.click(screen.getByRole("button", { name: /Ran <b>early/ }));
    expect(stores.app.state.getState().history.here).toMatchObject({
      section: "findings",
      selection: { kind: "finding", id: 7 },
    });
  });

  it("lists a moment once, and no edge of a session at which nobody watched for less than a second", async () => {
    const instant = { from: utc("14:30:00"), to: utc("14:30:00") + 400_000, words: "" };
    open({
      ...day,
      posture: [{ ...instant, state: "unknown" }, ...day.posture],
      sources: [
        {
          source: "log",
          spans: [
            { ...instant, state: "off" },
            { ...instant, from: instant.from + 1, state: "gap", words: "9 events were lost" },
          ],
        },
      ],
    });
    await userEvent.click(await screen.findByRole("button", { name: "Show the overview as a list" }));
    expect(screen.getAllByRole("button", { name: /^Unified log/ })).toHaveLength(1);
    expect(screen.queryByText("Not known")).toBeNull();
    const gap = screen.getByRole("button", { name: /^Unified log: Gap/ });
    expect(gap.textContent).not.toContain(" to ");
  });

  it("is not there while there is nothing to show", () => {
    open({ ...day, from: 0, to: 1 });
    expect(screen.queryByRole("region", { name: "Overview" })).toBeNull();
  });
});
