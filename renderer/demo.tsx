import { MemoryBridge } from "./bridge/memory-bridge.ts";
import {
  acceptedScenario,
  degradedScenario,
  firstRunScenario,
  freshScenario,
  fullScenario,
  troubledScenario,
  watchedScenario,
} from "./bridge/sample/scenarios.ts";
import { mount } from "./mount.tsx";

// A page for development only: ?scene=fresh|full|troubled|first-run|watched|degraded|accepted|failing|unanswered|slow, and `bridge` in the console.
const SCENES: Record<string, () => MemoryBridge> = {
  fresh: () => new MemoryBridge(freshScenario()),
  full: () => new MemoryBridge(fullScenario()),
  troubled: () => new MemoryBridge(troubledScenario()),
  "first-run": () => new MemoryBridge(firstRunScenario()),
  watched: () => new MemoryBridge(watchedScenario()),
  degraded: () => new MemoryBridge(degradedScenario()),
  accepted: () => new MemoryBridge(acceptedScenario()),
  unanswered: () => {
    const bridge = new MemoryBridge(watchedScenario());
    for (const name of ["postureJournal", "acceptBaseline", "monitorSettings"] as const)
      bridge.fail(name, "The monitor did not answer in time.");
    return bridge;
  },
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
