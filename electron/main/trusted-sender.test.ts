import { describe, expect, it } from "vitest";
import { isTrustedSender } from "./trusted-sender.ts";

const WINDOW = 7;
const frame = (origin: string, parent: unknown = null) => ({ sender: { id: WINDOW }, senderFrame: { parent, origin } });

describe("isTrustedSender", () => {
  it("trusts the main frame of the window at the app's own origin", () => {
    expect(isTrustedSender(frame("app://sealbar"), WINDOW)).toBe(true);
  });

  it.each([
    ["another host", frame("app://other")],
    ["a longer host that begins the same", frame("app://sealbar.example")],
    ["the web", frame("https://sealbar")],
    ["a file", frame("file://")],
    ["an opaque origin (about:blank, data:, sandboxed)", frame("null")],
    ["no origin", frame("")],
    ["a frame inside the page", frame("app://sealbar", { origin: "app://sealbar" })],
    ["another window", { ...frame("app://sealbar"), sender: { id: WINDOW + 1 } }],
    ["a frame that is gone", { sender: { id: WINDOW }, senderFrame: null }],
  ])("refuses %s", (_what, event) => {
    expect(isTrustedSender(event, WINDOW)).toBe(false);
  });

  it("refuses everyone while there is no window", () => {
    expect(isTrustedSender(frame("app://sealbar"), null)).toBe(false);
  });
});
