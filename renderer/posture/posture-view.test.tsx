import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { JournalEntry } from "#contract/posture.ts";
import { MemoryBridge, type Scenario } from "#renderer/bridge/memory-bridge.ts";
import { emptyPosture, sampleJournal, samplePosture } from "#renderer/bridge/sample/posture.ts";
import { acceptedScenario, fullScenario, watchedScenario } from "#renderer/bridge/sample/scenarios.ts";
import { browserScheduler } from "#renderer/state/scheduler.ts";
import { createStores } from "#renderer/state/stores.ts";
import { chainSentence } from "./chain-sentence.ts";
import { foldRestarts } from "./fold-restarts.ts";
import { entryText, postureText } from "./posture-text.ts";
import { PostureView } from "./posture-view.tsx";

const NOW = Date.UTC(2026, 10, 21, 14, 41);

async function open(scenario: Partial<Scenario>) {
  const bridge = new MemoryBridge(scenario);
  const stores = createStores({ bridge, scheduler: browserScheduler, now: () => NOW });
  await waitFor(() => expect(stores.app.state.getState().monitor).not.toBeNull());
  render(<PostureView stores={stores} />);
  const asked = () => bridge.asked.filter(({ name }) => name === "postureJournal").map(({ request }) => request);
  return { bridge, stores, user: userEvent.setup(), asked };
}

const setting = (name: string) => within(screen.getByRole("region", { name }));
const entries = () => screen.getAllByRole("button", { name: /^Copy entry/ });

describe("a protection", () => {
  it("says now, after the next restart, expected, since when, and each part in a word", async () => {
    await open(watchedScenario());
    expect(screen.getByRole("heading", { level: 2 }).textContent).toBe(
      "2 protections are weaker than expected, 1 could not be read",
    );
    const sip = setting("System Integrity Protection (SIP)");
    expect(sip.getByText("Partly off")).toBeTruthy();
    expect(sip.getByText("No change known")).toBeTruthy();
    expect(sip.getByText(/Apple’s default/)).toBeTruthy();
    const parts = sip.getByRole("list", { name: "Parts of System Integrity Protection (SIP)" });
    expect(
      within(parts)
        .getAllByRole("listitem")
        .map((part) => part.textContent),
    ).toEqual(expect.arrayContaining(["Kext SigningWeakened", "NVRAM ProtectionsAs shipped"]));
    expect(setting("Gatekeeper").getByText("Off")).toBeTruthy();
    expect(setting("Authenticated root").getByText("Could not be read")).toBeTruthy();
    expect(screen.getAllByRole("region").length).toBeGreaterThanOrEqual(9);
  });

  it("reads its own history only when it is asked for", async () => {
    const { user, asked } = await open(watchedScenario());
    await waitFor(() => expect(asked()).toEqual([{ about: null, before: null, limit: 50 }]));
    const sip = setting("System Integrity Protection (SIP)");
    await user.click(sip.getByRole("button", { name: /^History/ }));
    expect(await sip.findByText(/SIP is partly off since this restart/)).toBeTruthy();
    expect(sip.getByText(/csrutil disable was run as root/)).toBeTruthy();
    expect(asked().at(-1)).toEqual({ about: "sip", before: null, limit: 50 });
    await user.click(sip.getByRole("button", { name: /^Evidence/ }));
    expect(sip.getByText("csrutil-status")).toBeTruthy();
  });

  it("is nothing to look at where it is as weak as was accepted", async () => {
    await open(acceptedScenario());
    expect(screen.getByRole("heading", { level: 2 }).textContent).toBe("Protections are as expected");
    expect(setting("System Integrity Protection (SIP)").getByText("Partly off, as accepted")).toBeTruthy();
    expect(setting("Baseline").getByText(/Accepted by ana, .*because: Kernel debugging/)).toBeTruthy();
  });

  it("is not there before anything was read", async () => {
    await open({ posture: emptyPosture });
    expect(screen.getByText("No protection has been read yet")).toBeTruthy();
  });
});

