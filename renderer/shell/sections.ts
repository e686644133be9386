import { FileWarning, ListTree, type LucideIcon, Radar, Settings, ShieldHalf } from "lucide-react";
import type { Section } from "#renderer/state/navigation.ts";

/** The sidebar's items, in the order of Cmd-1 to Cmd-5. */
export const SECTION_LOOKS: readonly { section: Section; word: string; Icon: LucideIcon }[] = [
  { section: "timeline", word: "Timeline", Icon: ListTree },
  { section: "findings", word: "Findings", Icon: FileWarning },
  { section: "posture", word: "Posture", Icon: ShieldHalf },
  { section: "coverage", word: "Coverage", Icon: Radar },
  { section: "settings", word: "Settings", Icon: Settings },
];
