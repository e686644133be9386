import type { PreloadApi } from "#contract/ipc.ts";
import { APP_ORIGIN, channelOf, INVOKE_NAMES, MENU_BAR_INVOKES, PRELOAD_KEY } from "#contract/ipc-names.ts";
import { SealbarWindow } from "./pages/sealbar-window.ts";
import { expect, test } from "./support/test.ts";

/** What the page can reach; typed as the contract has it. */
type Exposed = Record<typeof PRELOAD_KEY, PreloadApi>;
const FORBIDDEN = { ok: false, error: { code: "forbidden" } };
const BAD_REQUEST = { ok: false, error: { code: "bad-request" } };

test("the window's own page is answered", async ({ launch }) => {
  const { page } = await SealbarWindow.of(await launch());
  const answer = await page.evaluate(() => (globalThis as unknown as Exposed).sealbar.invoke.snapshot(null));
  expect(answer).toMatchObject({ ok: true, value: { info: { platform: expect.any(String) } } });
});

test("malformed payloads are refused by every verb, in an envelope", async ({ launch }) => {
  const { page } = await SealbarWindow.of(await launch());
  const payloads: [keyof PreloadApi["invoke"], unknown][] = [
    ...INVOKE_NAMES.map((name): [typeof name, unknown] => [name, "nonsense"]),
    ...INVOKE_NAMES.map((name): [typeof name, unknown] => [name, ["not", "an", "object"]]),
    ["acceptBaseline", { reason: "  " }],
    ["setMonitorSettings", null],
    ["ribbon", { from: "today", to: null }],
    ["postureJournal", { limit: 100_000 }],
    ["eventDetail", { rowId: "1; DROP TABLE events" }],
    ["eventDetail", { rowId: 1.5 }],
    ["timelinePage", { filter: {}, before: null, limit: 1_000_000 }],
    ["timelinePage", { filter: { text: "x".repeat(100_000) }, before: null, limit: 10 }],
    ["timelinePage", { filter: { origins: ["es", "nowhere"] }, before: null, limit: 10 }],
    ["findingsPage", { limit: -1 }],
    ["setSettings", { theme: "neon" }],
    ["setSettings", { launchAtLogin: "yes" }],
    ["copyText", { text: "x".repeat(4_000_001) }],
    ["inspectFile", { path: "relative", depth: "header", id: "a" }],
    ["inspectFile", { path: "/bin/ls\0", depth: "header", id: "a" }],
    ["inspectFile", { path: `/${"x".repeat(5_000)}`, depth: "header", id: "a" }],
    ["inspectFile", { path: "/bin/ls", depth: "header", id: "x".repeat(65) }],
    ["cancelInspection", { id: {} }],
    ["retrySource", { source: "nowhere" }],
    ["enableFullTier", { serviceName: "another.plist" }],
    ["openFullDiskAccessSettings", { url: "https://example.com" }],
    ["setSettings", { onboardingDone: 1 }],
  ];
  for (const [name, payload] of payloads) {
    const answer = await page.evaluate(
      ([name, payload]) => {
        const { invoke } = (globalThis as unknown as Exposed).sealbar;
        return (invoke[name] as (request: unknown) => Promise<unknown>)(payload);
      },
      [name, payload] as const,
    );
    expect(answer, `${name} ${JSON.stringify(payload).slice(0, 80)}`).toMatchObject(
      // The menu bar's verbs are not the window's, whatever it sends.
      MENU_BAR_INVOKES.includes(name) ? FORBIDDEN : BAD_REQUEST,
    );
  }
});

test("what cannot be cloned never leaves the page", async ({ launch }) => {
  const { page } = await SealbarWindow.of(await launch());
  const refusal = await page.evaluate(() => {
    const invoke = (globalThis as unknown as Exposed).sealbar.invoke.copyText as (request: unknown) => Promise<unknown>;
    return invoke({ text: () => "code" }).then(
      () => null,
      (error: unknown) => String(error),
    );
  });
  expect(refusal).toContain("could not be cloned");
});

