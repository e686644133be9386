import { type Reading, unknownReading } from "./reading.ts";

/** Reads `spctl --status`: "assessments enabled" or "assessments disabled" (recorded); the exit code only helps. */
export function readSpctlStatus(text: string): Reading[] {
  const on = /\bassessments enabled\b/.test(text);
  const off = /\bassessments disabled\b/.test(text);
  if (on === off) {
    if (on) {
      const detail = "spctl says both enabled and disabled";
      return [{ setting: "gatekeeper", strength: "exact", value: "conflicting", weak: [], detail }];
    }
    return [unknownReading("gatekeeper", "exact", "spctl's words were not recognised")];
  }
  return [
    {
      setting: "gatekeeper",
      strength: "exact",
      value: on ? "on" : "off",
      weak: on ? [] : ["assessments"],
      detail: on ? "Gatekeeper checks what is opened" : "Gatekeeper does not check what is opened",
    },
  ];
}
