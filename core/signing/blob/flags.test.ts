import { expect, it } from "vitest";
import { directoryFlagNames } from "./flags.ts";

it.each([
  [0, []],
  [0x2, ["adhoc"]],
  [0x20002, ["adhoc", "linker-signed"]],
  [0x10000, ["runtime"]],
  [0x13f03, ["host", "adhoc", "hard", "kill", "expires", "restrict", "enforcement", "library-validation", "runtime"]],
  [0x10004, ["runtime", "0x4"]],
  [0x80000000, ["0x80000000"]],
])("names the flags of %i", (flags, names) => {
  expect(directoryFlagNames(flags)).toEqual(names);
});
