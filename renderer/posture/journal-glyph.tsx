import {
  ClockAlert,
  FileText,
  Hand,
  type LucideIcon,
  Power,
  RefreshCw,
  ScanEye,
  ShieldAlert,
  ShieldCheck,
  UserCheck,
} from "lucide-react";
import type { JournalKind } from "#contract/posture.ts";
import { type Tone, toneClass } from "#renderer/ui/tone.ts";
import { JOURNAL_WORDS } from "#renderer/ui/words.ts";
import styles from "./journal.module.css";

const LOOKS: Record<JournalKind, { tone: Tone; Icon: LucideIcon }> = {
  boot: { tone: "grey", Icon: Power },
  snapshot: { tone: "grey", Icon: ScanEye },
  change: { tone: "grey", Icon: RefreshCw },
  pending: { tone: "amber", Icon: ClockAlert },
  fact: { tone: "grey", Icon: FileText },
  intent: { tone: "amber", Icon: Hand },
  baseline: { tone: "grey", Icon: UserCheck },
  "epoch-opened": { tone: "red", Icon: ShieldAlert },
  "epoch-closed": { tone: "green", Icon: ShieldCheck },
};

/** What kind of entry it is: a sign and its word. */
export function JournalGlyph({ kind }: { kind: JournalKind }) {
  const { tone, Icon } = LOOKS[kind];
  return (
    <span className={styles.kind}>
      <Icon size={14} strokeWidth={2} aria-hidden className={toneClass(tone)} />
      <span>{JOURNAL_WORDS[kind]}</span>
    </span>
  );
}
