import { describe, expect, it } from "vitest";
import type { TelemetryEvent } from "#contract/event.ts";
import type { LogFact } from "#contract/log-fact.ts";
import { MINUTE, SECOND } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { eventFacts } from "./event-facts.ts";
import { Enricher } from "./enricher.ts";
import {
  APP,
  APP_HASH,
  APP_IMAGE,
  AT,
  enricher,
  exec,
  FLAGS,
  header,
  invoiceViewer,
  posture,
  process,
} from "./events.fixture.ts";
import { codesign, inspection, logged, look, OTHER_HASH, slice, TEAM } from "./looks.fixture.ts";

const OPTIONS = { developerIdAllowList: [], isOwnProcess: () => false };
const signed = (fields: object = {}) =>
  invoiceViewer({ codesigningFlags: FLAGS.developerId, teamId: TEAM, validationCategory: 6, ...fields });
const runs = (time = AT, fields: object = {}): TelemetryEvent => ({
  ...exec(signed(fields), [APP_IMAGE]),
  ...header(time),
});
const ends = (time: number, fields: object = {}): TelemetryEvent => ({
  ...header(time),
  version: 9,
  seqNum: 1,
  globalSeqNum: 1,
  kind: "exit",
  stat: 0,
  actor: signed(fields),
});
const amfid: LogFact = { fact: "amfid-not-valid", path: APP_IMAGE, code: -420, text: null };
const page: LogFact = { fact: "page-invalid", pid: 700, name: "Invoice Viewer", status: 0, outcome: "killed" };

function classes(
  events: readonly TelemetryEvent[],
  bootOf: (index: number) => number = () => 1,
): (string | undefined)[] {
  const room = enricher();
  return events.map((event, index) => room.enrich(event, posture({ bootOrdinal: bootOf(index) })).trust?.class);
}

describe("the log's words", () => {
  it("before a run count for what starts there close to them, and for all that this process does", () => {
    expect(classes([logged(amfid), runs(AT + SECOND), ends(AT + MINUTE)])).toEqual([undefined, "invalid", "invalid"]);
    expect(classes([logged(amfid), runs(AT + MINUTE)])).toEqual([undefined, "developer-id"]);
  });

  it("after a run count for what the process does from then on", () => {
    expect(classes([runs(), logged(amfid, AT + SECOND), ends(AT + 2 * SECOND)])).toEqual([
      "developer-id",
      undefined,
      "invalid",
    ]);
    expect(classes([runs(), logged(amfid, AT + MINUTE), ends(AT + MINUTE)])).toEqual([
      "developer-id",
      undefined,
      "developer-id",
    ]);
  });

  it("about a page name a process, whenever it began, and only that one", () => {
    expect(classes([runs(), logged(page, AT + 30 * MINUTE), ends(AT + 30 * MINUTE)]).at(-1)).toBe("invalid");
    const other = { id: { pid: 701, pidversion: 2001 } };
    expect(classes([runs(), logged(page), runs(AT, other)]).at(-1)).toBe("developer-id");
    expect(classes([runs(), logged({ ...page, name: "zsh" }), ends(AT)]).at(-1)).toBe("developer-id");
  });

  it("by path reach the youngest processes only, also after a restart", () => {
    const crowd = (count: number) =>
      Array.from({ length: count }, (_, n) => runs(AT, { path: `/tmp/${n}`, id: { pid: 1000 + n, pidversion: n } }));
    expect(classes([runs(), ...crowd(400), logged(amfid), ends(AT)]).at(-1)).toBe("invalid");
    expect(classes([runs(), ...crowd(600), logged(amfid), ends(AT)]).at(-1)).toBe("developer-id");
    const first = enricher();
    for (const event of [runs(), ...crowd(400)]) first.enrich(event, posture());
    const entries = first.drainChanges().flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
    const second = new Enricher(entries, OPTIONS);
    second.enrich(logged(amfid), posture());
    expect(second.enrich(ends(AT), posture()).trust?.class).toBe("invalid");
  });

  it("end with the program, and with the boot", () => {
    const again = runs(AT + MINUTE);
    expect(classes([runs(), logged(page), again, ends(AT + MINUTE)]).at(-1)).toBe("developer-id");
    expect(classes([runs(), logged(page), ends(AT)], (index) => (index === 2 ? 2 : 1)).at(-1)).toBe("developer-id");
  });

  it("of a revocation stay with the code", () => {
    const revoked: LogFact = { fact: "revoked", subject: APP_IMAGE };
    const later = runs(AT + 100 * MINUTE, { path: "/tmp/copy", id: { pid: 9, pidversion: 9 } });
    expect(classes([logged(revoked), runs(AT + SECOND), later])).toEqual([undefined, "revoked", "revoked"]);
  });
});

