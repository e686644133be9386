import { expect, it } from "vitest";
import type { EventOf } from "#contract/event.ts";
import { POSTURE_SETTINGS } from "#contract/posture.ts";
import { describePostureChange } from "./words.ts";

function words(setting: string, after: string, acrossBoot = true): string {
  const change: EventOf<"posture_change"> = {
    kind: "posture_change",
    id: { session: "s", src: `posture:${setting}`, n: 1 },
    time: 1,
    replayed: false,
    setting,
    before: "on",
    after,
    direction: "weaker",
    acrossBoot,
    detail: "",
  };
  return describePostureChange(change);
}

it.each([
  ["sip", "partial", "SIP is partly off after the restart"],
  ["secure-boot", "partial", "Startup security is partly off after the restart"],
  ["kernel-extensions", "off", "Kernel extensions of others are allowed after the restart"],
  ["kernel-extensions", "on", "Kernel extensions of others are not allowed after the restart"],
  ["kernel-variables", "off", "Signature checking by kernel variables is off after the restart"],
  ["library-validation", "off", "Library validation is off after the restart"],
  ["developer-mode", "off", "Developer mode is on after the restart"],
  ["developer-mode", "on", "Developer mode is off after the restart"],
])("%s %s: %s", (setting, after, expected) => {
  expect(words(setting, after)).toBe(expected);
});

it("no setting is told by its identifier", () => {
  for (const setting of POSTURE_SETTINGS) expect(words(setting, "off", false)).not.toMatch(/[a-z]-[a-z]/);
});
