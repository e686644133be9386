import { records } from "../records.ts";
import { hooks } from "./session.ts";
import type * as Electron from "electron";

type RequestArgs = Parameters<NonNullable<Parameters<Electron.Session["setPermissionRequestHandler"]>[0]>>;
type CheckArgs = Parameters<NonNullable<Parameters<Electron.Session["setPermissionCheckHandler"]>[0]>>;

/** Puts a page's wish to the application's handlers; like Electron, without a handler it is granted. */
export async function askPermission(
  contents: Electron.WebContents,
  frame: Electron.WebFrameMain,
  permission: string,
  check: boolean,
): Promise<boolean> {
  const isMainFrame = frame.parent === null;
  const details = { isMainFrame, requestingUrl: frame.url, securityOrigin: `${frame.origin}/` };
  const checked = hooks.permissionCheck?.(contents, permission as CheckArgs[1], frame.origin, details) ?? true;
  records.permissions.push({ kind: "check", permission, granted: checked });
  if (check) return checked;
  const handler = hooks.permissionRequest;
  const granted =
    handler === null ||
    (await new Promise<boolean>((resolve) => {
      handler(contents, permission as RequestArgs[1], resolve, details);
    }));
  records.permissions.push({ kind: "request", permission, granted });
  return granted;
}
