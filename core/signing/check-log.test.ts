import { expect, it } from "vitest";
import { CHECKS } from "#contract/inspection.ts";
import { CheckLog } from "./check-log.ts";

it("counts a check that was left out anywhere as not made, whichever came first", () => {
  const log = new CheckLog();
  log.done("container", "page-hashes");
  log.skipped("page-hashes", "The first reason.");
  log.skipped("page-hashes", "Another reason.");
  log.skipped("cms", "No.");
  log.done("cms");
  expect(log.checked).toEqual(["container"]);
  expect(log.notChecked).toEqual([
    { check: "cms", why: "No." },
    { check: "page-hashes", why: "The first reason." },
  ]);
});

it("lists checks in their one order, whatever the order of the work", () => {
  const log = new CheckLog();
  log.done(...CHECKS.toReversed());
  expect(log.checked).toEqual([...CHECKS]);
});
