import { MemoryBridge } from "./bridge/memory-bridge.ts";
import { freshScenario, fullScenario, troubledScenario } from "./bridge/sample/scenarios.ts";
import { mount } from "./mount.tsx";

// A page for development only: ?scene=fresh|full|troubled|failing|slow, and `bridge` in the console.
const SCENES: Record<string, () => MemoryBridge> = {
  fresh: () => new MemoryBridge(freshScenario()),
  full: () => new MemoryBridge(fullScenario()),
  troubled: () => new MemoryBridge(troubledScenario()),
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
