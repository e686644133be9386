import styles from "./settings-view.module.css";

interface SwitchProps {
  on: boolean;
  onChange: (on: boolean) => void;
  id?: string;
  /** For assistive technology, where no label element names it. */
  label?: string;
}

/** On or off; it applies at once. */
export function Switch({ on, onChange, id, label }: SwitchProps) {
  return (
    <input
      id={id}
      type="checkbox"
      role="switch"
      className={styles.switch}
      checked={on}
      aria-checked={on}
      aria-label={label}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
