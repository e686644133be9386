import path from "node:path";
import { Menu, nativeImage, Tray } from "electron";
import type { AppActions } from "./app-actions.ts";
import { TRAY_ICONS, type TrayIcon, type TrayState } from "./tray-state.ts";

/** The seal in the menu bar: its picture, its tooltip and its menu say the same thing. */
export class StatusItem {
  readonly #tray: Tray;
  readonly #images: Record<TrayIcon, Electron.NativeImage>;
  readonly #actions: AppActions;
  #shown: TrayState;

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
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: state.sentence, enabled: false },
        { type: "separator" },
        { id: "open", label: "Open Sealbar", click: () => this.#actions.open() },
        { id: "open-recording", label: "Open a Recording…", click: () => this.#actions.chooseRecording() },
        { id: "play-demo", label: "Play the Demo", click: () => this.#actions.playDemo() },
        { type: "separator" },
        { id: "settings", label: "Settings…", click: () => this.#actions.command("show-settings") },
        { type: "separator" },
        { id: "quit", label: "Quit Sealbar", click: () => this.#actions.quit() },
      ]),
    );
  }
}
