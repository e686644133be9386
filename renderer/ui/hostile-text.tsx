import { useState } from "react";
import { textParts, visibleText } from "#contract/visible-text.ts";
import { cx } from "./cx.ts";
import styles from "./hostile-text.module.css";

interface HostileTextProps {
  text: string;
  /** Characters shown before the rest is cut. */
  limit?: number;
  /** Offers the rest; leave out inside anything that is itself pressed, such as a row. */
  expandable?: boolean;
  /** The whole text on hover. */
  hover?: boolean;
  className?: string | undefined;
}

const HOVER_LIMIT = 2_000;

/** Cuts without leaving half a surrogate pair behind. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

/** For `title`: capped, and with nothing in it that hides or reorders. */
export function hoverText(text: string): string {
  const cut = cutText(text, HOVER_LIMIT);
  return visibleText(cut) + (cut.length < text.length ? "…" : "");
}

/** Text from whatever ran: shown as text only, with what would hide or reorder it boxed as code points. */
export function HostileText({ text, limit = 1_000, expandable = false, hover = false, className }: HostileTextProps) {
  const [all, setAll] = useState(false);
  const shown = all ? text : cutText(text, limit);
  const hidden = text.length - shown.length;
  return (
    <bdi className={cx(styles.text, className)} title={hover ? hoverText(text) : undefined}>
      {textParts(shown).map((part, index) =>
        part.kind === "text" ? (
          part.text
        ) : (
          // The parts of one text never move, so their position names them.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={index} className={styles.point}>
            {part.text}
          </span>
        ),
      )}
      {hidden > 0 && "…"}
      {hidden > 0 && expandable && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          Show all ({hidden.toLocaleString()} more characters)
        </button>
      )}
    </bdi>
  );
}
