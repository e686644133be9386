import { electronEvent } from "../electron-event.ts";
import { records } from "../records.ts";
import { strictEmitter } from "../strict.ts";
import { asElectron, type PartOf } from "../surface.ts";
import { appEvents } from "./app-events.ts";
import { BrowserWindow } from "./browser-window.ts";
import type * as Electron from "electron";

type Options = Electron.MenuItemConstructorOptions;

const handOut = (menu: Menu): Electron.Menu => asElectron<Electron.Menu>(menu);

/** What a role does when its item is chosen; the ones that act inside the system are only noted. */
function performRole(role: string): void {
  if (role === "quit") appEvents.emit("stand-in:quit");
  else if (role === "close") BrowserWindow.getFocusedWindow()?.close();
  else if (role === "minimize") BrowserWindow.getFocusedWindow()?.minimize();
  else records.systemCalls.push({ verb: `menu role ${role}`, args: [] });
}

class StandInMenuItem implements PartOf<Electron.MenuItem> {
  readonly id: string;
  readonly type: Electron.MenuItem["type"];
  readonly role?: Exclude<Electron.MenuItem["role"], undefined>;
  readonly accelerator: Exclude<Electron.MenuItem["accelerator"], undefined>;
  readonly submenu?: Electron.Menu;
  label: string;
  toolTip: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  click: (event?: Electron.KeyboardEvent, window?: Electron.BaseWindow, contents?: Electron.WebContents) => void;

  constructor(options: Options) {
    const { role, submenu, click } = options;
    this.id = options.id ?? "";
    this.type = options.type ?? (submenu === undefined ? "normal" : "submenu");
    // The constructor takes a few names more than an item reports.
    if (role !== undefined) this.role = role as Exclude<Electron.MenuItem["role"], undefined>;
    this.accelerator = options.accelerator ?? null;
    this.label = options.label ?? role ?? "";
    this.toolTip = options.toolTip ?? "";
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    if (submenu !== undefined) {
      this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : submenu;
    }
    const item = asElectron<Electron.MenuItem>(this);
    this.click = (event: Electron.KeyboardEvent = {}, window = BrowserWindow.getFocusedWindow() ?? undefined) => {
      if (!this.enabled) return;
      if (this.type === "checkbox") this.checked = !this.checked;
      if (click !== undefined) click(item, window, event);
      else if (role !== undefined) performRole(role);
    };
  }
}

export { StandInMenuItem as MenuItem };

let applicationMenu: Electron.Menu | null = null;

export class Menu extends strictEmitter("Menu") implements PartOf<Electron.Menu> {
  readonly items: Electron.MenuItem[] = [];

  static buildFromTemplate(template: (Options | Electron.MenuItem)[]): Electron.Menu {
    const menu = new Menu();
    for (const entry of template) {
      menu.append(
        entry instanceof StandInMenuItem
          ? asElectron<Electron.MenuItem>(entry)
          : asElectron<Electron.MenuItem>(new StandInMenuItem(entry as Options)),
      );
    }
    return handOut(menu);
  }

  static setApplicationMenu(menu: Electron.Menu | null): void {
    applicationMenu = menu;
  }

  static getApplicationMenu(): Electron.Menu | null {
    return applicationMenu;
  }

  append(item: Electron.MenuItem): void {
    this.items.push(item);
  }

  getMenuItemById(id: string): Electron.MenuItem | null {
    for (const item of this.items) {
      if (item.id === id) return item;
      const below = item.submenu?.getMenuItemById(id) ?? null;
      if (below !== null) return below;
    }
    return null;
  }

  popup(): void {
    this.emit("menu-will-show", electronEvent({}));
  }

  closePopup(): void {
    this.emit("menu-will-close", electronEvent({}));
  }
}
