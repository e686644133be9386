import { EyeOff, FileSearch } from "lucide-react";
import { useStore } from "zustand";
import type { Section } from "#renderer/state/navigation.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { cx } from "#renderer/ui/cx.ts";
import { inspectChosenFile } from "./inspect-file.ts";
import { SECTION_LOOKS } from "./sections.ts";
import styles from "./sidebar.module.css";

/** Where one can go; the top is left to the window's own buttons. */
export function Sidebar({ stores }: { stores: Stores }) {
  const { app } = stores;
  const here = useStore(app.state, ({ history }) => history.here.section);
  const findings = useStore(app.state, (state) => state.monitor?.totals.findings ?? 0);
  const blind = useStore(
    app.state,
    (state) =>
      (state.monitor?.coverage.sources ?? []).filter((source) => source.blind !== null && source.blind !== "").length,
  );
  const blindness = `${blind} ${blind === 1 ? "source is" : "sources are"} partly blind`;
  const descriptions: Partial<Record<Section, string>> = {
    ...(findings > 0 ? { findings: `${findings} in all` } : {}),
    ...(blind > 0 ? { coverage: blindness } : {}),
  };
  return (
    <div className={styles.sidebar}>
      <div className={styles.drag} />
      <nav aria-label="Sections">
        {SECTION_LOOKS.map(({ section, word, Icon }) => (
          <button
            key={section}
            type="button"
            aria-describedby={descriptions[section] === undefined ? undefined : `about-${section}`}
            aria-current={here === section ? "page" : undefined}
            className={cx(styles.item, here === section && styles.here)}
            onClick={() => app.go(section)}
          >
            <Icon size={16} strokeWidth={1.75} aria-hidden />
            <span className={styles.word}>{word}</span>
            <span id={`about-${section}`} hidden>
              {descriptions[section]}
            </span>
            {section === "findings" && findings > 0 && (
              <span className={styles.count} aria-hidden>
                {findings.toLocaleString()}
              </span>
            )}
            {section === "coverage" && blind > 0 && (
              <span className={styles.blind} aria-hidden title={blindness}>
                <EyeOff size={14} aria-hidden />
              </span>
            )}
          </button>
        ))}
      </nav>
      <button
        type="button"
        className={styles.inspect}
        title="Look at the signature of any app or file, or drop it onto this window"
        onClick={() => void inspectChosenFile(stores)}
      >
        <FileSearch size={16} strokeWidth={1.75} aria-hidden />
        Inspect a file…
      </button>
    </div>
  );
}