test("the page gets named verbs only, and cannot change them", async ({ launch }) => {
  const { page } = await SealbarWindow.of(await launch());
  const seen = await page.evaluate((key) => {
    const global = globalThis as unknown as Record<string, object>;
    const api = (globalThis as unknown as Exposed).sealbar;
    const written = Reflect.set(global, key, {});
    const added = Reflect.set(api, "extra", 1) || Reflect.set(api.invoke, "extra", 1);
    return {
      node: ["require", "process", "module", "Buffer", "ipcRenderer", "electron"].filter((name) => name in globalThis),
      verbs: Object.keys(api.invoke).sort(),
      written,
      added,
    };
  }, PRELOAD_KEY);
  expect(seen).toEqual({ node: [], verbs: [...INVOKE_NAMES].sort(), written: false, added: false });
});

test("another window with the same preload is refused", async ({ launch }) => {
  const app = await launch();
  const window = await SealbarWindow.of(app);
  const opened = app.electron.waitForEvent("window");
  await app.inMain(async ({ app, BrowserWindow }, origin) => {
    const preload = `${app.getAppPath()}/out/preload/preload.cjs`;
    await new BrowserWindow({ webPreferences: { preload } }).loadURL(`${origin}/index.html`);
  }, APP_ORIGIN);
  const other = await opened;
  // The driver hears of the empty page first, and of the one that is loaded into it later.
  await expect(new SealbarWindow(other).sections).toBeVisible();
  const answer = await other.evaluate(() => (globalThis as unknown as Exposed).sealbar.invoke.snapshot(null));
  expect(answer).toMatchObject(FORBIDDEN);
  await window.isAt("Timeline");
});

test("the window itself is refused once it shows another origin", async ({ launch }) => {
  const app = await launch();
  const { page } = await SealbarWindow.of(app);
  await app.inMain(({ BrowserWindow, session }) => {
    // The request filter and the navigation policy would stop this: here only the sender check stands.
    session.defaultSession.webRequest.onBeforeRequest(null);
    void BrowserWindow.getAllWindows()[0]
      ?.loadURL("data:text/html,<title>elsewhere</title>")
      .catch(() => undefined);
  });
  await expect.poll(() => page.title()).toBe("elsewhere");
  const answer = await page
    .waitForFunction((key) => key in globalThis, PRELOAD_KEY)
    .then(() => page.evaluate(() => (globalThis as unknown as Exposed).sealbar.invoke.snapshot(null)));
  expect(answer).toMatchObject(FORBIDDEN);
});

test("a frame inside the window is refused", async ({ launch }) => {
  const app = await launch();
  test.skip(!app.isStandIn, "Electron gives a frame no preload; only the stand-in can send from one");
  const { page } = await SealbarWindow.of(app);
  await page.evaluate(() => document.body.append(document.createElement("iframe")));
  const frames = () =>
    app.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.mainFrame.framesInSubtree.length);
  await expect.poll(frames).toBe(2);
  for (const name of INVOKE_NAMES) {
    const ask = (frame: number) =>
      app.inMain(
        ({ BrowserWindow, standIn }, [frame, channel]) => {
          const [window] = BrowserWindow.getAllWindows();
          if (window === undefined) throw new Error("there is no window");
          return standIn.invokeFromFrame(window.webContents, frame, channel, [null]);
        },
        [frame, channelOf(name)] as const,
      );
    expect(await ask(1), `${name} from the frame`).toMatchObject(FORBIDDEN);
  }
  const fromMain = await app.inMain(({ BrowserWindow, standIn }, channel) => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) throw new Error("there is no window");
    return standIn.invokeFromFrame(window.webContents, 0, channel, [null]);
  }, channelOf("snapshot"));
  expect(fromMain, "the same way of asking, from the main frame").toMatchObject({ ok: true });
});

test("no channel beside the contract's is handled", async ({ launch }) => {
  const app = await launch();
  test.skip(!app.isStandIn, "Electron does not say which channels are handled");
  await SealbarWindow.of(app);
  const refused = await app.inMain(({ BrowserWindow, standIn }) => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) throw new Error("there is no window");
    return standIn.invokeFromFrame(window.webContents, 0, "sealbar:changed", [null]).then(() => null, String);
  });
  expect(refused).toContain("No handler registered");
});
