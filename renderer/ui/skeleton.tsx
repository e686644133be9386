import styles from "./skeleton.module.css";

const WIDTHS = ["62%", "48%", "71%", "55%", "66%", "40%", "58%", "69%"];

/** Rows to come; appears only when loading takes long enough to be noticed. */
export function Skeleton({ label, tall = false }: { label: string; tall?: boolean }) {
  return (
    <output className={styles.skeleton} aria-label={label}>
      {WIDTHS.map((width) => (
        <span key={width} className={tall ? styles.tall : styles.row}>
          <span className={styles.bar} style={{ width }} />
        </span>
      ))}
      <span className={styles.label}>{label}</span>
    </output>
  );
}
