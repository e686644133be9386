import type { PostureDirection } from "#contract/event.ts";
import type { PostureSettingId, PostureValue } from "#contract/posture.ts";

/** A proved change of a setting; becomes a `posture_change` record. */
export interface PostureChange {
  setting: PostureSettingId;
  before: PostureValue;
  after: PostureValue;
  direction: PostureDirection;
  /** It happened at a restart. For `boot-args`, false means: stored, and in force only after the next restart. */
  acrossBoot: boolean;
  detail: string;
  /** The new value is what the accepted baseline expects, or Apple's default where there is none. */
  expected: boolean;
  /** What is weaker now, in Apple's words; bounded. */
  parts: string[];
}
