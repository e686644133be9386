import type { ReactNode } from "react";
import { Button } from "#renderer/ui/button.tsx";
import styles from "./detection.module.css";

interface SettingBlockProps {
  title: string;
  /** MITRE's or the file's name for it. */
  element: string;
  /** What it does, in plain words. */
  children: ReactNode;
  control: ReactNode;
  /** Left out where it is as shipped. */
  onReset?: (() => void) | undefined;
}

/** One setting: what it is called, what it does, its control, and the way back to the default. */
export function SettingBlock({ title, element, children, control, onReset }: SettingBlockProps) {
  return (
    <section className={styles.block} aria-label={title}>
      <div className={styles.head}>
        <h4 className={styles.title}>{title}</h4>
        <code className={styles.element}>{element}</code>
        {onReset !== undefined && (
          <Button look="quiet" aria-label={`Reset to default: ${title}`} onClick={onReset}>
            Reset to default
          </Button>
        )}
      </div>
      <p className={styles.explained}>{children}</p>
      {control}
    </section>
  );
}
