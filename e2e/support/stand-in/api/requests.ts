import type { Protocol } from "../chromium/cdp.ts";
import type { Page } from "../chromium/page.ts";
import { records } from "../records.ts";
import { fromPageUrl, policyForPage } from "../scheme-urls.ts";
import { handlerOf } from "./protocol.ts";
import { hooks, matchesFilter } from "./session.ts";
import type * as Electron from "electron";

type Paused = Protocol.Fetch.requestPausedPayload;

/** Electron's names for Chromium's resource types; what has none is `other`. */
const RESOURCE_TYPES: Partial<Record<string, Electron.OnBeforeRequestListenerDetails["resourceType"]>> = {
  Document: "mainFrame",
  Stylesheet: "stylesheet",
  Script: "script",
  Image: "image",
  Font: "font",
  XHR: "xhr",
  Fetch: "xhr",
  Ping: "ping",
  CSPViolationReport: "cspReport",
  Media: "media",
  WebSocket: "webSocket",
};

/** Answers one request of a page the way the application's session would: its filter, then its protocol, else no network. */
export async function answerRequest(page: Page, paused: Paused, contentsId: number): Promise<void> {
  const url = fromPageUrl(paused.request.url);
  if (await isCancelled(page, paused, url, contentsId)) {
    records.cancelledRequests.push(url);
    return page.failRequest(paused.requestId, "BlockedByClient");
  }
  const scheme = /^[a-z][a-z0-9+.-]*(?=:)/.exec(url)?.[0] ?? "";
  if (handlerOf(scheme) !== undefined) return serve(page, paused, url, scheme);
  if (["data", "blob", "about"].includes(scheme)) return page.continueRequest(paused.requestId);
  records.offlineRequests.push(url);
  page.failRequest(paused.requestId, "InternetDisconnected");
}

async function isCancelled(page: Page, paused: Paused, url: string, contentsId: number): Promise<boolean> {
  const hook = hooks.beforeRequest;
  if (hook === null || !matchesFilter(hook.filter, url)) return false;
  const { listener } = hook;
  const inSubFrame = paused.resourceType === "Document" && paused.frameId !== page.frames.main.id;
  const details: Electron.OnBeforeRequestListenerDetails = {
    id: Number(paused.requestId.replaceAll(/\D/g, "")),
    url,
    method: paused.request.method,
    webContentsId: contentsId,
    resourceType: inSubFrame ? "subFrame" : (RESOURCE_TYPES[paused.resourceType] ?? "other"),
    referrer: "",
    // CDP gives the monotonic clock only; nothing in the application reads it.
    timestamp: 0,
    uploadData: [],
  };
  const answer = await new Promise<Electron.CallbackResponse>((resolve) => listener(details, resolve));
  if (answer.redirectURL !== undefined) throw new Error("stand-in: redirectURL is not implemented");
  return answer.cancel === true;
}

async function serve(page: Page, paused: Paused, url: string, scheme: string): Promise<void> {
  const handler = handlerOf(scheme);
  if (handler === undefined) return page.failRequest(paused.requestId, "Failed");
  const { method, headers: sent, postData } = paused.request;
  try {
    const response = await handler(
      new Request(url, { method, headers: sent, ...(postData === undefined ? {} : { body: postData }) }),
    );
    const headers = [...response.headers].map(([name, value]): [string, string] => [
      name,
      name === "content-security-policy" ? policyForPage(value) : value,
    ]);
    if (paused.frameId === page.frames.main.id && paused.resourceType === "Document") {
      page.documentStatus = response.status;
    }
    page.fulfillRequest(paused.requestId, response.status, headers, Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    process.stderr.write(`stand-in: the handler of ${scheme}: failed for ${url}: ${String(error)}\n`);
    page.failRequest(paused.requestId, "Failed");
  }
}
