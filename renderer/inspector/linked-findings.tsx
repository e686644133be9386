import { useEffect } from "react";
import { useStore } from "zustand";
import type { Stores } from "#renderer/state/stores.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { SeverityGlyph } from "#renderer/ui/severity-glyph.tsx";
import styles from "./inspector.module.css";

/** The findings that stand on a record. */
export function LinkedFindings({ stores, ids }: { stores: Stores; ids: readonly number[] }) {
  const known = useStore(stores.findings.state, (state) => state.findings);
  useEffect(() => {
    for (const id of ids) void stores.findings.ensure(id);
  }, [stores, ids]);
  const linked = known.filter((finding) => ids.includes(finding.id));
  if (linked.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Findings">
      <h3 className={styles.heading}>
        {linked.length === 1 ? "Part of a finding" : `Part of ${linked.length} findings`}
      </h3>
      <ul>
        {linked.map((finding) => (
          <li key={finding.id}>
            <button
              type="button"
              className={styles.link}
              onClick={() => stores.app.follow({ kind: "finding", id: finding.id })}
            >
              <SeverityGlyph severity={finding.severity} word={false} />
              <HostileText text={finding.title} limit={200} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
