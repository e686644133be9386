import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { Bridge } from "./bridge/bridge.ts";
import { MenuBarView } from "./menubar/menu-bar-view.tsx";
import "./ui/tokens.css";
import "./ui/base.css";

/** The page's address names what it is: the same files serve the window and the menu bar's popover. */
export const MENU_BAR_HASH = "#menu-bar";

/** Puts the menu bar's popover together over a bridge. */
export function mountMenuBar(bridge: Bridge): void {
  const root = document.getElementById("root");
  if (root === null) return;
  document.documentElement.dataset.page = "menu-bar";
  createRoot(root).render(
    <StrictMode>
      <MenuBarView bridge={bridge} now={Date.now} />
    </StrictMode>,
  );
}
