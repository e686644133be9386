import { X } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./chip.module.css";

/** A filter in force; pressing it takes the filter away. */
export function Chip({ label, children, onRemove }: { label: string; children: ReactNode; onRemove: () => void }) {
  return (
    <button
      type="button"
      className={styles.chip}
      onClick={onRemove}
      aria-label={`Remove filter: ${label}`}
      title={`Remove filter: ${label}`}
    >
      <span className={styles.text}>{children}</span>
      <X size={12} aria-hidden />
    </button>
  );
}
