import { Diamond, Info, OctagonAlert, TriangleAlert } from "lucide-react";
import type { ComponentType } from "react";
import type { Severity } from "#contract/severity.ts";
import { cx } from "./cx.ts";
import { type Tone, toneClass } from "./tone.ts";
import styles from "./tone.module.css";

interface Look {
  word: string;
  tone: Tone;
  Icon: ComponentType<{ size: number; strokeWidth: number; "aria-hidden": boolean }>;
}

/** The same octagon as "high", filled, with the mark cut out of it. */
function SolidOctagon({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="currentcolor" aria-hidden>
      <path
        fillRule="evenodd"
        d="M7.9 1.5h8.2l6.4 6.4v8.2l-6.4 6.4H7.9l-6.4-6.4V7.9zM10.6 6h2.8v7.6h-2.8zm0 9.6h2.8v2.8h-2.8z"
      />
    </svg>
  );
}

const LOOKS: Record<Severity, Look> = {
  info: { word: "Info", tone: "grey", Icon: Info },
  low: { word: "Low", tone: "grey", Icon: Diamond },
  medium: { word: "Medium", tone: "amber", Icon: TriangleAlert },
  high: { word: "High", tone: "red", Icon: OctagonAlert },
  critical: { word: "Critical", tone: "red", Icon: SolidOctagon },
};

/** Weakest first. */
export const SEVERITY_WORDS: readonly { severity: Severity; word: string }[] = (
  ["info", "low", "medium", "high", "critical"] as const satisfies readonly Severity[]
).map((severity) => ({ severity, word: LOOKS[severity].word }));

export function severityWord(severity: Severity): string {
  return LOOKS[severity].word;
}

/** The one sign for a severity; without its word on screen, the word is read out and shown on hover. */
export function SeverityGlyph({
  severity,
  word = true,
  size = 14,
}: {
  severity: Severity;
  word?: boolean;
  size?: number;
}) {
  const { Icon, tone, word: name } = LOOKS[severity];
  return (
    <span className={cx(styles.glyph, toneClass(tone))} title={word ? undefined : `${name} severity`}>
      <Icon size={size} strokeWidth={2} aria-hidden />
      <span className={word ? styles.word : "visually-hidden"}>{name}</span>
    </span>
  );
}
