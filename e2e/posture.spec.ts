import { SealbarWindow } from "./pages/sealbar-window.ts";
import { DEMO_RECORDING, expect, test } from "./support/test.ts";

const SIP = "System Integrity Protection (SIP)";

test("the posture page says what holds, what should, and how it came so", async ({ launch }) => {
  const app = await launch({ recording: DEMO_RECORDING });
  const window = await SealbarWindow.of(app);
  const { page } = window;
  await window.recordingIsRead();
  await window.go("Posture");
  await expect(page.locator("main").getByRole("heading", { level: 2 })).toContainText(/weaker than expected/);

  const sip = page.getByRole("region", { name: SIP });
  for (const fact of ["After next restart", "Expected", "Since"]) await expect(sip.getByText(fact)).toBeVisible();
  await expect(sip).toContainText("Apple’s default");
  await sip.getByRole("button", { name: "Evidence" }).click();
  await expect(sip.locator("pre").first()).toContainText("System Integrity Protection");
  await sip.getByRole("button", { name: "History" }).click();
  await expect(sip.getByRole("button", { name: /^Copy entry/ }).first()).toBeVisible();

  await page.getByRole("button", { name: "Copy as text" }).click();
  await expect.poll(() => app.inMain(({ clipboard }) => clipboard.readText())).toContain(`- ${SIP}: `);
});

test("the whole Mac's history is newest first, with what its chain proves", async ({ launch }) => {
  const app = await launch({ recording: DEMO_RECORDING });
  const window = await SealbarWindow.of(app);
  const { page } = window;
  await window.recordingIsRead();
  await window.go("Posture");
  const history = page
    .locator("main section section")
    .filter({ has: page.getByRole("heading", { name: "History", exact: true }) });
  await expect(history.getByText(/^History intact, \d+ entries;/)).toBeVisible();
  await expect(history.getByText("Restart", { exact: true }).first()).toBeVisible();
  await expect(history.getByText("Changed", { exact: true }).first()).toBeVisible();
  // In the user's zone, with the exact value on hover; what is copied stays as it was written down.
  await expect(history).not.toContainText(" UTC");
  await expect(history).not.toContainText("2026-11-18T");
  const began = history.locator("p, div").filter({ hasText: "It began at " }).locator("time").first();
  await expect(began).toHaveAttribute("title", /^Nov 18, 2026 \d{2}:\d{2}:\d{2}/);
  const names = await history
    .getByRole("button", { name: /^Copy entry/ })
    .evaluateAll((buttons) => buttons.map((button) => Number(button.getAttribute("aria-label")?.slice(11))));
  expect(names.length).toBeGreaterThan(1);
  expect(names).toEqual(names.toSorted((a, b) => b - a));
  await history
    .getByRole("button", { name: /^Copy entry/ })
    .first()
    .click();
  await expect.poll(() => app.inMain(({ clipboard }) => clipboard.readText())).toMatch(/SHA-256 [0-9a-f]{64}/);
});

test("a recording cannot be accepted as this Mac's baseline, and the page says why", async ({ launch }) => {
  const app = await launch({ recording: DEMO_RECORDING });
  const window = await SealbarWindow.of(app);
  const { page } = window;
  await window.recordingIsRead();
  await window.go("Posture");
  const baseline = page.getByRole("region", { name: "Baseline" });
  await expect(baseline.getByRole("button", { name: "Accept as baseline…" })).toBeDisabled();
  await expect(baseline).toContainText("Close the recording to accept one.");
});

test("a finding tells how it came about, across the restart", async ({ launch }) => {
  const app = await launch({ recording: DEMO_RECORDING });
  const window = await SealbarWindow.of(app);
  const { inspector } = window;
  await window.recordingIsRead();
  await window.go("Findings");
  const chain = inspector.section("How it came about");
  for (const item of await window.findings.items.all()) {
    await item.click();
    await expect(inspector.heading).toHaveText(await item.locator("bdi").first().innerText());
    if ((await chain.getByText("This Mac restarted").count()) > 0) break;
  }
  await expect(chain.getByText("This Mac restarted")).toBeVisible();
  await chain.getByRole("button").first().click();
  await window.isAt("Timeline");
  await expect(inspector.tab("Summary")).toHaveAttribute("aria-selected", "true");
});
