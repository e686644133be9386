import type { z } from "zod";
import { MonitorSettingsFile } from "#contract/monitor-settings.ts";
import type { Range } from "./amount.ts";

const { TimeWindow, retention } = MonitorSettingsFile.shape;
const fields = { ...TimeWindow.unwrap().shape, ...retention.unwrap().shape };

function rangeOf(field: z.ZodDefault<z.ZodNumber>): Range {
  const { minValue, maxValue } = field.unwrap();
  const hasMax = maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER;
  return { min: Math.max(1, minValue ?? 1), max: hasMax ? maxValue : Number.POSITIVE_INFINITY };
}

/** What the settings file is checked by, so that a field says no before the monitor has to. */
export const RANGES = {
  an0644Seconds: rangeOf(fields.an0644Seconds),
  an1447Seconds: rangeOf(fields.an1447Seconds),
  intentDays: rangeOf(fields.intentDays),
  intentBoots: rangeOf(fields.intentBoots),
  days: rangeOf(fields.days),
  bytes: rangeOf(fields.bytes),
} as const satisfies Record<string, Range>;
