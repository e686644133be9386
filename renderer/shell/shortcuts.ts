import type { Command } from "./commands.ts";

interface Shortcut {
  /** KeyboardEvent.key with Cmd (Ctrl elsewhere). */
  key: string;
  command: Command;
  shown: string;
  does: string;
}

/** With Cmd on a Mac and Ctrl elsewhere. */
export const SHORTCUTS: readonly Shortcut[] = [
  { key: "1", command: "show-timeline", shown: "1", does: "Timeline" },
  { key: "2", command: "show-findings", shown: "2", does: "Findings" },
  { key: "3", command: "show-posture", shown: "3", does: "Posture" },
  { key: "4", command: "show-coverage", shown: "4", does: "Coverage" },
  { key: "5", command: "show-settings", shown: "5", does: "Settings" },
  { key: "f", command: "find", shown: "F", does: "Search the timeline" },
  { key: "[", command: "back", shown: "[", does: "Back" },
  { key: "]", command: "forward", shown: "]", does: "Forward" },
  { key: "/", command: "show-shortcuts", shown: "/", does: "This list" },
];

/** The menu alone carries these out: a key that toggles must not be answered twice. */
export const MENU_KEYS: readonly { mac: string; elsewhere: string; does: string }[] = [
  { mac: "⌘L", elsewhere: "Ctrl L", does: "Pause or resume live" },
  { mac: "⌥⌘0", elsewhere: "Ctrl Alt 0", does: "Show or hide the inspector" },
  { mac: "⌘I", elsewhere: "Ctrl I", does: "Inspect a file" },
  { mac: "⌘O", elsewhere: "Ctrl O", does: "Open a recording" },
  { mac: "⌘W", elsewhere: "Ctrl W", does: "Close the window" },
];

/** Without a modifier, inside a list. */
export const LIST_KEYS: readonly { shown: string; does: string }[] = [
  { shown: "↑ ↓", does: "Move the selection" },
  { shown: "Return", does: "Open, and go into the inspector" },
  { shown: "Space", does: "Preview in the inspector" },
  { shown: "⌘C or Ctrl C", does: "Copy the selected row" },
  { shown: "Esc", does: "Close the innermost thing" },
];

/** The command a key press asks for, if any. */
export function commandFor(
  event: Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "altKey" | "shiftKey">,
): Command | null {
  if (event.key === "Escape") return "close";
  // Shift is left alone: on many keyboards "/" and "[" need it.
  if (event.altKey || event.metaKey === event.ctrlKey) return null;
  return SHORTCUTS.find(({ key }) => key === event.key.toLowerCase())?.command ?? null;
}
