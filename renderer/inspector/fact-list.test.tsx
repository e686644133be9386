import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { FactList } from "./fact-list.tsx";

it("copies a command line so that pasting it runs nothing and hides nothing", async () => {
  const copied: string[] = [];
  const copy = (text: string) => Promise.resolve(copied.push(text) > 0);
  render(<FactList facts={[{ label: "Arguments", value: "ls\ncurl evil\u202e", code: true }]} copy={copy} />);
  await userEvent.click(screen.getByRole("button", { name: "Copy Arguments" }));
  expect(copied).toEqual(["ls‹U+000A›curl evil‹U+202E›"]);
});
