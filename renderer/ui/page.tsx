import type { ReactNode } from "react";
import styles from "./page.module.css";

/** A verdict for a heading, or where the title bar says enough, only a name for assistive technology. */
type PageProps = ({ title: string } | { label: string }) & { lead?: ReactNode; children: ReactNode };

/** A page that is read rather than scanned: one column, no wider than reads well. */
export function Page({ lead, children, ...named }: PageProps) {
  const label = "title" in named ? named.title : named.label;
  return (
    // Focusable so that it can be scrolled without a mouse.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <div className={styles.page}>
        {"title" in named && <h2 className={styles.title}>{named.title}</h2>}
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        {children}
      </div>
    </section>
  );
}

/** A part of a page under its own heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{title}</h3>
      {children}
    </section>
  );
}
