import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { FromMenuBar } from "#contract/ipc.ts";
import type { MenuBarState } from "#contract/menu-bar.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";
import { MenuBarView } from "./menu-bar-view.tsx";

const NOW = Date.parse("2026-11-21T15:00:00Z");

const weakened: MenuBarState = {
  icon: "alert",
  sentence: "1 finding needs action.",
  protection: { state: "weakened", words: "1 protection is weaker than expected" },
  coverage: { good: true, words: "All 4 sources see what happens" },
  findings: [
    { id: 7, title: "“Invoice\u202Eexe” ran", severity: "critical", lastSeen: "2026-11-21T14:40:00.000000Z" },
    { id: 5, title: "SIP is weaker", severity: "high", lastSeen: "2026-11-21T14:20:00.000000Z" },
  ],
  moreFindings: 2,
  recording: null,
};

function open(state: MenuBarState | null) {
  const asked: FromMenuBar[] = [];
  const bridge = {
    invoke: async (name: string, request: unknown) => {
      if (name === "fromMenuBar") asked.push(request as FromMenuBar);
      if (name !== "menuBar") return { ok: true, value: null };
      return state === null
        ? { ok: false, error: { code: "unavailable", message: "Sealbar’s monitor is starting." } }
        : { ok: true, value: state };
    },
    on: () => () => undefined,
    pathOf: () => null,
  } as unknown as Bridge;
  render(<MenuBarView bridge={bridge} now={() => NOW} />);
  return asked;
}

describe("MenuBarView", () => {
  it("says the state, the last findings and what is seen", async () => {
    open(weakened);
    expect((await screen.findByRole("heading", { level: 1 })).textContent).toBe("1 finding needs action.");
    const findings = screen.getByRole("list", { name: "Last findings" });
    expect(findings.textContent).toContain("Critical");
    expect(findings.textContent).toContain("“InvoiceU+202Eexe” ran");
    const buttons = screen.getAllByRole("button").map(({ textContent }) => textContent);
    expect(buttons).toEqual(
      expect.arrayContaining(["1 protection is weaker than expected", "All 4 sources see what happens"]),
    );
  });

  it("opens a finding, the rest of them, and what the facts are about", async () => {
    const asked = open(weakened);
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: /SIP is weaker/ }));
    await user.click(screen.getByRole("button", { name: "2 more findings" }));
    await user.click(screen.getByRole("button", { name: "1 protection is weaker than expected" }));
    await user.click(screen.getByRole("button", { name: "Quit" }));
    await user.keyboard("{Escape}");
    expect(asked.filter((request) => request.do !== "resize")).toEqual([
      { do: "finding", id: 5 },
      { do: "command", command: "show-findings" },
      { do: "command", command: "show-posture" },
      { do: "quit" },
      { do: "close" },
    ]);
  });

  it("says why there is nothing to show, and still opens Sealbar", async () => {
    const asked = open(null);
    expect(await screen.findByText("Sealbar’s monitor is starting.")).not.toBeNull();
    await userEvent.setup().click(screen.getByRole("button", { name: "Open Sealbar" }));
    expect(asked).toEqual([{ do: "open" }]);
  });
});