describe("accepting the Mac as it is", () => {
  it("says what would be accepted, wants a reason, and then expects it", async () => {
    const { user, bridge } = await open(watchedScenario());
    await user.click(screen.getByRole("button", { name: "Accept as baseline…" }));
    const form = within(screen.getByRole("form", { name: "Accept as baseline" }));
    const reason = form.getByRole("textbox", { name: "Reason" });
    expect(document.activeElement).toBe(reason);
    const accepted = form.getAllByRole("listitem").map((item) => item.textContent);
    expect(accepted).toEqual([
      "System Integrity Protection (SIP): Partly off (Kext Signing, Filesystem Protections)",
      "Developer tools: Allowed",
    ]);
    expect(form.getByText(/no longer report these as weaker/)).toBeTruthy();
    expect(form.getByText(/could not be read: Authenticated root/)).toBeTruthy();
    expect(form.getByText(/Gatekeeper, weaker after the next restart/)).toBeTruthy();

    await user.click(form.getByRole("button", { name: "Accept" }));
    expect(bridge.asked.some(({ name }) => name === "acceptBaseline")).toBe(false);
    await user.type(reason, "   ");
    await user.click(form.getByRole("button", { name: "Accept" }));
    expect((await form.findByRole("alert")).textContent).toMatch(/Give a reason/);

    bridge.fail("acceptBaseline", "The monitor is away.");
    await user.type(reason, "Debugging the driver, ticket 4711. ");
    await user.click(form.getByRole("button", { name: "Accept" }));
    expect((await form.findByRole("alert")).textContent).toBe("It was not accepted. The monitor is away.");
    bridge.fail("acceptBaseline", null);
    await user.click(form.getByRole("button", { name: "Accept" }));
    expect(await screen.findByText(/Accepted by ana.*ticket 4711/)).toBeTruthy();
    expect(bridge.asked.findLast(({ name }) => name === "acceptBaseline")?.request).toEqual({
      reason: "Debugging the driver, ticket 4711.",
    });
    expect(screen.queryByRole("form")).toBeNull();
    expect(setting("Developer tools").getByText("Allowed, as accepted")).toBeTruthy();
    expect(await screen.findByText(/ana accepted this Mac’s protection/)).toBeTruthy();
  });

  it("is put away with Esc", async () => {
    const { user } = await open(watchedScenario());
    await user.click(screen.getByRole("button", { name: "Accept as baseline…" }));
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("form")).toBeNull();
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Accept as baseline…"));
  });

  it("is not offered while a recording is shown, and says why", async () => {
    await open(fullScenario());
    const button = screen.getByRole("button", { name: "Accept as baseline…" });
    expect(button.hasAttribute("disabled")).toBe(true);
    expect(screen.getByText(/Close the recording to accept one/)).toBeTruthy();
  });
});

