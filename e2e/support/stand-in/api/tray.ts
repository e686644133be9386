import { electronEvent } from "../electron-event.ts";
import { records } from "../records.ts";
import { strictEmitter } from "../strict.ts";
import type { PartOf } from "../surface.ts";
import { nativeImage } from "./native-image.ts";
import type * as Electron from "electron";

/** The status item: what it shows is kept for tests. */
export class Tray extends strictEmitter("Tray") implements PartOf<Electron.Tray> {
  #image: Electron.NativeImage;
  #title = "";
  #toolTip = "";
  #menu: Electron.Menu | null = null;
  #destroyed = false;

  constructor(image: Electron.NativeImage | string) {
    super();
    this.#image = typeof image === "string" ? nativeImage.createFromPath(image) : image;
    if (this.#image.isEmpty()) process.stderr.write("stand-in: the tray has an empty image\n");
    records.trays.push({
      image: () => this.#image,
      title: () => this.#title,
      toolTip: () => this.#toolTip,
      menu: () => this.#menu,
      click: () => this.emit("click", electronEvent({}), this.getBounds(), { x: 0, y: 0 }),
      destroyed: () => this.#destroyed,
    });
  }

  setImage(image: Electron.NativeImage | string): void {
    this.#image = typeof image === "string" ? nativeImage.createFromPath(image) : image;
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  getTitle(): string {
    return this.#title;
  }

  setToolTip(toolTip: string): void {
    this.#toolTip = toolTip;
  }

  setContextMenu(menu: Electron.Menu | null): void {
    this.#menu = menu;
  }

  popUpContextMenu(menu?: Electron.Menu): void {
    (menu ?? this.#menu)?.popup();
  }

  closeContextMenu(): void {
    this.#menu?.closePopup();
  }

  getBounds(): Electron.Rectangle {
    return { x: 1200, y: 0, width: 24, height: 24 };
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  destroy(): void {
    this.#destroyed = true;
  }
}
