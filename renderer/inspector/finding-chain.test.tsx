import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Finding } from "#contract/finding.ts";
import { MemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { storyFindings } from "#renderer/bridge/sample/findings.ts";
import { storyRows } from "#renderer/bridge/sample/rows.ts";
import { browserScheduler } from "#renderer/state/scheduler.ts";
import { createStores } from "#renderer/state/stores.ts";
import { Inspector } from "./inspector.tsx";

async function open(id: number, change: (finding: Finding) => Finding = (finding) => finding) {
  const rows = storyRows();
  const bridge = new MemoryBridge({ rows, findings: storyFindings(rows).map(change) });
  const stores = createStores({ bridge, scheduler: browserScheduler, now: () => Date.UTC(2026, 10, 21, 15) });
  await waitFor(() => expect(stores.app.state.getState().monitor).not.toBeNull());
  stores.app.follow({ kind: "finding", id });
  render(<Inspector stores={stores} />);
  await screen.findByRole("heading", { level: 2 });
  return { stores, user: userEvent.setup() };
}

const chain = () => {
  const section = screen.getByRole("heading", { name: "How it came about" }).parentElement;
  if (section === null) throw new Error("a heading stands in its section");
  return within(section);
};

describe("how a finding came about", () => {
  it("is told step by step, and each step opens its record", async () => {
    const { stores, user } = await open(4);
    const steps = chain().getAllByRole("listitem");
    expect(steps.map((step) => step.textContent)).toEqual([
      expect.stringMatching(/^Attempt\d\d:\d\d:\d\dRan csrutil/),
      "This Mac restarted",
      expect.stringMatching(/^Protection changed/),
      expect.stringMatching(/^Ran\d\d:/),
    ]);
    expect(chain().getAllByRole("button")).toHaveLength(3);
    await user.click(chain().getByRole("button", { name: /^Protection changed/ }));
    const { selection, section } = stores.app.state.getState().history.here;
    const row = storyRows().find(({ title }) => title === "SIP is partly off");
    expect({ selection, section }).toEqual({ selection: { kind: "event", rowId: row?.rowId }, section: "timeline" });
  });

  it("works for findings that do not say what kind their records are of", async () => {
    await open(4, (finding) => ({
      ...finding,
      evidence: finding.evidence.map(({ id, rowId, at, role, summary }) => ({ id, rowId, at, role, summary })),
    }));
    expect(chain().getAllByRole("listitem")).toHaveLength(3);
    expect(chain().queryByText("This Mac restarted")).toBeNull();
  });

  it("opens nothing where the record is no longer kept", async () => {
    await open(4, (finding) => ({
      ...finding,
      evidence: finding.evidence.map((evidence) => ({ ...evidence, rowId: null })),
    }));
    for (const button of chain().getAllByRole("button")) expect(button.hasAttribute("disabled")).toBe(true);
  });

  it("names the days where they differ, and what has no word of its own by its role", async () => {
    await open(1, (finding) => ({
      ...finding,
      evidence: finding.evidence.map((evidence, index) =>
        index === 1
          ? { ...evidence, at: "2026-11-03T09:00:00.000000Z", kind: "btm", role: "login item added" }
          : evidence,
      ),
    }));
    expect(chain().getAllByRole("listitem")[0]?.textContent).toMatch(/^login item added.*3.*\d\d:00:00/);
  });

  it("is left out where there is one record only", async () => {
    await open(1, (finding) => ({ ...finding, clauses: [], evidence: finding.evidence.slice(0, 1) }));
    expect(screen.queryByRole("heading", { name: "How it came about" })).toBeNull();
  });
});
