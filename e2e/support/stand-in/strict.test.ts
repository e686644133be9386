import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { strictEmitter, strictObject } from "./strict.ts";

class Window extends strictEmitter("Window") {
  #title = "";

  get title(): string {
    return this.#title;
  }

  setTitle(title: string): void {
    this.#title = title;
    this.emit("titled", title);
  }
}
const loose = (value: object): Record<string, () => unknown> => value as Record<string, () => unknown>;

describe("what is not implemented", () => {
  it("throws when it is called, read or written, and says what it was", () => {
    const window = new Window();
    expect(() => loose(window)["setFoo"]).toThrow("stand-in: Window.setFoo is not implemented");
    expect(() => {
      loose(window)["foo"] = () => 1;
    }).toThrow("stand-in: Window.foo is not implemented");
    expect(() => loose(Window)["fromFoo"]).toThrow("stand-in: Window.fromFoo is not implemented");
  });

  it("throws for a namespace too", () => {
    const shell = strictObject("shell", { beep: () => "beep" });
    expect(shell.beep()).toBe("beep");
    expect(() => loose(shell)["openExternal"]).toThrow("stand-in: shell.openExternal is not implemented");
  });
});

describe("what is implemented", () => {
  it("works with private fields and events", () => {
    const window = new Window();
    const heard: string[] = [];
    expect(window.on("titled", (title: string) => heard.push(title))).toBe(window);
    window.setTitle("Sealbar");
    expect(heard).toEqual(["Sealbar"]);
    expect(window.title).toBe("Sealbar");
    expect(window).toBeInstanceOf(EventEmitter);
  });

  it("lets runtimes probe it", async () => {
    const window = new Window();
    await expect(Promise.resolve(window)).resolves.toBe(window);
    expect(JSON.stringify(strictObject("x", { a: 1 }))).toBe('{"a":1}');
  });
});
