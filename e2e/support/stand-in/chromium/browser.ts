import { environment } from "../environment.ts";
import { records } from "../records.ts";
import { type Chromium, launchChromium } from "./launch.ts";

let chromium: Chromium | null = null;
const ours = new Set<string>();

/** Starts the browser that holds the windows; resolves once it can be driven. */
export async function startBrowser(): Promise<void> {
  chromium = await launchChromium(environment().chromium);
  const { root } = chromium.connection;
  root.on("Target.targetCreated", ({ targetInfo }) => {
    if (targetInfo.type !== "page" || targetInfo.openerId === undefined || ours.has(targetInfo.targetId)) return;
    records.strayWindows.push(targetInfo.url);
    void root.send("Target.closeTarget", { targetId: targetInfo.targetId }).catch(() => undefined);
  });
  await root.send("Target.setDiscoverTargets", { discover: true });
  process.stderr.write(`\nDevTools listening on ${chromium.endpoint}\n`);
}

export function browser(): Chromium {
  if (chromium === null) throw new Error("stand-in: the browser has not been started");
  return chromium;
}

export async function stopBrowser(): Promise<void> {
  await chromium?.close();
  chromium = null;
}

/** Opens an empty tab: the target id it is known by and a session to drive it. */
export async function openTarget(width: number, height: number) {
  const { connection } = browser();
  const { targetId } = await connection.root.send("Target.createTarget", {
    url: "about:blank",
    width,
    height,
    newWindow: true,
  });
  ours.add(targetId);
  const { sessionId } = await connection.root.send("Target.attachToTarget", { targetId, flatten: true });
  return { targetId, session: connection.session(sessionId) };
}

export async function closeTarget(targetId: string): Promise<void> {
  await chromium?.connection.root.send("Target.closeTarget", { targetId }).catch(() => undefined);
}
