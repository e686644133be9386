import styles from "./tone.module.css";

/** red = act, amber = look, green = proved good, violet = could not be checked or blind, grey = the rest. */
export type Tone = "red" | "amber" | "green" | "violet" | "grey";

export function toneClass(tone: Tone): string {
  return styles[tone] ?? "";
}
