import { rmSync } from "node:fs";
import { HOSTILE_NAME, writeSignedFiles } from "./fixtures/signed-files.ts";
import { SealbarWindow } from "./pages/sealbar-window.ts";
import type { RunningApp } from "./support/running-app.ts";
import { DEMO_RECORDING, expect, test } from "./support/test.ts";

/** The next dialog for a file answers with this one; null: the user changes their mind. */
async function willChoose(app: RunningApp, path: string | null): Promise<void> {
  await app.inMain(({ standIn }, path) => {
    standIn.dialogReplies.push(
      path === null ? { canceled: true, filePaths: [] } : { canceled: false, filePaths: [path] },
    );
  }, path);
}

/** Drags files over the window, and drops them there or not. */
async function drag(app: RunningApp, paths: string[], letGo = true): Promise<void> {
  await app.inMain(
    ({ BrowserWindow, standIn }, { paths, letGo }) => {
      const [window] = BrowserWindow.getAllWindows();
      if (window === undefined) throw new Error("there is no window");
      return standIn.dragFiles(window.webContents, paths, letGo);
    },
    { paths, letGo },
  );
}

test("a file is chosen from the menu, and its signature is shown", async ({ launch, folder }) => {
  const files = writeSignedFiles(folder);
  const app = await launch();
  test.skip(!app.isStandIn, "the system's own dialog cannot be answered");
  const { page, inspector, isStillAt } = await SealbarWindow.of(app).then((window) => ({
    page: window.page,
    inspector: window.inspector,
    isStillAt: () => window.isAt("Timeline"),
  }));
  await willChoose(app, null);
  await app.chooseMenu("inspect-file");
  await expect.poll(() => app.inMain(({ standIn }) => standIn.dialogs.length)).toBe(1);
  await expect(inspector.pane).toBeHidden();
  expect(await app.inMain(({ standIn }) => standIn.dialogs[0])).toMatchObject({
    verb: "showOpenDialog",
    options: { properties: expect.not.arrayContaining(["openDirectory", "treatPackageAsDirectory"]) },
  });

  await willChoose(app, files.adHoc);
  await app.chooseMenu("inspect-file");
  await expect(inspector.heading).toHaveText("invoice-tool");
  await expect(inspector.pane).toContainText("ad hoc signature, which names no developer");
  await expect(inspector.section("Checked")).toContainText("Every page of the code");
  await expect(inspector.section("Not checked")).toBeVisible();
  await expect(inspector.section("Identity, as claimed")).toContainText("test.ana.invoice-viewer");
  await expect(inspector.section("Entitlements")).toContainText("com.apple.security.get-task-allow");
  await inspector.pane.getByRole("button", { name: "Copy report" }).click();
  await expect.poll(() => app.inMain(({ clipboard }) => clipboard.readText())).toMatch(/^\[Ad hoc\] invoice-tool\n/);

  await willChoose(app, files.altered);
  await app.chooseMenu("inspect-file");
  await expect(inspector.heading).toHaveText("altered-tool");
  await expect(inspector.pane).toContainText("Its signature does not hold");
  await expect(inspector.section("Why")).toContainText(/page/i);
  await page.getByRole("button", { name: "Back", exact: true }).click();
  await expect(inspector.heading).toHaveText("invoice-tool");
  await isStillAt();
});

test("every kind of file gets a verdict in words", async ({ launch, folder }) => {
  const files = writeSignedFiles(folder);
  const app = await launch();
  test.skip(!app.isStandIn, "only the stand-in can be handed a file");
  const { inspector } = await SealbarWindow.of(app);
  const open = (path: string) =>
    app.inMain(({ app }, path) => app.emit("open-file", { preventDefault: () => undefined }, path), path);
  const shows = async (path: string, words: RegExp): Promise<void> => {
    await open(path);
    await expect(inspector.pane).toContainText(words);
  };
  await shows(files.fat, /The worst of them decides: x86_64/);
  await expect(inspector.pane.getByRole("region", { name: "Architectures" })).toContainText("Linker-signed");
  await shows(files.untrusted, /a certificate that does not come from Apple|nobody vouches for/);
  await expect(inspector.section("Signed by, as the certificate says")).toBeVisible();
  await shows(files.text, /This is not code/);
  await shows(files.script, /could not be checked|no code signature/);
  await shows(files.empty, /This is not code|could not be read/);
  await shows(files.spoilt, /Its signature does not hold/);
  await expect(inspector.pane).toContainText("1 altered");
  await shows(files.app, /ad hoc signature, which names no developer/);
  await expect(inspector.section("Bundle")).toContainText("test.ana.invoice-viewer");
  await inspector.pane.getByRole("button", { name: "Check the code inside too" }).click();
  await expect(inspector.section("Checked")).toContainText("Code inside the bundle");
  await expect(inspector.section("Code inside")).toContainText("libinvoice.dylib");
  rmSync(files.adHoc);
  await shows(files.adHoc, /It could not be read/);
  await expect(inspector.pane.getByRole("button", { name: "Inspect it again" })).toBeVisible();
});

