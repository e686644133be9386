import { SealbarWindow } from "./pages/sealbar-window.ts";
import { DEMO_RECORDING, expect, test } from "./support/test.ts";

test("a finding says why, and its evidence opens the record behind it", async ({ launch }) => {
  const app = await launch({ recording: DEMO_RECORDING });
  const window = await SealbarWindow.of(app);
  const { inspector } = window;
  await window.recordingIsRead();
  await window.go("Findings");
  const item = window.findings.items.first();
  const title = await item.locator("bdi").first().innerText();
  await item.click();

  await expect(inspector.heading).toHaveText(title);
  await expect(inspector.section("Why")).toBeVisible();
  await expect(inspector.section("Why").getByRole("paragraph").first()).not.toBeEmpty();
  await expect(inspector.section("What to do")).toBeVisible();
  await expect(inspector.section("Rule")).toContainText(/AN0644|AN1447/);

  const evidence = inspector.evidence.first();
  await expect(evidence).toBeEnabled();
  await evidence.click();
  await window.isAt("Timeline");
  await expect(inspector.tab("Summary")).toHaveAttribute("aria-selected", "true");
  await expect(inspector.pane.getByRole("region", { name: "Findings" })).toContainText(title);

  await inspector.tab("Raw record").click();
  await expect(inspector.pane.locator("pre")).toContainText(/[{:]/);
  await inspector.pane.getByRole("button", { name: "Copy record" }).click();
  await expect.poll(() => app.inMain(({ clipboard }) => clipboard.readText())).toContain("{");

  await window.page.getByRole("button", { name: "Back", exact: true }).click();
  await window.isAt("Findings");
  await expect(inspector.heading).toHaveText(title);
});

test("the story's behaviours are all found", async ({ launch }) => {
  const window = await SealbarWindow.of(await launch({ recording: DEMO_RECORDING }));
  await window.recordingIsRead();
  await window.go("Findings");
  await window.findings.showsEverything();
  const found: string[] = [];
  for (const item of await window.findings.items.all()) {
    await item.click();
    await expect(window.inspector.heading).toHaveText(await item.locator("bdi").first().innerText());
    found.push(await window.inspector.section("Rule").innerText());
  }
  for (const behaviour of ["G1", "G7", "S1", "S4", "S16"]) {
    expect(found.join("\n"), `behaviour ${behaviour}`).toMatch(new RegExp(`\\b${behaviour}\\b`));
  }
});
