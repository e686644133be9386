import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { cutText, HostileText, hoverText } from "./hostile-text.tsx";

describe("hostile text", () => {
  it.each([
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "https://example.com/login",
    "&lt;b&gt;",
    "</bdi><a href=x>x</a>",
  ])("never becomes markup or a link: %s", (text) => {
    const { container } = render(<HostileText text={text} />);
    expect(container.textContent).toBe(text);
    expect(Array.from(container.querySelectorAll("*"), (element) => element.tagName)).toEqual(["BDI"]);
  });

  it.each([
    ["bidi override", "a\u202Eb", "aU+202Eb"],
    ["zero width", "a\u200Bb", "aU+200Bb"],
    ["escape sequence", "\u001B[31m", "U+001B[31m"],
    ["null", "a\u0000", "aU+0000"],
    ["line separator", "a\u2028b", "aU+2028b"],
    ["lone surrogate", "a\uD800b", "aU+D800b"],
  ])("boxes what would hide or reorder: %s", (_, text, shown) => {
    const { container } = render(<HostileText text={text} hover />);
    expect(container.textContent).toBe(shown);
    expect(container.querySelector("bdi")?.title).not.toContain(text);
  });

  it("cuts long text and gives the rest when asked", async () => {
    render(<HostileText text={"x".repeat(5_000)} limit={100} expandable />);
    await userEvent.click(screen.getByRole("button", { name: /4,900 more/ }));
    expect(screen.queryByRole("button")).toBeNull();
    expect(document.body.textContent).toBe("x".repeat(5_000));
  });

  it("has no button where it sits in a row", () => {
    render(<HostileText text={"x".repeat(5_000)} limit={100} />);
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("does not halve a surrogate pair, and caps hover text", () => {
    expect(cutText("ab😀", 3)).toBe("ab");
    expect(cutText("ab😀", 4)).toBe("ab😀");
    expect(hoverText("y".repeat(9_000)).length).toBe(2_001);
  });
});
