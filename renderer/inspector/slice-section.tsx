import { ChevronRight } from "lucide-react";
import type { Inspection, SliceInspection } from "#contract/inspection.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { TrustGlyph } from "#renderer/ui/trust-glyph.tsx";
import { CopyButton } from "#renderer/ui/copy-button.tsx";
import { visibleText } from "#contract/visible-text.ts";
import { AuthorityChain } from "./authority-chain.tsx";
import { EntitlementList } from "./entitlement-list.tsx";
import { FactList } from "./fact-list.tsx";
import { identityFacts, notYetSaid } from "./inspection-facts.ts";
import { isOnlyClaimed, sliceSentence } from "./inspection-words.ts";
import { Sentences } from "./sentences.tsx";
import inspector from "./inspector.module.css";
import styles from "./inspection.module.css";

type Copy = (text: string) => Promise<boolean>;

interface SliceListProps {
  slices: readonly SliceInspection[];
  verdict: Inspection["verdict"];
  /** Opened; the order is the file's. */
  worst: SliceInspection | null;
  copy: Copy;
}

/** One slice as it is; several as rows that open, each with its own verdict. */
export function SliceList({ slices, verdict, worst, copy }: SliceListProps) {
  const [only] = slices;
  if (only === undefined) return null;
  if (slices.length === 1) return <SliceBody slice={only} verdict={verdict} copy={copy} level={3} />;
  return (
    <section className={styles.slices} aria-label="Architectures">
      <h3 className={inspector.heading}>Architectures</h3>
      {slices.map((slice, index) => (
        // A file may hold one architecture twice, and slices never move.
        // oxlint-disable-next-line react/no-array-index-key
        <details key={`${slice.arch} ${index}`} className={styles.slice} open={slice === worst}>
          <summary className={styles.sliceRow}>
            <ChevronRight size={14} aria-hidden className={styles.chevron} />
            <HostileText className={styles.arch} text={slice.arch} limit={40} />
            <TrustGlyph trust={slice.class} unproved={slice.pageHashes !== "ok"} />
          </summary>
          {(slice.class !== verdict.class || slice.cdhash === null) && (
            <p className={styles.deciding}>
              <HostileText text={sliceSentence(slice)} limit={300} />
            </p>
          )}
          <SliceBody slice={slice} verdict={verdict} copy={copy} level={4} />
        </details>
      ))}
    </section>
  );
}

function SliceBody({
  slice,
  verdict,
  copy,
  level,
}: {
  slice: SliceInspection;
  verdict: Inspection["verdict"];
  copy: Copy;
  level: 3 | 4;
}) {
  const Heading = level === 3 ? "h3" : "h4";
  const facts = identityFacts(slice);
  const claimed = isOnlyClaimed(slice.class);
  const { requirement } = slice;
  return (
    <>
      <Sentences title="Why" items={notYetSaid(slice.problems, verdict.problems)} tone="red" level={level} />
      <Sentences title="Notes" items={notYetSaid(slice.notes, verdict.notes)} level={level} />
      <AuthorityChain slice={slice} level={level} />
      {facts.length > 0 && (
        <section className={inspector.section}>
          <Heading className={inspector.heading}>{claimed ? "Identity, as claimed" : "Identity"}</Heading>
          <FactList facts={facts} copy={copy} />
        </section>
      )}
      <EntitlementList entitlements={slice.entitlements} level={level} />
      {requirement !== null && (
        <section className={inspector.section}>
          <div className={styles.headed}>
            <Heading className={inspector.heading}>Designated requirement</Heading>
            <CopyButton label="Copy requirement" text={() => visibleText(requirement)} copy={copy} />
          </div>
          <p className={styles.requirement}>
            <HostileText text={requirement} limit={1_200} expandable />
          </p>
        </section>
      )}
    </>
  );
}
