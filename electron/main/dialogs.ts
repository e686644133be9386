import { dialog } from "electron";

/** Asks for a capture; null when the user changed their mind. */
export async function chooseCapture(): Promise<string | null> {
  const chosen = await dialog.showOpenDialog({
    title: "Open a Recording",
    properties: ["openFile"],
    filters: [
      { name: "Recordings", extensions: ["jsonl", "ndjson", "json", "gz", "sealcap"] },
      { name: "All Files", extensions: ["*"] },
    ],
  });
  return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
}

/** Says that something asked for outside the window did not work. */
export async function sayProblem(title: string, problem: string): Promise<void> {
  await dialog.showMessageBox({ type: "warning", message: title, detail: problem });
}
