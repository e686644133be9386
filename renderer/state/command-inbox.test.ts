import { describe, expect, it } from "vitest";
import type { AppCommand } from "#contract/ipc.ts";
import { MemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { createCommandInbox } from "./command-inbox.ts";

describe("the command inbox", () => {
  it("keeps a command that comes before anybody listens, and hands it over once", () => {
    const bridge = new MemoryBridge();
    const inbox = createCommandInbox(bridge);
    bridge.notify("command", "show-findings");
    const heard: AppCommand[] = [];
    const stop = inbox.listen((command) => heard.push(command));
    bridge.notify("command", "find");
    expect(heard).toEqual(["show-findings", "find"]);
    stop();
    bridge.notify("command", "show-coverage");
    const later: AppCommand[] = [];
    inbox.listen((command) => later.push(command));
    expect([heard.length, later]).toEqual([2, ["show-coverage"]]);
  });
});
