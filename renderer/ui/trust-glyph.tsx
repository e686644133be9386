import {
  Badge,
  BadgeAlert,
  BadgeCheck,
  BadgeQuestionMark,
  BadgeX,
  CircleDashed,
  FileText,
  type LucideIcon,
} from "lucide-react";
import type { TrustClass } from "#contract/trust.ts";
import { cx } from "./cx.ts";
import { type Tone, toneClass } from "./tone.ts";
import styles from "./tone.module.css";

interface Look {
  word: string;
  meaning: string;
  tone: Tone;
  Icon: LucideIcon;
}

/** A seal: checked, plain, doubtful, broken, not checkable, or missing. */
const LOOKS: Record<TrustClass, Look> = {
  platform: { word: "Apple", meaning: "Part of macOS, signed by Apple", tone: "green", Icon: BadgeCheck },
  "platform-legacy": {
    word: "Apple",
    meaning: "Signed by Apple for an earlier macOS",
    tone: "green",
    Icon: BadgeCheck,
  },
  "app-store": { word: "App Store", meaning: "Signed by the App Store", tone: "green", Icon: BadgeCheck },
  "app-store-submission": {
    word: "Submission",
    meaning: "Signed for submission to the App Store, not by the App Store",
    tone: "grey",
    Icon: Badge,
  },
  testflight: { word: "TestFlight", meaning: "Signed for testing through TestFlight", tone: "grey", Icon: Badge },
  "developer-id": {
    word: "Developer ID",
    meaning: "Signed by a developer Apple knows. Notarization is a separate fact",
    tone: "green",
    Icon: BadgeCheck,
  },
  development: {
    word: "Development",
    meaning: "Signed with a certificate for development only",
    tone: "grey",
    Icon: Badge,
  },
  enterprise: { word: "Enterprise", meaning: "Signed by an organization for its own Macs", tone: "grey", Icon: Badge },
  "local-signing": { word: "Signed here", meaning: "Signed on this Mac", tone: "grey", Icon: Badge },
  "linker-signed": {
    word: "Linker-signed",
    meaning: "Ad hoc signature added when it was built; it names no developer",
    tone: "grey",
    Icon: BadgeAlert,
  },
  "ad-hoc": { word: "Ad hoc", meaning: "A signature that names no developer", tone: "amber", Icon: BadgeAlert },
  "self-signed": {
    word: "Self-signed",
    meaning: "Signed by a certificate nobody vouches for",
    tone: "amber",
    Icon: BadgeAlert,
  },
  untrusted: {
    word: "Untrusted",
    meaning: "Signed by a certificate this Mac does not trust",
    tone: "red",
    Icon: BadgeX,
  },
  unsigned: { word: "Unsigned", meaning: "No code signature at all", tone: "amber", Icon: CircleDashed },
  invalid: { word: "Invalid", meaning: "The code does not match its signature", tone: "red", Icon: BadgeX },
  revoked: { word: "Revoked", meaning: "Apple or the developer withdrew this signature", tone: "red", Icon: BadgeX },
  "not-code": { word: "Not code", meaning: "Not something that is signed", tone: "grey", Icon: FileText },
  unknown: {
    word: "Not checked",
    meaning: "Could not be checked: neither trusted nor unsigned",
    tone: "violet",
    Icon: BadgeQuestionMark,
  },
};

/** For texts; the glyph says the same. */
export function trustWord(trust: TrustClass): string {
  return LOOKS[trust].word;
}

interface TrustGlyphProps {
  trust: TrustClass;
  /** Where it is the verdict. */
  large?: boolean;
  /** Not everything that the signature covers was looked at: nothing is proved good yet. */
  unproved?: boolean;
}

/** The one sign for a trust class, explained on hover. */
export function TrustGlyph({ trust, large = false, unproved = false }: TrustGlyphProps) {
  const { Icon, tone, word, meaning } = LOOKS[trust];
  const shown = unproved && tone === "green" ? { tone: "grey" as const, Icon: Badge } : { tone, Icon };
  return (
    <span className={cx(styles.glyph, toneClass(shown.tone), large && styles.large)} title={meaning}>
      <shown.Icon size={large ? 18 : 14} strokeWidth={2} aria-hidden />
      <span className={styles.word}>{word}</span>
    </span>
  );
}
