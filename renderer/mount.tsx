import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { Bridge } from "./bridge/bridge.ts";
import { App } from "./shell/app.tsx";
import { browserScheduler } from "./state/scheduler.ts";
import { createStores } from "./state/stores.ts";
import "./ui/tokens.css";
import "./ui/base.css";

/** Puts the window together over a bridge. */
export function mount(bridge: Bridge): void {
  const root = document.getElementById("root");
  if (root === null) return;
  const stores = createStores({ bridge, scheduler: browserScheduler, now: Date.now });
  createRoot(root).render(
    <StrictMode>
      <App stores={stores} />
    </StrictMode>,
  );
}