describe("looks at files", () => {
  it("add up by code, the newest of each authority", () => {
    const room = enricher();
    const told = () => room.enrich(runs(), posture()).trust;
    room.enrich(look({ inspection: inspection({ class: "invalid" }) }), posture());
    expect(told()?.class).toBe("invalid");
    room.enrich(look({ codesign: codesign() }), posture());
    expect(told()?.disagreements[0]?.says).toHaveLength(3);
    room.enrich(look({ inspection: inspection() }), posture());
    expect(told()).toMatchObject({ class: "developer-id", disagreements: [] });
  });

  it("after a run tell when the file is not what ran; a bundle by its main executable", () => {
    const room = enricher();
    room.enrich(runs(), posture());
    const other = inspection(
      { cdhashes: [OTHER_HASH] },
      { kind: "bundle", executable: "Contents/MacOS/Invoice Viewer" },
    );
    const answer = look({ path: APP, cdhash: null, inspection: other }, AT + SECOND);
    expect(room.enrich(answer, posture()).trust).toMatchObject({
      class: "developer-id",
      disagreements: [
        {
          about: "code",
          says: [
            { authority: "kernel", value: APP_HASH },
            { authority: "inspector", value: OTHER_HASH },
          ],
          sentence: "The file now has another signature than what ran.",
        },
      ],
    });
    const late = look({ path: APP, cdhash: null, inspection: other }, AT + 60 * MINUTE);
    expect(room.enrich(late, posture()).trust?.disagreements).toEqual([]);
  });

  it("long before a run are about an older file", () => {
    const room = enricher();
    room.enrich(look({ inspection: inspection({ cdhashes: [OTHER_HASH] }) }), posture());
    expect(room.enrich(runs(AT + SECOND), posture()).fields.get("TrustDisagreement")).toEqual(["code"]);
    expect(room.enrich(runs(AT + 5 * MINUTE), posture()).fields.get("TrustDisagreement")).toBeNull();
  });
});

