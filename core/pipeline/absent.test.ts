import { describe, expect, it } from "vitest";
import type { Finding } from "#contract/finding.ts";
import { SECOND } from "#core/base/clock.ts";
import { openStore, IN_MEMORY } from "#core/store/open.ts";
import { silentLogger } from "#core/base/logger.ts";
import { eachFinding } from "#core/store/findings.ts";
import { type Live, openLive, START } from "./live.fixture.ts";
import { sqliteStore } from "./sqlite-store.ts";

/** Signed, and no longer valid: CS_SIGNED without CS_VALID, with a team's signature. Constructed. */
const BROKEN = {
  codesigning_flags: 0x2000_0000,
  is_platform_binary: false,
  signing_id: "example.lantern",
  team_id: "7QXW3N5R2K",
};
const LANTERN = "/Applications/Lantern.app/Contents/MacOS/Lantern";

function open() {
  const store = openStore(IN_MEMORY, { clock: { now: () => START }, logger: silentLogger });
  const live = openLive({}, sqliteStore(store.db));
  live.session.start();
  live.helper.connect();
  live.helper.hello();
  live.helper.status("es", "running");
  live.pass(1);
  return { live, findings: () => [...eachFinding(store.db)].filter((one) => one.behaviours.includes("G15")) };
}

function idle(live: Live, seconds: number): void {
  for (let waited = 0; waited < seconds; waited += 5) {
    live.pass(5);
    live.helper.pong();
  }
  live.pass(1);
}

const brief = ({ severity, subject, evidence }: Finding) => ({
  severity,
  path: subject.path,
  kinds: evidence.map((one) => one.kind),
});
const WENT_ON = { severity: "high", path: LANTERN, kinds: ["exec"] };

describe("something does not follow, live", () => {
  it("an idle Mac decides by the helper's answers, within ten seconds of the time", () => {
    const { live, findings } = open();
    live.helper.exec(LANTERN, BROKEN);
    idle(live, 5);
    expect(findings()).toEqual([]);
    idle(live, 10);
    expect(findings().map(brief)).toEqual([WENT_ON]);
  });

  it("the record that decides it is no evidence, and says nothing about the finding", () => {
    const { live, findings } = open();
    live.helper.exec(LANTERN, BROKEN);
    live.pass(30);
    live.helper.log("nothing in particular");
    live.pass(1);
    expect(findings().map(brief)).toEqual([WENT_ON]);
    expect(findings()[0]?.lastSeen).toBe(findings()[0]?.evidence[0]?.at);
  });

  it("the session's end decides it", async () => {
    const { live, findings } = open();
    live.helper.exec(LANTERN, BROKEN);
    live.pass(1);
    await live.session.stop();
    expect(findings().map(brief)).toEqual([WENT_ON]);
  });

  it("another monitor goes on waiting", async () => {
    const store = openStore(IN_MEMORY, { clock: { now: () => START }, logger: silentLogger });
    const first = openLive({}, sqliteStore(store.db));
    first.session.start();
    first.helper.connect();
    first.helper.hello();
    first.helper.exec(LANTERN, BROKEN);
    first.pass(1);
    const second = openLive({}, sqliteStore(store.db));
    second.monitor.timePassed(START + 60 * SECOND);
    second.monitor.flush();
    const told = [...eachFinding(store.db)].filter((one) => one.behaviours.includes("G15"));
    expect(told.map(brief)).toEqual([WENT_ON]);
    await first.session.stop();
  });
});
