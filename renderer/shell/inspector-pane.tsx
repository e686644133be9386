import { X } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from "react";
import { Button } from "#renderer/ui/button.tsx";
import { cx } from "#renderer/ui/cx.ts";
import styles from "./inspector-pane.module.css";

const NARROWEST = 300;
const WIDEST = 560;
const USUAL = 380;
const STEP = 16;
const REMEMBERED_AS = "sealbar.inspector-width";

function fit(width: number): number {
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
}

function rememberedWidth(): number {
  const width = Number(localStorage.getItem(REMEMBERED_AS));
  return width > 0 ? fit(width) : USUAL;
}

/** The right pane: its width can be dragged or set with arrows, and is remembered. */
export function InspectorPane({
  empty,
  children,
  onClose,
}: {
  /** Nothing is selected: where the pane would cover the list, it gives way. */
  empty: boolean;
  children: ReactNode;
  onClose: () => void;
}) {
  const [width, setWidth] = useState(rememberedWidth);
  const resize = (to: number) => {
    const next = fit(to);
    setWidth(next);
    localStorage.setItem(REMEMBERED_AS, String(next));
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) resize(window.innerWidth - event.clientX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowLeft" ? STEP : event.key === "ArrowRight" ? -STEP : 0;
    if (step === 0) return;
    event.preventDefault();
    resize(width + step);
  };
  return (
    <aside className={cx(styles.pane, empty && styles.empty)} aria-label="Inspector" style={{ width }}>
      {/* A focusable separator is the pattern for a pane that can be resized with the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/prefer-tag-over-role */}
      <div
        className={styles.handle}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="separator"
        aria-orientation="vertical"
        aria-label="Inspector width"
        aria-valuenow={width}
        aria-valuemin={NARROWEST}
        aria-valuemax={WIDEST}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
      />
      <div className={styles.bar}>
        <Button look="icon" aria-label="Close the inspector" onClick={onClose}>
          <X size={16} aria-hidden />
        </Button>
      </div>
      {/* Focused when something is opened, so that reading starts here. */}
      <div id="inspector" className={styles.scroll} tabIndex={-1}>
        {children}
      </div>
    </aside>
  );
}
