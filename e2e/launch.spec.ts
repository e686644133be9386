import { SealbarWindow, SECTIONS } from "./pages/sealbar-window.ts";
import { DEMO_RECORDING, expect, test } from "./support/test.ts";

test("the demo recording plays: rows and findings appear", async ({ launch }) => {
  const window = await SealbarWindow.of(await launch({ demo: true }));
  await window.isAt("Timeline");
  await window.timeline.hasRows();
  await window.recordingIsRead();
  expect(await window.timeline.showsEverything()).toBeGreaterThan(100);

  await window.go("Findings");
  await window.findings.hasItems();
  await expect.poll(() => window.findings.items.count()).toBeGreaterThanOrEqual(3);
});

test("without a recording the empty timeline offers the demo, and closing the demo brings it back", async ({
  launch,
}) => {
  const window = await SealbarWindow.of(await launch());
  const play = window.page.getByRole("button", { name: "Play the demo recording" });
  await expect(window.page.getByRole("button", { name: "Open a recording…" })).toBeVisible();
  await play.click();
  await window.timeline.hasRows();
  await window.recording.getByRole("button", { name: "Close recording" }).click();
  await expect(play).toBeVisible();
  await expect(window.recording).toBeHidden();
});

test("every section opens and says where one is", async ({ launch }) => {
  const window = await SealbarWindow.of(await launch({ recording: DEMO_RECORDING }));
  await window.recordingIsRead();
  for (const section of SECTIONS) {
    await window.go(section);
    await expect(window.page.getByRole("main")).not.toBeEmpty();
    await expect(window.section(section)).toBeVisible();
  }
});

test("a file that is no capture is refused in words, and the window goes on", async ({ launch }) => {
  const app = await launch({ recording: import.meta.filename });
  const window = await SealbarWindow.of(app);
  // What is asked for on the command line is answered in a dialog of the system, which only the stand-in keeps.
  if (app.isStandIn) {
    const said = () => app.inMain(({ standIn }) => standIn.dialogs);
    await expect.poll(said).toMatchObject([
      {
        verb: "showMessageBox",
        options: {
          message: "The recording could not be opened",
          detail: expect.stringContaining("not a Sealbar capture"),
        },
      },
    ]);
  }
  await expect(window.page.getByRole("button", { name: "Play the demo recording" })).toBeVisible();
  await expect(window.recording).toBeHidden();
  await window.go("Settings");
  await window.go("Timeline");
});
