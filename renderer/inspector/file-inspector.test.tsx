import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Inspection } from "#contract/inspection.ts";
import { MemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { sampleInspections } from "#renderer/bridge/sample/inspections.ts";
import { browserScheduler } from "#renderer/state/scheduler.ts";
import { createStores } from "#renderer/state/stores.ts";
import { Inspector } from "./inspector.tsx";

const APP = "/Applications/Paperboat.app";
const RELAY = "/usr/local/libexec/relay";

function open(path: string, bridge = new MemoryBridge()) {
  const stores = createStores({ bridge, scheduler: browserScheduler, now: () => 0 });
  stores.app.follow({ kind: "file", path });
  render(<Inspector stores={stores} />);
  return { stores, bridge, user: userEvent.setup() };
}

const section = (name: string) => {
  const found = screen.getByRole("heading", { name }).closest("section");
  if (found === null) throw new Error(`${name} is no section`);
  return within(found);
};

/** Constructed: a sample with some of it replaced. */
function changed(path: string, change: (inspection: Inspection) => Partial<Inspection>): MemoryBridge {
  const sample = sampleInspections.find((inspection) => inspection.path === path);
  if (sample === undefined) throw new Error("there is no such sample");
  return new MemoryBridge({ inspections: [{ ...sample, ...change(sample) }] });
}

describe("a file that is trusted", () => {
  it("shows verdict, signer, identity, entitlements by weight, requirement, bundle and checks", async () => {
    const { user } = open(APP);
    expect(
      await screen.findByText(/Signed by Paperboat Works \(7QXW3N5R2K\), a developer Apple knows\.$/),
    ).toBeTruthy();
    expect(screen.getByRole("heading", { level: 2 }).textContent).toBe("Paperboat.app");
    expect(section("Not checked").getByText("Revocation")).toBeTruthy();
    expect(section("Checked").getByText("Every page of the code")).toBeTruthy();
    expect(section("Bundle").getByText("1,204 sealed")).toBeTruthy();
    expect(section("Code inside").getByText("Sails.framework")).toBeTruthy();
    const architectures = screen.getByRole("region", { name: "Architectures" });
    const [first, second] = architectures.querySelectorAll<HTMLElement>(":scope > details");
    if (first === undefined || second === undefined) throw new Error("there are two architectures");
    expect([first.textContent, second.textContent].map((text) => text.slice(0, 6))).toEqual(["x86_64", "arm64D"]);
    expect([first.hasAttribute("open"), second.hasAttribute("open")]).toEqual([true, false]);
    const names = within(first)
      .getAllByRole("listitem")
      .map((item) => item.textContent);
    expect(names[0]).toMatch(/^Developer ID Application: Paperboat Works/);
    expect(names.findIndex((text) => text.includes("disable-library-validation"))).toBeLessThan(
      names.findIndex((text) => text.includes("network.client")),
    );
    expect(within(first).getByText("Loads libraries of any signer into itself.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Check the code inside too" }));
    expect(await section("Checked").findByText("Code inside the bundle")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Check the code inside too" })).toBeNull();
  });

  it("copies a report and the path", async () => {
    const { user, bridge } = open(APP);
    await screen.findByText(/a developer Apple knows\.$/);
    await user.click(screen.getByRole("button", { name: "Copy report" }));
    await user.click(screen.getByRole("button", { name: "Copy path" }));
    expect(bridge.copied[0]).toMatch(/^\[Developer ID\] Paperboat\.app\nSigned by Paperboat Works/);
    expect(bridge.copied[1]).toBe(APP);
  });

  it("is not called proved while only its signature has been read", async () => {
    const bridge = new MemoryBridge();
    const invoke = bridge.invoke.bind(bridge);
    bridge.invoke = ((name: "inspectFile", request: { depth: string; path: string; id: string }) =>
      name === "inspectFile" && request.depth === "full"
        ? new Promise(() => undefined)
        : invoke(name, request as never)) as MemoryBridge["invoke"];
    const { user, stores } = open("/Users/ana/Downloads/Paperboat Deluxe.app", bridge);
    expect(await screen.findByText(/whether the code was changed since is not known/)).toBeTruthy();
    const progress = await screen.findByRole("progressbar", { name: "Checking everything the signature covers" });
    expect(progress.hasAttribute("value")).toBe(false);
    const id = stores.inspection.state.getState().running?.id ?? "";
    act(() => bridge.notify("inspectionProgress", { id, done: 123_456_789, total: 412_345_678 }));
    expect(screen.getByText("123.5 MB of 412.3 MB")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(screen.getByText("Stopped before everything was checked.")).toBeTruthy();
    expect(screen.queryByRole("progressbar")).toBeNull();
    expect(bridge.asked.at(-1)).toMatchObject({ name: "cancelInspection", request: { id } });
    expect(section("Not checked").getByText("Every page of the code")).toBeTruthy();
    bridge.invoke = invoke;
    await user.click(screen.getByRole("button", { name: "Check the rest" }));
    expect(await screen.findByText(/Its signature does not hold/)).toBeTruthy();
  });
});

describe("a file that is not", () => {
  it("ad hoc: names no developer, and what it says of itself is claimed", async () => {
    open("/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer");
    expect(await screen.findByText("It has an ad hoc signature, which names no developer.")).toBeTruthy();
    expect(section("Identity, as claimed").getByText("Invoice-Viewer-5555494441")).toBeTruthy();
    expect(screen.queryByText("Signed by")).toBeNull();
  });

  it("invalid: says why first, and the signer only as claimed", async () => {
    open("/Users/ana/Downloads/Paperboat Deluxe.app");
    expect(await screen.findByText(/Its signature does not hold/)).toBeTruthy();
    expect(section("Why").getByText("Contents/Resources/run.sh was added after signing.")).toBeTruthy();
    expect(section("Claims to be signed by").getByText(/Paperboat Works/)).toBeTruthy();
    expect(section("Bundle").getByText("1,204 sealed: 1 altered, 1 added")).toBeTruthy();
    expect(section("Code inside").getByText("Not what was sealed")).toBeTruthy();
    expect(section("Code inside").getByText(/It is not the code/)).toBeTruthy();
  });

  it("several architectures: the worst one decides, and is open", async () => {
    const { user } = open(RELAY);
    expect(await screen.findByText(/The worst of them decides/)).toBeTruthy();
    const [arm, intel] = within(screen.getByRole("region", { name: "Architectures" })).getAllByRole("group");
    if (arm === undefined || intel === undefined) throw new Error("there are two architectures");
    expect(arm.textContent).toMatch(/^arm64Linker-signed/);
    expect(intel.textContent).toMatch(/^x86_64Unsigned/);
    expect([arm.hasAttribute("open"), intel.hasAttribute("open")]).toEqual([false, true]);
    await user.click(within(arm).getByText("arm64"));
    expect(arm.hasAttribute("open")).toBe(true);
  });

  it("folds many problems away, and says how many", async () => {
    const problems = Array.from({ length: 40 }, (_, index) => ({ id: "altered", message: `File ${index} differs.` }));
    const bridge = changed(RELAY, () => ({ verdict: { class: "invalid", problems, notes: [] } }));
    const { user } = open(RELAY, bridge);
    expect(await screen.findByText("File 7 differs.")).toBeTruthy();
    expect(screen.queryByText("File 8 differs.")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show 32 more" }));
    expect(screen.getByText("File 39 differs.")).toBeTruthy();
  });
});

describe("a file without a verdict", () => {
  it.each([
    ["/Users/ana/Downloads/Paperboat.dmg", "A disk image.", "Open it, and inspect the app inside."],
    ["/Users/ana/nothing", "It could not be read", "Look whether it is still there"],
  ])("says so in words, and what to do: %s", async (path, words, next) => {
    open(path);
    expect(await screen.findByText(new RegExp(words))).toBeTruthy();
    expect(screen.getByText(new RegExp(next))).toBeTruthy();
    expect(screen.getByText("Not checked", { selector: "span" })).toBeTruthy();
  });

  it.each([
    ["/Users/ana/bin/backup.sh", "It could not be checked: it is neither trusted nor unsigned."],
    ["/Users/ana/notes.txt", "This is not code, so there is no signature to check."],
  ])("has nothing to do about %s", async (path, words) => {
    open(path);
    expect(await screen.findByText(words)).toBeTruthy();
    expect(screen.queryByText("What to do")).toBeNull();
  });

  it("reads it again when asked", async () => {
    const bridge = new MemoryBridge({ inspections: [] });
    const { user } = open(APP, bridge);
    await user.click(await screen.findByRole("button", { name: "Inspect it again" }));
    await waitFor(() => expect(bridge.asked.filter(({ name }) => name === "inspectFile")).toHaveLength(2));
  });

  it("says that a failure of ours says nothing about the file, and tries again", async () => {
    const bridge = new MemoryBridge();
    bridge.fail("inspectFile", "Sealbar's monitor stopped.");
    const { user } = open(APP, bridge);
    expect(
      await screen.findByText(/could not be inspected, which says nothing about it\. Sealbar's monitor/),
    ).toBeTruthy();
    bridge.fail("inspectFile", null);
    await user.click(screen.getByRole("button", { name: "Inspect it again" }));
    expect(await screen.findByText(/a developer Apple knows\.$/)).toBeTruthy();
  });

  it("goes on by itself once the monitor is there", async () => {
    const bridge = new MemoryBridge();
    bridge.fail("inspectFile", "Sealbar's monitor is starting.");
    open(APP, bridge);
    expect(await screen.findByText(/Sealbar's monitor is starting\./)).toBeTruthy();
    bridge.fail("inspectFile", null);
    act(() => bridge.notify("monitorTrouble", { message: null }));
    expect(await screen.findByText(/a developer Apple knows\.$/)).toBeTruthy();
  });

  it("can be stopped before anything is known", async () => {
    const bridge = new MemoryBridge({}, (name) =>
      name === "inspectFile" ? new Promise(() => undefined) : Promise.resolve(),
    );
    const { user } = open(APP, bridge);
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    expect(screen.getByText(/Stopped before the signature was read/)).toBeTruthy();
  });
});

describe("hostile text in a file", () => {
  it("is shown as text with what hides boxed, wherever it stands", async () => {
    const hostile = `<img src=x onerror="window.__h=1">\u202Egnp\u200B`;
    const path = `/tmp/${hostile}.app`;
    const sample = sampleInspections.find((inspection) => inspection.path === APP);
    if (sample === undefined || sample.bundle === null) throw new Error("the sample is a bundle");
    const words = [{ id: hostile, message: hostile }];
    const leaf = sample.slices[0]?.leaf;
    if (leaf === undefined || leaf === null) throw new Error("the sample is signed");
    const named = { ...leaf, commonName: hostile, organization: hostile };
    const bridge = new MemoryBridge({
      inspections: [
        {
          ...sample,
          path,
          verdict: { class: "untrusted", problems: words, notes: words },
          slices: sample.slices.map((slice) => ({
            ...slice,
            class: "untrusted",
            arch: hostile,
            identifier: hostile,
            teamId: hostile,
            flags: [hostile],
            leaf: named,
            authorities: [named],
            timestamp: { at: "2026-09-14T08:21:44.000000Z", status: "ok", authority: hostile },
            entitlements: [
              { key: hostile, value: hostile, weakens: hostile },
              { key: `${hostile}2`, value: hostile, weakens: null },
            ],
            requirement: hostile,
          })),
          bundle: {
            ...sample.bundle,
            kind: hostile,
            identifier: hostile,
            executable: hostile,
            version: hostile,
            problems: words.map((word) => ({ ...word, id: "other" })),
            nested: [{ path: hostile, class: "unsigned", sealed: "bad", problems: words }],
          },
          notChecked: [{ check: "cms", why: hostile }],
        },
      ],
    });
    const stores = createStores({ bridge, scheduler: browserScheduler, now: () => 0 });
    stores.app.follow({ kind: "file", path });
    const { container } = render(<Inspector stores={stores} />);
    await screen.findByText("Check the code inside too");
    expect(container.querySelectorAll("img, script, a")).toHaveLength(0);
    expect(container.textContent).toContain("U+202E");
    const attributes = [...container.querySelectorAll("[title], [aria-label]")].map(
      (element) => `${element.getAttribute("title") ?? ""}${element.getAttribute("aria-label") ?? ""}`,
    );
    expect(`${container.textContent}${attributes.join("")}`).not.toMatch(/[\u200B-\u200F\u202A-\u202E]/);
  });
});
