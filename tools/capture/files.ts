import { demoStory } from "./demo-story.ts";
import { SCENARIOS } from "./scenarios/all.ts";

/** A checked-in capture: where it lies (from the project's root) and what makes it. */
export interface CaptureFile {
  path: string;
  make: () => string;
}

export const CAPTURE_FILES: readonly CaptureFile[] = [
  { path: "assets/demo/demo.sealcap.jsonl", make: demoStory },
  ...Object.entries(SCENARIOS).map(([name, make]) => ({ path: `e2e/scenarios/${name}.sealcap.jsonl`, make })),
];
