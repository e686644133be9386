/** A `com.apple.quarantine` value: `FLAGS;HEXTIME;AGENT;UUID`; the last two may be empty or missing (recorded). */
interface QuarantineValue {
  flags: number;
  /** Seconds since the epoch; null when it is zero or unreadable. */
  setAt: number | null;
  agent: string | null;
  /** The user has chosen to open it. The bit's number is third-party knowledge, seen in recorded values. */
  approved: boolean;
}

const USER_APPROVED = 0x40;
const FLAGS = /^[0-9a-fA-F]{1,8}$/;

/** Null when the text is not such a value. */
export function parseQuarantine(text: string): QuarantineValue | null {
  const [flagText = "", timeText = "", agent = ""] = text.slice(0, 1024).split(";", 4);
  if (!FLAGS.test(flagText)) return null;
  const flags = Number.parseInt(flagText, 16);
  const setAt = FLAGS.test(timeText) ? Number.parseInt(timeText, 16) : 0;
  return {
    flags,
    setAt: setAt === 0 ? null : setAt,
    agent: agent === "" ? null : agent.slice(0, 128),
    approved: (flags & USER_APPROVED) !== 0,
  };
}
