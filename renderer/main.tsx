import { windowBridge } from "./bridge/window-bridge.ts";
import { mount } from "./mount.tsx";

const bridge = windowBridge(window);
if (bridge === null) document.body.textContent = "Sealbar’s window was opened without its bridge.";
else mount(bridge);
