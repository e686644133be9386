import { contextBridge, ipcRenderer, webUtils } from "electron";
import { channelOf, INVOKE_NAMES, NOTIFY_NAMES, PRELOAD_KEY } from "#contract/ipc-names.ts";
import type { PreloadApi } from "#contract/ipc.ts";

/** One function a name of the contract: the page never holds ipcRenderer and cannot name a channel. */
const invoke = INVOKE_NAMES.map((name) => [name, (request: unknown) => ipcRenderer.invoke(channelOf(name), request)]);

/** The event itself stays here: it would hand the page the sender. */
const on = NOTIFY_NAMES.map((name) => [
  name,
  (listener: (payload: unknown) => void) => {
    const deliver = (_event: unknown, payload: unknown) => listener(payload);
    ipcRenderer.on(channelOf(name), deliver);
    return () => {
      ipcRenderer.removeListener(channelOf(name), deliver);
    };
  },
]);

/** A page is not told where a file lies: of the files it is given, this says so. */
const pathOf = (file: object) => webUtils.getPathForFile(file as File);

const api: PreloadApi = { invoke: Object.fromEntries(invoke), on: Object.fromEntries(on), pathOf };
contextBridge.exposeInMainWorld(PRELOAD_KEY, api);
