import type { MenuItemConstructorOptions } from "electron";
import { describe, expect, it } from "vitest";
import { AppCommand } from "#contract/ipc.ts";
import { appMenuTemplate } from "./app-menu.ts";

function flat(items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

function menu() {
  const commands: AppCommand[] = [];
  const nothing = () => undefined;
  const template = appMenuTemplate(
    {
      open: nothing,
      chooseRecording: nothing,
      playDemo: nothing,
      closeRecording: nothing,
      command: (command) => commands.push(command),
      togglePopover: nothing,
      quit: nothing,
    },
    false,
  );
  return { items: flat(template), commands };
}

describe("appMenuTemplate", () => {
  it("reaches every command of the contract", () => {
    const { items, commands } = menu();
    for (const item of items) (item.click as (() => void) | undefined)?.();
    expect(new Set(commands)).toEqual(new Set(AppCommand.options));
  });

  it("gives each shortcut to one item only", () => {
    const shortcuts = menu().items.flatMap((item) => (item.accelerator === undefined ? [] : [item.accelerator]));
    expect(shortcuts).toEqual([...new Set(shortcuts)]);
  });

  it("has the roles that text fields and windows need, and no developer tools", () => {
    const roles = menu().items.map((item) => item.role);
    expect(roles).toEqual(expect.arrayContaining(["copy", "paste", "selectAll", "close", "quit", "about"]));
    expect(roles).not.toContain("toggleDevTools");
    expect(roles).not.toContain("reload");
  });
});
