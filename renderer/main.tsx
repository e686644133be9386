import { windowBridge } from "./bridge/window-bridge.ts";
import { mount } from "./mount.tsx";
import { MENU_BAR_HASH, mountMenuBar } from "./mount-menu-bar.tsx";

const bridge = windowBridge(window);
if (bridge === null) document.body.textContent = "Sealbar’s window was opened without its bridge.";
else if (window.location.hash === MENU_BAR_HASH) mountMenuBar(bridge);
else mount(bridge);
