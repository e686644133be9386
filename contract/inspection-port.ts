import { z } from "zod";
import { Inspection, InspectionDepth } from "./inspection.ts";

/** Longer than any path that macOS takes (PATH_MAX of sys/syslimits.h is 1024). */
const PATH_MAX = 4_096;

/** Absolute, on the machine Sealbar runs on. It comes from the window, and what it names is anybody's. */
export const InspectedPath = z
  .string()
  .max(PATH_MAX)
  .refine((path) => path.startsWith("/") && !path.includes("\0"), "not an absolute path");

/** Given by whoever asks, to follow and to end the work; a second request with the same id ends the first. */
export const InspectionId = z.string().min(1).max(64);

export const InspectRequest = z.object({ path: InspectedPath, depth: InspectionDepth, id: InspectionId });
export type InspectRequest = z.infer<typeof InspectRequest>;

/** Bytes hashed so far, of how many; null while that is not known. */
export const InspectionProgress = z.object({
  id: InspectionId,
  done: z.number().min(0),
  total: z.number().min(0).nullable(),
});
export type InspectionProgress = z.infer<typeof InspectionProgress>;

/** What the monitor's process answers beside the monitor's own verbs. An inspection reads, and changes nothing. */
export const inspectionVerbs = {
  inspect: { request: InspectRequest, answer: Inspection },
  /** Of an id that is not known, or no longer: nothing happens. */
  cancelInspection: { request: z.object({ id: InspectionId }), answer: z.null() },
} as const;
