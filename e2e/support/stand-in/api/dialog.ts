import { records } from "../records.ts";
import { strictObject } from "../strict.ts";
import { partOf } from "../surface.ts";
import type * as Electron from "electron";

/** Both of Electron's call shapes: `(options)` and `(window, options)`. */
function optionsOf<Options>(args: [Options] | [unknown, Options]): Options {
  return args.length === 1 ? args[0] : args[1];
}

/** Notes the dialog and gives the scripted reply, or what closing it without an answer gives. */
function reply<Answer>(verb: string, options: unknown, cancelled: Answer): Promise<Answer> {
  records.dialogs.push({ verb, options });
  return Promise.resolve((records.dialogReplies.shift() as Answer | undefined) ?? cancelled);
}

type MessageArgs = [Electron.MessageBoxOptions] | [Electron.BaseWindow, Electron.MessageBoxOptions];
type OpenArgs = [Electron.OpenDialogOptions] | [Electron.BaseWindow, Electron.OpenDialogOptions];
type SaveArgs = [Electron.SaveDialogOptions] | [Electron.BaseWindow, Electron.SaveDialogOptions];

export const dialog = strictObject(
  "dialog",
  partOf<Electron.Dialog>()({
    showMessageBox(...args: MessageArgs): Promise<Electron.MessageBoxReturnValue> {
      const options = optionsOf<Electron.MessageBoxOptions>(args);
      return reply("showMessageBox", options, { response: options.cancelId ?? 0, checkboxChecked: false });
    },
    showOpenDialog(...args: OpenArgs): Promise<Electron.OpenDialogReturnValue> {
      return reply("showOpenDialog", optionsOf<Electron.OpenDialogOptions>(args), { canceled: true, filePaths: [] });
    },
    showSaveDialog(...args: SaveArgs): Promise<Electron.SaveDialogReturnValue> {
      return reply("showSaveDialog", optionsOf<Electron.SaveDialogOptions>(args), { canceled: true, filePath: "" });
    },
    showErrorBox(title: string, content: string): void {
      records.dialogs.push({ verb: "showErrorBox", options: { title, content } });
    },
  }),
);
