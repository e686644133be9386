import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { cx } from "./cx.ts";
import styles from "./tabs.module.css";

interface Tab {
  name: string;
  content: ReactNode;
}

/** Tabs as a segmented control; arrows move between them. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const to = (at + step + tabs.length) % tabs.length;
    setAt(to);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
  };
  return (
    <>
      <div className={styles.bar}>
        <div className={styles.list} role="tablist" aria-label={label} ref={list}>
          {tabs.map((tab, index) => (
            <button
              key={tab.name}
              type="button"
              role="tab"
              id={`${id}-tab-${index}`}
              aria-selected={index === at}
              aria-controls={`${id}-panel`}
              tabIndex={index === at ? 0 : -1}
              className={cx(styles.tab, index === at && styles.current)}
              onClick={() => setAt(index)}
              onKeyDown={onKeyDown}
            >
              {tab.name}
            </button>
          ))}
        </div>
      </div>
      {/* Focusable so that a long record can be scrolled without a mouse. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${at}`} tabIndex={0} className={styles.panel}>
        {tabs[at]?.content}
      </div>
    </>
  );
}
