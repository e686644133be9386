import { MemoryBridge } from "./bridge/memory-bridge.ts";
import {
  degradedScenario,
  firstRunScenario,
  freshScenario,
  fullScenario,
  troubledScenario,
  watchedScenario,
} from "./bridge/sample/scenarios.ts";
import { mount } from "./mount.tsx";

// A page for development only: ?scene=fresh|full|troubled|first-run|watched|degraded|failing|slow, and `bridge` in the console.
const SCENES: Record<string, () => MemoryBridge> = {
  fresh: () => new MemoryBridge(freshScenario()),
  full: () => new MemoryBridge(fullScenario()),
  troubled: () => new MemoryBridge(troubledScenario()),
  "first-run": () => new MemoryBridge(firstRunScenario()),
  watched: () => new MemoryBridge(watchedScenario()),
  degraded: () => new MemoryBridge(degradedScenario()),
  slow: () => new MemoryBridge(fullScenario(), () => new Promise(() => undefined)),
  failing: () => {
    const bridge = new MemoryBridge(fullScenario());
    bridge.fail("snapshot", "The monitor did not start.");
    return bridge;
  },
};

const scene = new URLSearchParams(location.search).get("scene") ?? "full";
const bridge = (SCENES[scene] ?? (() => new MemoryBridge(fullScenario())))();
Object.assign(window, { bridge });
mount(bridge);
