import path from "node:path";
import { Menu, nativeImage, Tray } from "electron";
import { TRAY_ICONS, type TrayIcon } from "#contract/menu-bar.ts";
import type { AppActions } from "./app-actions.ts";
import type { TrayState } from "./tray-state.ts";

/**
 * The seal in the menu bar: its picture, its tooltip, its popover and its menu say the same thing. A click opens the
 * popover; on a Mac the menu comes with a right click, or with Control held.
 */
export class StatusItem {
  readonly #tray: Tray;
  readonly #images: Record<TrayIcon, Electron.NativeImage>;
  readonly #actions: AppActions;
  #shown: TrayState;
  #menu: Menu;

  /** @param icons folder of the template images, whose names macOS and Electron read (…Template.png, …Template@2x.png) */
  constructor(icons: string, first: TrayState, actions: AppActions) {
    const image = (icon: TrayIcon) => nativeImage.createFromPath(path.join(icons, `${icon}Template.png`));
    this.#images = Object.fromEntries(TRAY_ICONS.map((icon) => [icon, image(icon)])) as Record<
      TrayIcon,
      Electron.NativeImage
    >;
    this.#actions = actions;
    this.#shown = first;
    this.#tray = new Tray(this.#images[first.icon]);
    this.#tray.on("click", (event, bounds) => {
      if (event.ctrlKey === true) this.#tray.popUpContextMenu(this.#menu);
      else actions.togglePopover(bounds);
    });
    this.#tray.on("right-click", () => this.#tray.popUpContextMenu(this.#menu));
    this.#menu = menuFor(first, actions);
    this.#apply(first);
  }

  /** Changes nothing that is already shown: a menu that is rebuilt closes under the user's pointer. */
  show(state: TrayState): void {
    if (state.icon === this.#shown.icon && state.sentence === this.#shown.sentence) return;
    this.#tray.setImage(this.#images[state.icon]);
    this.#apply(state);
    this.#shown = state;
  }

  #apply(state: TrayState): void {
    this.#tray.setToolTip(`Sealbar: ${state.sentence}`);
    this.#menu = menuFor(state, this.#actions);
    // A Mac that is given a menu opens it with every click, and then there is no popover.
    if (process.platform !== "darwin") this.#tray.setContextMenu(this.#menu);
  }
}

function menuFor(state: TrayState, actions: AppActions): Menu {
  return Menu.buildFromTemplate([
    { label: state.sentence, enabled: false },
    { type: "separator" },
    { id: "open", label: "Open Sealbar", click: () => actions.open() },
    { id: "open-recording", label: "Open a Recording…", click: () => actions.chooseRecording() },
    { id: "play-demo", label: "Play the Demo", click: () => actions.playDemo() },
    { type: "separator" },
    { id: "settings", label: "Settings…", click: () => actions.command("show-settings") },
    { type: "separator" },
    { id: "quit", label: "Quit Sealbar", click: () => actions.quit() },
  ]);
}
