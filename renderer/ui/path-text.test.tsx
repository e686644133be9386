import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { PathText, splitPath } from "./path-text.tsx";

describe("paths", () => {
  it.each([
    ["/Users/ana/a b.app", "/Users/ana/", "a b.app"],
    ["/Users/ana/Tidy Fonts.app/", "/Users/ana/", "Tidy Fonts.app/"],
    ["/", "", "/"],
    ["name", "", "name"],
    ["", "", ""],
  ])("keeps the last part of %j", (path, folder, name) => {
    expect(splitPath(path)).toEqual({ folder, name });
  });

  it("has the whole path on hover, with nothing in it that reorders", () => {
    const { container } = render(<PathText path={"/tmp/\u202Egnp.exe"} />);
    expect(container.firstElementChild?.getAttribute("title")).toBe("/tmp/‹U+202E›gnp.exe");
    expect(container.textContent).toBe("/tmp/U+202Egnp.exe");
  });
});
