import {
  EllipsisVertical,
  FilePen,
  FileText,
  Hand,
  type LucideIcon,
  OctagonX,
  Play,
  RotateCcw,
  ShieldAlert,
  UserCheck,
} from "lucide-react";
import type { Evidence, Finding } from "#contract/finding.ts";
import { type ChainStep, chainOf } from "#contract/finding-chain.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { dayName } from "#renderer/ui/time-format.ts";
import { RowTime } from "#renderer/ui/time-text.tsx";
import styles from "./finding-chain.module.css";
import inspector from "./inspector.module.css";

const LOOKS: Record<ChainStep["kind"], { word: string; Icon: LucideIcon }> = {
  attempt: { word: "Attempt", Icon: Hand },
  override: { word: "Allowed by hand", Icon: UserCheck },
  change: { word: "File changed", Icon: FilePen },
  state: { word: "Protection changed", Icon: ShieldAlert },
  execution: { word: "Ran", Icon: Play },
  restart: { word: "Restart", Icon: RotateCcw },
  stopped: { word: "Stopped", Icon: OctagonX },
  other: { word: "Record", Icon: FileText },
  more: { word: "More", Icon: EllipsisVertical },
};

interface FindingChainProps {
  finding: Finding;
  now: number;
  onOpen: (evidence: Evidence) => void;
}

/** How it came about, step by step from the top; each step opens its record. One step alone tells nothing more. */
export function FindingChain({ finding, now, onOpen }: FindingChainProps) {
  const steps = chainOf(finding);
  if (steps.length < 2) return null;
  const days = new Set(steps.flatMap((step) => ("at" in step ? dayName(step.at, now) : [])));
  return (
    <section className={inspector.section}>
      <h3 className={inspector.heading}>How it came about</h3>
      <ol className={styles.chain}>
        {steps.map((step, index) => (
          // Steps are told by their place in the story.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className={styles.step}>
            <Step step={step} finding={finding} now={now} withDay={days.size > 1} onOpen={onOpen} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface StepProps extends FindingChainProps {
  step: ChainStep;
  /** The steps are not all of one day. */
  withDay: boolean;
}

function Step({ step, finding, now, withDay, onOpen }: StepProps) {
  const { word, Icon } = LOOKS[step.kind];
  const icon = (
    <span className={styles.icon}>
      <Icon size={13} strokeWidth={2} aria-hidden />
    </span>
  );
  if (step.kind === "more") {
    return (
      <span className={styles.plain}>
        {icon}
        <span className={styles.quiet}>{step.count.toLocaleString()} more records</span>
      </span>
    );
  }
  if (step.kind === "restart") {
    const words = step.restarts > 1 ? `${step.restarts} restarts of this Mac` : "This Mac restarted";
    return (
      <span className={styles.plain}>
        {icon}
        <span className={styles.quiet}>{words}</span>
      </span>
    );
  }
  const evidence = finding.evidence[step.evidence];
  if (evidence === undefined) return null;
  const gone = evidence.rowId === null;
  return (
    <button
      type="button"
      className={styles.button}
      disabled={gone}
      title={gone ? "The record itself is no longer kept" : "Show the record"}
      onClick={() => onOpen(evidence)}
    >
      {icon}
      <span className={styles.word}>
        {step.kind === "other" ? <HostileText text={step.role === "" ? word : step.role} limit={60} /> : word}
        {step.times > 1 && <span className={styles.quiet}> {step.times.toLocaleString()} times</span>}
      </span>
      <span className={styles.when}>
        {withDay && `${dayName(step.at, now)} `}
        <RowTime at={step.at} />
      </span>
      <span className={styles.summary}>
        <HostileText text={step.summary} limit={160} hover />
      </span>
    </button>
  );
}