describe("the history", () => {
  it("is paged, newest first, and says what its chain proves", async () => {
    const { user } = await open(watchedScenario());
    expect(await screen.findByText(/History intact, 80 entries; it ends where/)).toBeTruthy();
    expect(entries()[0]?.getAttribute("aria-label")).toBe("Copy entry 80");
    expect(screen.getByText("40 restarts in a row")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Show older entries" }));
    expect(await screen.findByText("70 restarts in a row")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Show older entries" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show them" }));
    expect(entries()).toHaveLength(80);
  });

  it("shows the beginning of long evidence, and the rest when asked", async () => {
    const [first] = sampleJournal();
    if (first === undefined) throw new Error("the journal has entries");
    const evidence = "line one\n\nline two\n\tline three\u202E\nline four";
    const { user } = await open({ posture: samplePosture, journal: [{ ...first, kind: "change", evidence }] });
    expect(await screen.findByText("line two")).toBeTruthy();
    expect(screen.queryByText("line four")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show 2 more lines" }));
    expect(screen.getByText("line four")).toBeTruthy();
    expect(screen.getByText("U+202E")).toBeTruthy();
  });

  it("says that it could not be read, and reads it when asked again", async () => {
    const bridge = new MemoryBridge(watchedScenario());
    bridge.fail("postureJournal", "The monitor did not answer.");
    const stores = createStores({ bridge, scheduler: browserScheduler, now: () => NOW });
    await waitFor(() => expect(stores.app.state.getState().monitor).not.toBeNull());
    render(<PostureView stores={stores} />);
    expect((await screen.findByRole("alert")).textContent).toContain("The monitor did not answer.");
    bridge.fail("postureJournal", null);
    await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText(/History intact/)).toBeTruthy();
  });

  it("grows when the posture changes, and keeps what was paged in", async () => {
    const { user, bridge } = await open(watchedScenario());
    await user.click(await screen.findByRole("button", { name: "Show older entries" }));
    await screen.findByText("70 restarts in a row");
    const [, ...older] = sampleJournal().toReversed();
    const fresh: JournalEntry = { ...(older[0] as JournalEntry), seq: 81, words: "Something new was read." };
    bridge.change({
      journal: [...sampleJournal(), fresh],
      posture: { ...samplePosture, weakenedSince: null, epochs: [] },
    });
    expect(await screen.findByText("Something new was read.")).toBeTruthy();
    expect(screen.getByText("70 restarts in a row")).toBeTruthy();
  });

  it.each([
    [{ state: "intact", anchor: "none" }, /standard tier this does not prove/],
    [{ state: "intact", anchor: "matches" }, /only root can change/],
    [{ state: "intact", anchor: "differs" }, /does not end where/],
    [{ state: "intact", anchor: "not-asked" }, /not been asked yet/],
    [{ state: "broken", anchor: "matches" }, /is broken: 1,200 entries/],
    [{ state: "unchecked", anchor: "none" }, /not checked yet/],
  ] as const)("says of %j what it proves", (chain, words) => {
    expect(chainSentence({ entries: 1_200, head: "3fa2", ...chain })).toMatch(words);
  });

  it("folds only long runs of restarts that nothing was tried before", () => {
    const [boot] = sampleJournal();
    if (boot === undefined) throw new Error("the journal has restarts");
    const run = (count: number) => Array.from({ length: count }, (_, seq) => ({ ...boot, seq }));
    const kinds = (list: readonly JournalEntry[]) => foldRestarts(list).map(({ kind }) => kind);
    expect(kinds(run(2))).toEqual(["entry", "entry"]);
    expect(kinds(run(3))).toEqual(["restarts"]);
    expect(kinds([...run(3), { ...boot, evidence: "csrutil disable" }, ...run(3)])).toEqual([
      "restarts",
      "entry",
      "restarts",
    ]);
    expect(kinds([])).toEqual([]);
  });
});

describe("as text", () => {
  it("is ready for a ticket", async () => {
    const { user, bridge } = await open(watchedScenario());
    await user.click(screen.getByRole("button", { name: "Copy as text" }));
    await waitFor(() => expect(bridge.copied).toHaveLength(1));
    const text = postureText(samplePosture);
    expect(bridge.copied[0]).toBe(text);
    expect(text).toContain("2 protections are weaker than expected, 1 could not be read\n");
    expect(text).toContain(
      "- System Integrity Protection (SIP): Partly off; expected On (Apple’s default); since 2026-",
    );
    expect(text).toContain("  Parts: Kext Signing (Weakened), Filesystem Protections (Weakened)");
    expect(text).toContain("after the next restart Off");
    expect(text).toContain("or before to 2026-11-04T10:30:12.000000Z: Gatekeeper is off");
  });

  it("has an entry's values, evidence and hash, and nothing that hides", () => {
    const change = sampleJournal().findLast(({ about, kind }) => about === "sip" && kind === "change");
    if (change === undefined) throw new Error("the journal has a change of SIP");
    const text = entryText({ ...change, evidence: "a\u202Eb" });
    expect(text).toContain("Changed, System Integrity Protection (SIP)");
    expect(text).toContain("Value: On → Partly off");
    expect(text).toContain("Evidence: a‹U+202E›b");
    expect(text).toContain(`Entry ${change.seq}, SHA-256 ${change.hash}`);
    expect(entryText({ ...change, kind: "boot", about: "constructor", before: null, after: "6E0B" })).not.toContain(
      "Value",
    );
  });
});