test("a file that is dropped is inspected; text and addresses are refused", async ({ launch, folder }) => {
  const files = writeSignedFiles(folder);
  const app = await launch();
  test.skip(!app.isStandIn, "only the stand-in can drag files over a window");
  const window = await SealbarWindow.of(app);
  const { page, inspector } = window;
  const here = page.url();
  const zone = page.getByText("Drop to inspect its signature");

  await drag(app, [files.adHoc], false);
  await expect(zone).toBeVisible();
  await drag(app, [files.adHoc]);
  await expect(zone).toBeHidden();
  await expect(inspector.heading).toHaveText("invoice-tool");
  await expect(page.locator("#inspector")).toBeFocused();

  await drag(app, [files.app, files.text, files.fat]);
  await expect(inspector.heading).toHaveText("Invoice Viewer.app");
  await expect(page.getByRole("status").filter({ hasText: "Only one of 3 files is inspected" })).toBeVisible();
  await page.getByRole("button", { name: "Dismiss" }).click();

  for (const [type, data] of [
    ["text/plain", "/bin/ls"],
    ["text/uri-list", "https://remote.example/dropped"],
    ["text/html", "<a href='https://remote.example/'>x</a>"],
  ] as const) {
    await app.inMain(
      ({ BrowserWindow, standIn }, [type, data]) => {
        const [window] = BrowserWindow.getAllWindows();
        if (window === undefined) throw new Error("there is no window");
        return standIn.dragText(window.webContents, type, data, true);
      },
      [type, data] as const,
    );
  }
  await expect(zone).toBeHidden();
  await expect(inspector.heading).toHaveText("Invoice Viewer.app");
  expect(page.url()).toBe(here);
  expect(await app.inMain(({ standIn }) => standIn.offlineRequests)).toEqual([]);
  // A file that the page has made up lies nowhere.
  const made = await page.evaluate(() => {
    const { sealbar } = globalThis as unknown as { sealbar: { pathOf: (file: object) => string } };
    return sealbar.pathOf(new File(["x"], "made-up"));
  });
  expect(made).toBe("");
});

test("a file is inspected with the keyboard alone", async ({ launch, folder }) => {
  const files = writeSignedFiles(folder);
  const app = await launch();
  test.skip(!app.isStandIn, "the system's own dialog cannot be answered");
  const window = await SealbarWindow.of(app);
  const { page, inspector } = window;
  await willChoose(app, files.fat);
  await page.getByRole("button", { name: "Inspect a file…" }).focus();
  await page.keyboard.press("Enter");
  await expect(inspector.heading).toHaveText("universal-tool");
  await expect(page.locator("#inspector")).toBeFocused();
  await expect(inspector.section("Checked")).toContainText("Every page of the code");
  const closed = inspector.pane.locator("summary").filter({ hasText: "arm64" });
  await expect(closed).toBeVisible();
  for (let press = 0; press < 20 && !(await closed.evaluate((row) => row === document.activeElement)); press += 1) {
    await page.keyboard.press("Tab");
  }
  await expect(closed).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(inspector.pane.getByRole("heading", { name: "Identity, as claimed" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(inspector.pane).toBeHidden();
});

test("what a hostile file is called and says of itself is shown as text", async ({ launch, folder }) => {
  const files = writeSignedFiles(folder);
  const app = await launch();
  test.skip(!app.isStandIn, "only the stand-in can drag files over a window");
  const { page, inspector } = await SealbarWindow.of(app);
  await drag(app, [files.hostile]);
  await expect(inspector.heading).toContainText("hostile <a id=");
  await expect(inspector.heading).toContainText("U+202E");
  await expect(inspector.section("Identity, as claimed")).toContainText("<img src=");
  expect(HOSTILE_NAME).toContain("\u202E");
  const raw = await page.evaluate(() => {
    const attributes = [...document.querySelectorAll("[title], [aria-label]")].map(
      (element) => `${element.getAttribute("title") ?? ""}${element.getAttribute("aria-label") ?? ""}`,
    );
    return /[\u200B-\u200F\u202A-\u202E\u2066-\u2069]/.exec(document.body.innerText + attributes.join(""))?.[0];
  });
  expect(raw).toBeUndefined();
  expect(await page.locator("#planted, main img, aside img, aside a").count()).toBe(0);
  expect(await page.evaluate(() => "__hostile" in globalThis)).toBe(false);
  const sticksOut = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sticksOut).toBeLessThanOrEqual(0);
});

test("a monitor that dies while a file is read takes nothing with it", async ({ launch, folder }) => {
  const files = writeSignedFiles(folder);
  const app = await launch();
  test.skip(!app.isStandIn, "only the stand-in can drag files over a window");
  const window = await SealbarWindow.of(app);
  const { inspector } = window;
  await window.monitorAnswers(false);
  const before = await app.monitorPid();
  process.kill(before, "SIGSTOP");
  await drag(app, [files.adHoc]);
  await expect(inspector.heading).toHaveText("invoice-tool");
  process.kill(before, "SIGKILL");
  // It is asked again by itself once there is a monitor again.
  await expect(inspector.pane).toContainText("ad hoc signature, which names no developer");
});

test("a recording's row shows what it proves, and no file is looked at", async ({ launch }) => {
  const window = await SealbarWindow.of(await launch({ recording: DEMO_RECORDING }));
  const { timeline, inspector } = window;
  await window.recordingIsRead();
  await timeline
    .row(/Apple|Ad hoc|Developer ID/)
    .first()
    .click();
  await inspector.tab("Signature").click();
  await expect(inspector.pane.getByRole("region", { name: "What ran" })).toContainText("CDHash");
  await expect(inspector.pane.getByRole("region", { name: "The file now" })).toContainText("was not looked at");
});
