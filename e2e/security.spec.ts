import { APP_ORIGIN } from "#contract/ipc-names.ts";
import { SealbarWindow } from "./pages/sealbar-window.ts";
import { expect, test } from "./support/test.ts";

test("every document comes with a strict policy", async ({ launch }) => {
  const { page } = await SealbarWindow.of(await launch());
  const response = await page.reload();
  const headers = response?.headers() ?? {};
  const policy = new Map(
    (headers["content-security-policy"] ?? "").split(";").map((directive) => {
      const [name = "", ...sources] = directive.trim().split(/\s+/);
      return [name, sources.join(" ")];
    }),
  );
  expect(policy.get("default-src")).toBe("'none'");
  expect(policy.get("script-src")).toBe("'self'");
  expect(policy.get("base-uri")).toBe("'none'");
  expect(policy.get("form-action")).toBe("'none'");
  expect(policy.get("frame-ancestors")).toBe("'none'");
  expect([...policy.values()].join(" ")).not.toMatch(/unsafe|\*|https?:|blob:/);
  expect(headers["x-content-type-options"]).toBe("nosniff");
});

test("the window is sandboxed, isolated and without Node", async ({ launch }) => {
  const app = await launch();
  await SealbarWindow.of(app);
  test.skip(!app.isStandIn, "Electron does not give a window's options back");
  const windows = await app.inMain(({ standIn }) => standIn.windows.map(({ options }) => options.webPreferences));
  expect(windows).toHaveLength(1);
  expect(windows[0]).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
  expect(windows[0]).not.toHaveProperty("nodeIntegrationInSubFrames", true);
  expect(windows[0]).not.toHaveProperty("allowRunningInsecureContent", true);
  expect(windows[0]).not.toHaveProperty("experimentalFeatures", true);
});

test("eval, inline script and style, and everything remote are blocked", async ({ launch }) => {
  const app = await launch();
  const { page } = await SealbarWindow.of(app);
  // Reloaded, because Playwright's first evaluation in a page may come before its policy.
  await page.reload();
  const outcome = await page.evaluate(async () => {
    const global = globalThis as unknown as Record<string, unknown>;
    const refused: string[] = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
      refused.push(`${effectiveDirective} ${blockedURI}`),
    );
    const script = document.createElement("script");
    script.textContent = "globalThis.__inline = true";
    document.body.append(script);
    const style = document.createElement("style");
    style.textContent = "body { --inline: yes }";
    document.head.append(style);
    const load = (tag: "img" | "script", src: string): Promise<string> =>
      new Promise((resolve) => {
        const element = document.createElement(tag);
        element.addEventListener("load", () => resolve("loaded"));
        element.addEventListener("error", () => resolve("blocked"));
        element.src = src;
        document.body.append(element);
      });
    // That text is run as code is what the policy must stop.
    // oxlint-disable-next-line typescript/no-implied-eval
    setTimeout("globalThis.__timer = true", 0);
    navigator.sendBeacon("https://remote.example/beacon", "x");
    const outcomeOf = (target: EventTarget): Promise<string> =>
      new Promise((resolve) => {
        target.addEventListener("error", () => resolve("blocked"));
        target.addEventListener("open", () => resolve("opened"));
        target.addEventListener("message", () => resolve("ran"));
      });
    const opened = outcomeOf(new WebSocket("wss://remote.example/socket"));
    const ran = outcomeOf(new Worker("data:text/javascript,postMessage(0)"));
    return {
      fetch: await fetch("https://remote.example/fetch").then(String, (error: Error) => error.name),
      socket: await opened,
      worker: await ran,
      inline: "__inline" in global,
      style: getComputedStyle(document.body).getPropertyValue("--inline"),
      image: await load("img", "https://remote.example/i.png"),
      script: await load("script", "https://remote.example/s.js"),
      refused,
    };
  });
  expect(outcome).toMatchObject({
    inline: false,
    style: "",
    image: "blocked",
    script: "blocked",
    fetch: "TypeError",
    socket: "blocked",
    worker: "blocked",
  });
  expect(outcome.refused).toEqual(
    expect.arrayContaining([
      "script-src-elem inline",
      "style-src-elem inline",
      "script-src eval",
      "connect-src https://remote.example/beacon",
      "connect-src https://remote.example/fetch",
      "connect-src wss://remote.example/socket",
      "worker-src data",
      "img-src https://remote.example/i.png",
      "script-src-elem https://remote.example/s.js",
    ]),
  );
  expect(await page.evaluate(() => "__timer" in globalThis)).toBe(false);
  // DevTools evaluates above the policy, so `eval` itself is tried from a script of the page's own.
  const evaluated = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective), {
          once: true,
        });
        // oxlint-disable-next-line typescript/no-implied-eval
        setTimeout("1", 0);
      }),
  );
  expect(evaluated).toContain("script-src");
  if (app.isStandIn) {
    expect(await app.inMain(({ standIn }) => standIn.offlineRequests), "requests that left the policy").toEqual([]);
  }
});

