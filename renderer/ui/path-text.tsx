import { cx } from "./cx.ts";
import { HostileText, hoverText } from "./hostile-text.tsx";
import styles from "./path-text.module.css";

/** Splits a path before its last part, which is the one that must stay readable. */
export function splitPath(path: string): { folder: string; name: string } {
  const trimmed = path.endsWith("/") ? path.slice(0, -1) : path;
  const at = trimmed.lastIndexOf("/") + 1;
  return { folder: path.slice(0, at), name: path.slice(at) };
}

/** A path on one line: the middle gives way, the file name stays; the whole path on hover. */
export function PathText({ path, className }: { path: string; className?: string | undefined }) {
  const { folder, name } = splitPath(path);
  return (
    <span className={cx(styles.path, className)} title={hoverText(path)}>
      <HostileText className={styles.folder} text={folder} limit={400} />
      <HostileText className={styles.name} text={name} limit={400} />
    </span>
  );
}
