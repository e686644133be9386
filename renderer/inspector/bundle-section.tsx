import { useState } from "react";
import type { BundleInspection, Inspection, NestedCode } from "#contract/inspection.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { PathText } from "#renderer/ui/path-text.tsx";
import { TrustGlyph } from "#renderer/ui/trust-glyph.tsx";
import { FactList } from "./fact-list.tsx";
import { bundleFacts, notYetSaid } from "./inspection-facts.ts";
import { SEALED_WORDS } from "./inspection-words.ts";
import { Sentences } from "./sentences.tsx";
import inspector from "./inspector.module.css";
import styles from "./inspection.module.css";

const SHOWN = 12;
/** More are counted, not drawn. */
const SHOWN_MAX = 500;

interface BundleSectionProps {
  bundle: BundleInspection;
  verdict: Inspection["verdict"];
  copy: (text: string) => Promise<boolean>;
}

/** The bundle around the code: what is sealed, what differs, what other code it holds. */
export function BundleSection({ bundle, verdict, copy }: BundleSectionProps) {
  return (
    <>
      <section className={inspector.section}>
        <h3 className={inspector.heading}>Bundle</h3>
        <FactList facts={bundleFacts(bundle)} copy={copy} />
      </section>
      <Sentences title="What differs" items={notYetSaid(bundle.problems, verdict.problems)} tone="red" />
      <Sentences title="Notes on the bundle" items={notYetSaid(bundle.notes, verdict.notes)} />
      <NestedList nested={bundle.nested} />
    </>
  );
}

function NestedList({ nested }: { nested: readonly NestedCode[] }) {
  const [all, setAll] = useState(false);
  if (nested.length === 0) return null;
  const shown = nested.slice(0, all ? SHOWN_MAX : SHOWN);
  const left = nested.length - shown.length;
  return (
    <section className={inspector.section}>
      <h3 className={inspector.heading}>Code inside</h3>
      <ul>
        {shown.map((code) => (
          <li key={code.path} className={styles.nested}>
            <PathText className={styles.nestedPath} path={code.path} />
            <span className={styles.nestedState}>
              <TrustGlyph trust={code.class} />
              <span className={code.sealed === "bad" ? styles.bad : inspector.note}>{SEALED_WORDS[code.sealed]}</span>
            </span>
            {code.problems.slice(0, SHOWN).map(({ id, message }) => (
              <span key={id} className={styles.nestedProblem}>
                <HostileText text={message} limit={240} expandable />
              </span>
            ))}
          </li>
        ))}
      </ul>
      {left > 0 && !all && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          Show {left.toLocaleString()} more
        </button>
      )}
      {left > 0 && all && <p className={inspector.note}>{left.toLocaleString()} more are not shown here.</p>}
    </section>
  );
}
