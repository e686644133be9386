import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SealbarWindow } from "./pages/sealbar-window.ts";
import { expect, test } from "./support/test.ts";

const RULE = `title: Paperboat started from a shell
id: 5b0b1c52-6f0c-4d1c-9b0a-7c2c3f6a9d11
level: medium
logsource: { category: process_creation, product: macos }
detection:
  sel: { Image|endswith: /Paperboat }
  condition: sel
`;

test("what is set applies at once, and is still so after Sealbar was quit", async ({ launch, folder }) => {
  const userDataDir = join(folder, "user-data");
  mkdirSync(userDataDir);
  const app = await launch({ userDataDir });
  const window = await SealbarWindow.of(app);
  await window.go("Settings");
  const teams = window.page.getByRole("region", { name: "Expected developers" });
  const team = teams.getByRole("textbox", { name: "New team id" });
  await team.fill("nobody");
  await team.press("Enter");
  await expect(teams.getByRole("alert")).toContainText("is no team id");
  await team.fill("7QXW3N5R2K");
  await team.press("Enter");
  await expect(teams.getByRole("button", { name: "Remove 7QXW3N5R2K" })).toBeVisible();

  const amount = window.page.getByRole("textbox", { name: /From a changed file to its launch/ });
  await amount.fill("0");
  await amount.press("Enter");
  await expect(window.page.getByText("Give a whole number, from 5 seconds to 1 day.")).toBeVisible();
  await amount.fill("15");
  await amount.press("Enter");

  const rules = window.page.getByRole("region", { name: "All rules" });
  await rules.getByRole("searchbox").fill("quarantine");
  const rule = rules.getByRole("switch").first();
  await expect(rule).toBeChecked();
  await rule.click();
  await expect(rule).not.toBeChecked();
  await app.quit();

  const again = await SealbarWindow.of(await launch({ userDataDir }));
  await again.go("Settings");
  await expect(again.page.getByRole("button", { name: "Remove 7QXW3N5R2K" })).toBeVisible();
  await expect(again.page.getByRole("textbox", { name: /From a changed file to its launch/ })).toHaveValue("15");
  await again.page.getByRole("region", { name: "All rules" }).getByRole("searchbox").fill("quarantine");
  await expect(again.page.getByRole("region", { name: "All rules" }).getByRole("switch").first()).not.toBeChecked();
  await again.page.getByRole("button", { name: "Reset to default: Expected developers" }).click();
  await expect(again.page.getByRole("button", { name: "Remove 7QXW3N5R2K" })).toHaveCount(0);
});

test("a folder of rules is added, and what cannot run in it is told with its reason", async ({ launch, folder }) => {
  const rules = join(folder, "rules");
  mkdirSync(rules);
  writeFileSync(join(rules, "paperboat.yml"), RULE);
  writeFileSync(join(rules, "draft.yml"), "title: Draft\ndetection: {\n");
  const app = await launch();
  const window = await SealbarWindow.of(app);
  const { page } = window;
  await app.inMain(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, rules);
  await window.go("Settings");
  await page.getByRole("button", { name: "Add folder…" }).click();
  await expect(page.getByRole("button", { name: `Remove ${rules}` })).toBeVisible();
  const cannot = page.getByRole("region", { name: "Rules that cannot run" });
  await expect(cannot).toContainText(/draft\.yml:\d+/);
  const all = page.getByRole("region", { name: "All rules" });
  await all.getByRole("searchbox").fill("Paperboat");
  await expect(all.getByRole("switch", { name: "Paperboat started from a shell" })).toBeChecked();
  await page.getByRole("button", { name: `Remove ${rules}` }).click();
  await expect(cannot).toHaveCount(0);
  await expect(all.getByText("No rule is called that.")).toBeVisible();
});
