import { useEffect, useState } from "react";
import { useStore } from "zustand";
import type { Inspection } from "#contract/inspection.ts";
import type { TimelineRow } from "#contract/timeline.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { Skeleton } from "#renderer/ui/skeleton.tsx";
import { TrustGlyph } from "#renderer/ui/trust-glyph.tsx";
import { FactList } from "./fact-list.tsx";
import { carriesCdhash } from "./inspection-facts.ts";
import { failureSentence, isTentative, STOPPED_WORDS, verdictSentence } from "./inspection-words.ts";
import { ReadingProgress } from "./reading-progress.tsx";
import { Sentences } from "./sentences.tsx";
import { isOnOwnDisk, type RecordSignature } from "./record-signature.ts";
import inspector from "./inspector.module.css";
import styles from "./inspection.module.css";

interface SignatureTabProps {
  stores: Stores;
  row: TimelineRow;
  signature: RecordSignature;
}

/** What the record proves about what ran, and, on the Mac it ran on, what lies there now. */
export function SignatureTab({ stores, row, signature }: SignatureTabProps) {
  const recording = useStore(stores.app.state, ({ monitor }) => monitor?.recording != null);
  const { facts, disagreements, path, cdhash } = signature;
  return (
    <>
      <section className={inspector.section} aria-label="What ran">
        <h3 className={inspector.heading}>What ran, as it was recorded</h3>
        {row.trust !== null && (
          <p>
            <TrustGlyph trust={row.trust} />
          </p>
        )}
        <FactList facts={facts} copy={stores.app.copy} />
      </section>
      <Sentences
        title="What does not agree"
        items={disagreements.map((message) => ({ id: "disagreement", message }))}
        tone="amber"
      />
      {recording ? (
        <section className={inspector.section} aria-label="The file now">
          <h3 className={inspector.heading}>The file now</h3>
          <p>This is a recording, perhaps of another Mac: the file itself was not looked at.</p>
        </section>
      ) : (
        path?.startsWith("/") === true && <FileNow key={path} stores={stores} path={path} ran={cdhash} />
      )}
    </>
  );
}

function FileNow({ stores, path, ran }: { stores: Stores; path: string; ran: string | null }) {
  const { app, inspection: store } = stores;
  const [wanted, setWanted] = useState(() => isOnOwnDisk(path));
  const state = useStore(store.state);
  useEffect(() => {
    if (!wanted) return undefined;
    void store.show(path, "header");
    return () => store.leave();
  }, [store, path, wanted]);
  const { result, running, failure } = state;
  const inspectAll = () => app.follow({ kind: "file", path });
  return (
    <section className={inspector.section} aria-label="The file now">
      <h3 className={inspector.heading}>The file now</h3>
      {!wanted ? (
        <>
          <p>It lies where a network or another disk may be, so it is read only when you ask.</p>
          <Button className={styles.act} onClick={() => setWanted(true)}>
            Inspect the file
          </Button>
        </>
      ) : state.path !== path ? null : result !== null ? (
        <>
          <p>
            <HostileText text={nowSentence(result, ran)} limit={400} />
          </p>
          <p className={styles.nowLine}>
            <TrustGlyph trust={result.verdict.class} unproved={isTentative(result)} />
            <span className={inspector.push} />
            <Button look="quiet" onClick={inspectAll}>
              Inspect the whole file
            </Button>
          </p>
          <p className={inspector.note}>
            <HostileText text={verdictSentence(result)} limit={400} />
          </p>
        </>
      ) : running !== null ? (
        <>
          <ReadingProgress running={running} onCancel={() => store.cancel()} />
          <Skeleton label="Reading the signature" />
        </>
      ) : (
        <>
          <p>
            <HostileText
              text={failure === null ? STOPPED_WORDS.header : failureSentence(failure.message)}
              limit={400}
            />
          </p>
          <Button className={styles.act} onClick={() => void store.again()}>
            Inspect it again
          </Button>
        </>
      )}
    </section>
  );
}

/**
 * Whether the file that now lies at a path is the one that ran there.
 * @param ran the CDHash in the record; null when it has none
 */
export function nowSentence(inspection: Inspection, ran: string | null): string {
  const { kind, verdict } = inspection;
  if (kind === "unreadable") {
    return `The file at this path cannot be read now. ${verdict.problems[0]?.message ?? verdict.notes[0]?.message ?? ""}`.trim();
  }
  if (ran === null) return "The record has no CDHash, so whether this is what ran cannot be told.";
  if (carriesCdhash(inspection, ran))
    return "The file at this path has the signature of what ran: its CDHash is the same.";
  return "The file at this path is no longer what ran: its CDHash is another one.";
}
