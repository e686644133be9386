import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./empty-state.module.css";

interface EmptyStateProps {
  Icon: LucideIcon;
  title: string;
  children?: ReactNode;
  /** At most two buttons. */
  actions?: ReactNode;
}

/** Says what is being watched, or what is missing and the one next step. */
export function EmptyState({ Icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <Icon size={32} strokeWidth={1.25} aria-hidden className={styles.icon} />
      <h2 className={styles.title}>{title}</h2>
      {children !== undefined && <div className={styles.body}>{children}</div>}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
