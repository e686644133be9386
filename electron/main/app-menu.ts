import type { MenuItemConstructorOptions } from "electron";
import type { AppCommand } from "#contract/ipc.ts";
import type { AppActions } from "./app-actions.ts";

/**
 * The application menu. A menu-bar app's menu is seldom on screen, but its shortcuts are what the window answers to.
 * @param developerTools adds the item that opens them
 */
export function appMenuTemplate(actions: AppActions, developerTools: boolean): MenuItemConstructorOptions[] {
  const command = (label: string, name: AppCommand, accelerator: string): MenuItemConstructorOptions => ({
    id: name,
    label,
    accelerator,
    click: () => actions.command(name),
  });
  return [
    {
      label: "Sealbar",
      submenu: [
        { role: "about" },
        { type: "separator" },
        { ...command("Settings…", "show-settings", "CmdOrCtrl+,"), id: "settings" },
        { type: "separator" },
        { role: "services" },
        { type: "separator" },
        { role: "hide" },
        { role: "hideOthers" },
        { role: "unhide" },
        { type: "separator" },
        { role: "quit" },
      ],
    },
    {
      label: "File",
      submenu: [
        {
          id: "open-recording",
          label: "Open a Recording…",
          accelerator: "CmdOrCtrl+O",
          click: () => actions.chooseRecording(),
        },
        { id: "play-demo", label: "Play the Demo", click: () => actions.playDemo() },
        { id: "close-recording", label: "Close Recording", click: () => actions.closeRecording() },
        { type: "separator" },
        command("Inspect a File…", "inspect-file", "CmdOrCtrl+I"),
        { type: "separator" },
        { role: "close" },
      ],
    },
    {
      label: "Edit",
      submenu: [
        { role: "undo" },
        { role: "redo" },
        { type: "separator" },
        { role: "cut" },
        { role: "copy" },
        { role: "paste" },
        { role: "selectAll" },
        { type: "separator" },
        command("Find…", "find", "CmdOrCtrl+F"),
      ],
    },
    {
      label: "View",
      submenu: [
        command("Timeline", "show-timeline", "CmdOrCtrl+1"),
        command("Findings", "show-findings", "CmdOrCtrl+2"),
        command("Posture", "show-posture", "CmdOrCtrl+3"),
        command("Coverage", "show-coverage", "CmdOrCtrl+4"),
        command("Settings", "show-settings", "CmdOrCtrl+5"),
        { type: "separator" },
        command("Back", "back", "CmdOrCtrl+["),
        command("Forward", "forward", "CmdOrCtrl+]"),
        { type: "separator" },
        command("Pause or Resume Live", "toggle-live", "CmdOrCtrl+L"),
        command("Show or Hide Inspector", "toggle-inspector", "CmdOrCtrl+Alt+0"),
        { type: "separator" },
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { type: "separator" },
        { role: "togglefullscreen" },
        ...(developerTools ? [{ role: "toggleDevTools" } as const] : []),
      ],
    },
    { label: "Window", role: "windowMenu" },
    { label: "Help", role: "help", submenu: [command("Keyboard Shortcuts", "show-shortcuts", "CmdOrCtrl+/")] },
  ];
}