test("the request filter stands behind the policy: another origin is refused even where nothing else would", async ({
  launch,
}) => {
  const app = await launch();
  await SealbarWindow.of(app);
  await app.inMain(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]
      ?.loadURL("https://remote.example/")
      .catch(() => undefined),
  );
  test.skip(!app.isStandIn, "the stand-in's record says who refused it");
  expect(await app.inMain(({ standIn }) => standIn.cancelledRequests)).toContain("https://remote.example/");
});

test("navigation and new windows are denied", async ({ launch }) => {
  const app = await launch();
  const { page, isAt } = await SealbarWindow.of(app).then((window) => ({
    page: window.page,
    isAt: () => window.isAt("Timeline"),
  }));
  const here = page.url();
  const attempts: (() => void)[] = [
    () => void (location.href = "https://remote.example/"),
    () => location.assign("https://remote.example/assigned"),
    () => {
      const link = Object.assign(document.createElement("a"), { href: "https://remote.example/link" });
      document.body.append(link);
      link.click();
      link.remove();
    },
    () => {
      const link = Object.assign(document.createElement("a"), { href: "https://remote.example/x", target: "_blank" });
      document.body.append(link);
      link.click();
      link.remove();
    },
    () => {
      const refresh = document.createElement("meta");
      refresh.httpEquiv = "refresh";
      refresh.content = "0; url=https://remote.example/refreshed";
      document.head.append(refresh);
    },
    () => void window.open("https://remote.example/opened"),
    () => void window.open("file:///etc/passwd"),
    () => void window.open("about:blank"),
  ];
  for (const attempt of attempts) await page.evaluate(attempt);
  expect(await page.evaluate(() => window.open("https://remote.example/again"))).toBeNull();
  await isAt();
  expect(page.url()).toBe(here);
  expect(app.electron.windows()).toHaveLength(1);
  if (app.isStandIn) {
    // The page's calls return before the main process has heard of them.
    await expect.poll(() => app.inMain(({ standIn }) => standIn.windowOpens.length)).toBeGreaterThanOrEqual(5);
    const { windowOpens, strayWindows } = await app.inMain(({ standIn }) => ({
      windowOpens: standIn.windowOpens,
      strayWindows: standIn.strayWindows,
    }));
    expect(windowOpens.filter(({ action }) => action !== "deny")).toEqual([]);
    expect(strayWindows).toEqual([]);
  }
});

test("no permission is granted", async ({ launch }) => {
  const app = await launch();
  const { page } = await SealbarWindow.of(app);
  const granted = await page.evaluate(async () => {
    const outcome = (promise: Promise<unknown> | undefined): Promise<string> =>
      promise === undefined ? Promise.resolve("absent") : promise.then(String, (error: Error) => error.name);
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    return {
      notifications: await outcome(Notification.requestPermission()),
      clipboard: await outcome(navigator.clipboard.readText()),
      camera: await outcome(devices?.getUserMedia({ video: true })),
      screen: await outcome(devices?.getDisplayMedia()),
      place: await new Promise((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve("granted"),
          (error) => resolve(error.code),
        );
      }),
    };
  });
  expect(granted).toMatchObject({ notifications: "denied", place: 1 });
  expect([granted.clipboard, granted.camera, granted.screen]).toEqual([
    "NotAllowedError",
    "NotAllowedError",
    "NotAllowedError",
  ]);
  if (app.isStandIn) {
    const asked = await app.inMain(({ standIn }) => standIn.permissions);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((answer) => answer.granted)).toEqual([]);
  }
});

test("the app's own scheme serves nothing outside the renderer's folder", async ({ launch }) => {
  const app = await launch();
  await SealbarWindow.of(app);
  const paths = [
    "/../main/main.js",
    "/%2e%2e/main/main.js",
    "/..%2fmain%2fmain.js",
    "/no-such-file.js",
    "//etc/passwd",
  ];
  for (const path of paths) {
    const outcome = await app.inMain(async ({ BrowserWindow }, url) => {
      const window = new BrowserWindow({ show: false });
      const outcome = await window.loadURL(url).then(() => "served", String);
      window.destroy();
      return outcome;
    }, `${APP_ORIGIN}${path}`);
    expect(outcome, path).toContain("ERR_HTTP_RESPONSE_CODE_FAILURE");
  }
});
