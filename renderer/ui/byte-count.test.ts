import { expect, it } from "vitest";
import { byteCount } from "./byte-count.ts";

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1_000, "1 KB"],
  [999_600, "1.0 MB"],
  [12_345_678, "12.3 MB"],
  [4_294_967_296, "4.3 GB"],
  [5e15, "5,000.0 TB"],
])("%d bytes: %s", (bytes, shown) => {
  expect(byteCount(bytes)).toBe(shown);
});
