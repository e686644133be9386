/** Isolated world -> main process. */
export type PageMessage =
  | { t: "send"; channel: string; args: unknown[] }
  | { t: "invoke"; id: number; channel: string; args: unknown[] }
  | { t: "preload-error"; message: string }
  | { t: "open"; url: string }
  | { t: "permission"; id: number; permission: string; check: boolean };

/** Main process -> isolated world. */
export type HostMessage =
  | { t: "event"; channel: string; args: unknown[] }
  | { t: "answer"; id: number; ok: true; value: unknown }
  | { t: "answer"; id: number; ok: false; error: string };

/** What the isolated world lends the main world, so that the page's own calls reach the application's policies. */
export interface PageHost {
  openWindow: (url: string) => void;
  askPermission: (permission: string, check: boolean) => Promise<boolean>;
}

export const WORLD_NAME = "Electron Isolated Context";
export const BINDING = "__standInPost";
export const DELIVER = "__standInDeliver";
export const INVOKE = "__standInInvoke";
export const DROPPED = "__standInDropped";