describe("the memory", () => {
  /** A life in which every table is used, in both orders of log and run. */
  const life = (): TelemetryEvent[] => [
    logged(amfid),
    runs(AT + SECOND),
    look({ inspection: inspection({ cdhashes: [OTHER_HASH] }), codesign: codesign() }, AT + 2 * SECOND),
    runs(AT + 3 * SECOND),
    runs(AT + 20 * SECOND, { cdhash: OTHER_HASH, validationCategory: null }),
    logged(page, AT + 21 * SECOND),
    ends(AT + 22 * SECOND, { cdhash: OTHER_HASH }),
    logged({ fact: "revoked", subject: OTHER_HASH }, AT + 23 * SECOND),
    look({ assessment: { verdict: true, source: "Notarized Developer ID" } }, AT + 24 * SECOND),
    runs(AT + 25 * SECOND),
    runs(AT + 26 * SECOND, { cdhash: OTHER_HASH }),
    ends(AT + 27 * SECOND),
  ];
  const answer = (room: Enricher, event: TelemetryEvent): unknown => room.enrich(event, posture()).trust;
  const sorted = (store: ReadonlyMap<string, string>): StateEntry[] =>
    [...store].map(([key, value]) => ({ key, value })).sort((a, b) => a.key.localeCompare(b.key));

  /** Runs the life in batches; with `restart`, a new room from the stored state for each batch. */
  function live(batch: number, restart: boolean): { answers: unknown[]; state: StateEntry[] } {
    const store = new Map<string, string>();
    const keep = (changes: StateChange[]): void => {
      for (const { key, value } of changes) {
        if (value === null) store.delete(key);
        else store.set(key, value);
      }
    };
    let room = new Enricher([], OPTIONS);
    const answers = EVENTS.map((event, index) => {
      const told = answer(room, event);
      if ((index + 1) % batch === 0) {
        keep(room.drainChanges());
        if (restart) room = new Enricher(sorted(store), OPTIONS);
      }
      return told;
    });
    keep(room.drainChanges());
    return { answers, state: sorted(store) };
  }
  const EVENTS = life();

  it.each([1, 2, 3, 5, 100])(
    "gives the same answers and state in batches of %i, with a restart between them or without",
    (batch) => {
      const whole = live(EVENTS.length, false);
      expect(live(batch, false)).toEqual(whole);
      expect(live(batch, true)).toEqual(whole);
    },
  );

  it("reads what an older database holds", () => {
    const entries = [
      {
        key: "verdict:0000000000000001",
        value: JSON.stringify([
          APP_HASH,
          { class: "developer-id", notarized: "yes", source: "Notarized Developer ID" },
        ]),
      },
    ];
    const room = new Enricher(entries, OPTIONS);
    expect(room.enrich(runs(AT, { validationCategory: null }), posture()).trust).toMatchObject({
      class: "developer-id",
      notarized: "yes",
    });
    room.enrich(look({ inspection: inspection() }), posture());
    expect(room.enrich(runs(), posture()).trust?.checked).toContain("Gatekeeper assessment: Notarized Developer ID");
  });

  it("is bounded, and counts what it gives up", () => {
    const room = enricher();
    for (let n = 0; n < 9000; n += 1) {
      const cdhashes = [n.toString(16).padStart(40, "0")];
      room.enrich(look({ path: `/tmp/${n}`, cdhash: null, inspection: inspection({ cdhashes }) }), posture());
      room.enrich(logged({ fact: "amfi-ad-hoc", path: `/tmp/${n}/${"p".repeat(9000)}` }), posture());
    }
    expect(room.evictions().assessments).toBe(9000 - 8192 + 2 * (9000 - 2048));
  });

  it("an event nobody said anything about keeps the one object that its flags give", () => {
    const room = enricher();
    for (const event of life()) room.enrich(event, posture());
    const quiet = () => room.enrich(exec(process({ id: { pid: 5, pidversion: 5 } }), []), posture()).trust;
    expect(quiet()).toBe(quiet());
  });
});

describe("facts for people", () => {
  const factsOf = (event: TelemetryEvent, room = enricher()): [string, string][] =>
    eventFacts(room.enrich(event, posture())).map(({ label, value }) => [label, value]);

  it("of a look at a file: what was found, what was verified and what nobody checked", () => {
    const found = inspection(
      { class: "invalid" },
      {
        problems: [{ id: "page-hash-mismatch", message: "Page 3 was changed." }],
        slices: [slice({ class: "invalid" })],
      },
    );
    const facts = Object.fromEntries(factsOf(look({ inspection: found, codesign: codesign(), unreadable: [] })));
    expect(facts).toMatchObject({
      "Quarantine mark": "None",
      Signature: "Signature not valid, notarization not checked. Page 3 was changed.",
      Checked: "Sealbar's inspector: full; codesign: valid on disk",
      Disagreement: "About the signature, Sealbar's inspector says not valid; codesign says valid.",
      "Signing identifier": "invoice-viewer",
      Team: TEAM,
      CDHash: APP_HASH,
      Problems: "Page 3 was changed.",
      Inspected: "The signature, the code's own bytes and the files it seals",
      "Not checked": "Revocation: Only Apple's servers know.",
      codesign: "Valid on disk",
    });
    expect(facts["Verified"]).toContain("Every page of the code");
  });

  it("of an answer with a part that could not be read", () => {
    const facts = Object.fromEntries(factsOf(look({ unreadable: ["inspection", "codesign"] })));
    expect(facts["Could not be read"]).toBe("The inspection, codesign's output");
    expect(facts["Signature"]).toBeUndefined();
  });

  it("of a run: what the verdict rests on, and each disagreement once", () => {
    const room = enricher();
    room.enrich(look({ inspection: inspection({ teamId: "Z9Y8X7W6V5" }) }), posture());
    const facts = factsOf(runs(), room);
    expect(Object.fromEntries(facts)["Checked"]).toBe(
      "The kernel's signing flags; macOS' validation category; Sealbar's inspector: full",
    );
    const sentence = `About the team, the kernel says ${TEAM}; Sealbar's inspector says Z9Y8X7W6V5.`;
    expect(facts.filter(([, value]) => value.includes(sentence))).toEqual([["Disagreement", sentence]]);
  });
});
