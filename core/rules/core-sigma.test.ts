import { describe, expect, it } from "vitest";
import type { FieldValue, LogSource } from "#core/base/fields.ts";
import { fieldsOf } from "./examples.ts";
import { loadRules } from "./load-rules.ts";
import { RuleSet } from "./rule-set.ts";

/** Rules of our own hand in the shape of coreSigma's: its two services and its names of fields. */
const RULES = `
title: Gatekeeper let through by the user
id: override
status: experimental
logsource: {product: macos, service: endpointsecurity}
detection:
  selection:
    esf.event_type: 146
    event.action: gatekeeper_user_override
  condition: selection
level: high
---
title: Signature became invalid
id: invalidated
logsource: {product: macos, service: endpointsecurity}
detection:
  selection:
    event.action: cs_invalidated
  condition: selection
level: critical
---
title: Mark set or taken
id: attribute
logsource: {product: macos, service: endpointsecurity}
detection:
  selection:
    esf.event_type:
      - 27
      - 70
  condition: selection
level: low
---
title: securityd refuses a signature
id: securityd
logsource: {product: macos, service: unifiedlog}
detection:
  subsystem:
    subsystem: com.apple.securityd
  words:
    message|contains:
      - code signature invalid
      - rejecting
  condition: all of them
level: medium
`;
const FIELDS = ["esf.event_type", "event.action", "subsystem", "message"];
const library = loadRules([{ file: "constructed.yml", text: RULES }], {}, { knownFields: new Set(FIELDS) });
const ES: LogSource = { category: null, service: "endpointsecurity" };
const LOG: LogSource = { category: null, service: "unifiedlog" };

describe("rules in the shape of coreSigma", () => {
  it("load without a change", () => {
    expect(library.problems).toEqual([]);
    expect(library.rules).toHaveLength(4);
  });

  it.each<[string, LogSource, Record<string, FieldValue>, string[]]>([
    ["by number and name", ES, { "esf.event_type": 146, "event.action": "gatekeeper_user_override" }, ["override"]],
    ["another number", ES, { "esf.event_type": 9, "event.action": "gatekeeper_user_override" }, []],
    ["by name alone", ES, { "esf.event_type": 94, "event.action": "cs_invalidated" }, ["invalidated"]],
    ["by one of the numbers", ES, { "esf.event_type": 70, "event.action": "deleteextattr" }, ["attribute"]],
    ["the log's words", LOG, { subsystem: "com.apple.securityd", message: "a: Rejecting b" }, ["securityd"]],
    ["another subsystem", LOG, { subsystem: "com.apple.network", message: "rejecting" }, []],
    ["another service", ES, { subsystem: "com.apple.securityd", message: "rejecting" }, []],
  ])("%s", (_, logsource, fields, expected) => {
    const found = new RuleSet(library.rules).match(fieldsOf(fields, logsource));
    expect(found.map(({ id }) => id)).toEqual(expected);
  });
});
