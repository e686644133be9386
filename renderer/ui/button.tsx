import type { ButtonHTMLAttributes, Ref } from "react";
import { cx } from "./cx.ts";
import styles from "./button.module.css";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "plain" | "primary" | "quiet" | "icon";
  ref?: Ref<HTMLButtonElement>;
}

/** A push button; `icon` needs an aria-label, which is also its hover text. */
export function Button({ look = "plain", className, title, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={cx(styles.button, styles[look], className)}
      title={title ?? (look === "icon" ? rest["aria-label"] : undefined)}
      {...rest}
    />
  );
}
