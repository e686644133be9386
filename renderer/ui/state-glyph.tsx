import {
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleMinus,
  CircleQuestionMark,
  CircleX,
  EyeOff,
  type LucideIcon,
  TriangleAlert,
} from "lucide-react";
import type { CoverageState } from "#contract/coverage.ts";
import type { PostureSettingId, PostureValue } from "#contract/posture.ts";
import { cx } from "./cx.ts";
import type { SourceHealth } from "./source-health.ts";
import { isWeaker } from "#contract/posture-rank.ts";
import { type Tone, toneClass } from "./tone.ts";
import styles from "./tone.module.css";
import { COVERAGE_WORDS, HEALTH_WORDS, PART_WORDS, postureWord } from "./words.ts";

interface Look {
  tone: Tone;
  Icon: LucideIcon;
}

const COVERAGE: Record<CoverageState, Look> = {
  absent: { tone: "violet", Icon: CircleDashed },
  starting: { tone: "grey", Icon: CircleDot },
  running: { tone: "green", Icon: CircleCheck },
  silent: { tone: "violet", Icon: CircleQuestionMark },
  denied: { tone: "violet", Icon: CircleX },
  failed: { tone: "violet", Icon: CircleX },
  restarting: { tone: "violet", Icon: CircleDot },
  stopped: { tone: "violet", Icon: CircleDashed },
};

const HEALTH: Record<SourceHealth, Look> = {
  verifying: { tone: "grey", Icon: CircleDot },
  working: { tone: "green", Icon: CircleCheck },
  degraded: { tone: "amber", Icon: TriangleAlert },
  blind: { tone: "violet", Icon: EyeOff },
  ended: { tone: "violet", Icon: CircleX },
  outside: { tone: "grey", Icon: CircleDashed },
};

const POSTURE: Record<PostureValue, Look> = {
  on: { tone: "green", Icon: CircleCheck },
  off: { tone: "red", Icon: CircleX },
  partial: { tone: "amber", Icon: TriangleAlert },
  unknown: { tone: "violet", Icon: CircleQuestionMark },
  conflicting: { tone: "violet", Icon: CircleQuestionMark },
};

function Glyph({ look, word }: { look: Look; word: string }) {
  return (
    <span className={cx(styles.glyph, toneClass(look.tone))}>
      <look.Icon size={14} strokeWidth={2} aria-hidden />
      <span>{word}</span>
    </span>
  );
}

/** A source's state: a sign and its word. One that is absent and not `needed` is nothing to worry about. */
export function CoverageGlyph({ state, needed = true }: { state: CoverageState; needed?: boolean }) {
  if (!needed) return <Glyph look={{ ...COVERAGE[state], tone: "grey" }} word="Not needed" />;
  return <Glyph look={COVERAGE[state]} word={COVERAGE_WORDS[state]} />;
}

/** How a live source does: a sign and its word, with what exactly is wrong where there is a word for it. */
export function HealthGlyph({ health, state }: { health: SourceHealth; state: CoverageState }) {
  const exact = health === "blind" || state === "restarting" ? `: ${COVERAGE_WORDS[state].toLowerCase()}` : "";
  return <Glyph look={HEALTH[health]} word={`${HEALTH_WORDS[health]}${exact}`} />;
}

/** Weak, and meant to be. */
const ACCEPTED: Look = { tone: "grey", Icon: CircleMinus };

function postureLook(value: PostureValue, expected: PostureValue): Look {
  const isWeak = value === "off" || value === "partial";
  return isWeak && !isWeaker(value, expected) ? ACCEPTED : POSTURE[value];
}

interface PostureGlyphProps {
  id: PostureSettingId;
  value: PostureValue;
  /** What the accepted baseline says: what is as weak as that is nothing to look at. Left out: what Apple ships. */
  expected?: PostureValue;
}

/** A protection's state: a sign and its word. */
export function PostureGlyph({ id, value, expected = "on" }: PostureGlyphProps) {
  const look = postureLook(value, expected);
  return <Glyph look={look} word={`${postureWord(id, value)}${look === ACCEPTED ? ", as accepted" : ""}`} />;
}

/** A part of a protection: a sign and its word. */
export function PartGlyph({ value, accepted }: { value: PostureValue; accepted: boolean }) {
  const isWeak = value === "off" || value === "partial";
  return <Glyph look={isWeak && accepted ? ACCEPTED : POSTURE[value]} word={PART_WORDS[value]} />;
}
