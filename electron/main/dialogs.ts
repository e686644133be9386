import { dialog } from "electron";
import { CAPTURE_ENDINGS } from "./handed-file.ts";

/** Asks for a capture; null when the user changed their mind. */
export async function chooseCapture(): Promise<string | null> {
  const chosen = await dialog.showOpenDialog({
    title: "Open a Recording",
    properties: ["openFile"],
    filters: [
      { name: "Recordings", extensions: CAPTURE_ENDINGS },
      { name: "All Files", extensions: ["*"] },
    ],
  });
  return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
}

/**
 * Asks for a file to inspect; null when the user changed their mind. Bundles are chosen as the one thing they look like:
 * macOS lets only packages of all directories be chosen where files are asked for.
 */
export async function chooseFile(): Promise<string | null> {
  const chosen = await dialog.showOpenDialog({
    title: "Inspect a File",
    message: "Choose an app or any other file. It is read, and nothing else is done to it.",
    buttonLabel: "Inspect",
    properties: ["openFile", "showHiddenFiles"],
  });
  return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
}

/** Asks for a folder with Sigma rules; null when the user changed their mind. */
export async function chooseRulesFolder(): Promise<string | null> {
  const chosen = await dialog.showOpenDialog({
    title: "Add a Folder of Rules",
    message: "Choose a folder with Sigma rules. They are read, and nothing else is done to them.",
    buttonLabel: "Add",
    properties: ["openDirectory"],
  });
  return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
}

/** Says that something asked for outside the window did not work. */
export async function sayProblem(title: string, problem: string): Promise<void> {
  await dialog.showMessageBox({ type: "warning", message: title, detail: problem });
}
