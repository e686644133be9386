import { describe, expect, it } from "vitest";
import { displayName, fileName } from "./code-root.ts";

const XCODE = "/Applications/Xcode.app/Contents";
const CHAT = "/Applications/Northwind Chat.app";

describe("displayName", () => {
  it.each([
    ["/Users/ana/Downloads/Invoice Viewer.app", "Invoice Viewer"],
    ["/Users/ana/Downloads/Invoice Viewer.app/", "Invoice Viewer"],
    ["/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer", "Invoice Viewer"],
    ["/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/updater", "updater (Invoice Viewer)"],
    ["/Applications/Lantern.app/Contents/MacOS/lantern", "Lantern"],
    [`${XCODE}/MacOS/Xcode`, "Xcode"],
    [`${XCODE}/Developer/usr/bin/git`, "git"],
    [
      `${CHAT}/Contents/Frameworks/Northwind Chat Helper.app/Contents/MacOS/Northwind Chat Helper`,
      "Northwind Chat Helper",
    ],
    ["/System/Library/Frameworks/CoreServices.framework/Support/mdworker_shared", "mdworker_shared"],
    ["/System/Library/CoreServices/backupd.bundle/Contents/Resources/backupd", "backupd"],
    ["/usr/bin/true", "true"],
    ["/.app/Contents/MacOS/x", "x"],
    [".app/Contents/MacOS/x", "x"],
    ["/", "/"],
    ["", ""],
  ])("%s is %s", (path, name) => {
    expect(displayName(path)).toBe(name);
  });
});

describe("fileName", () => {
  it.each([
    ["/Users/ana/Downloads/Invoice Viewer.app", "Invoice Viewer"],
    ["/Users/ana/Downloads/Invoice Viewer.app/Contents/Resources/AppIcon.icns", "AppIcon.icns (Invoice Viewer)"],
    ["/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer", "Invoice Viewer"],
    ["/Users/ana/Documents/plan.txt", "plan.txt"],
  ])("%s is %s", (path, name) => {
    expect(fileName(path)).toBe(name);
  });
});
