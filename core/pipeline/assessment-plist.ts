import { asBoolean, asDict, asText, type PlistValue, parsePlist } from "#core/signing/plist/plist.ts";

/**
 * Keys of what `spctl --assess --raw` prints, a property list (Security, policyengine; UNVERIFIED on a recorded sample).
 */
const VERDICT = "assessment:verdict";
const AUTHORITY = "assessment:authority";
const SOURCE = "assessment:authority:source";
/** As much as the helper passes on of what spctl printed. */
const MAX_OUT = 64 * 1024;

/**
 * A `file` frame with what its assessment's property list says written into `assessment`: the helper passes the text on and
 * reads nothing. A frame without one, or with one that cannot be read, is given back as it is: then nothing is known.
 */
export function withAssessmentRead(frame: Record<string, unknown>): Record<string, unknown> {
  const assessment = asRecord(frame["assessment"]);
  const out = assessment?.["out"];
  if (assessment === null || typeof out !== "string" || out.length > MAX_OUT) return frame;
  const list = read(out);
  if (list === null) return frame;
  const source = asText(asDict(list.get(AUTHORITY))?.get(SOURCE));
  return {
    ...frame,
    assessment: {
      ...assessment,
      // What it printed outweighs how it ended.
      verdict: asBoolean(list.get(VERDICT)) ?? assessment["verdict"] ?? null,
      source: source ?? assessment["source"] ?? null,
    },
  };
}

function read(text: string): ReadonlyMap<string, PlistValue> | null {
  try {
    return asDict(parsePlist(Buffer.from(text)));
  } catch {
    return null;
  }
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
