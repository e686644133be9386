import { useStore } from "zustand";
import type { Inspection } from "#contract/inspection.ts";
import { visibleText } from "#contract/visible-text.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { CopyButton } from "#renderer/ui/copy-button.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { PathText } from "#renderer/ui/path-text.tsx";
import { TrustGlyph } from "#renderer/ui/trust-glyph.tsx";
import { BundleSection } from "./bundle-section.tsx";
import { ChecksSection } from "./checks-section.tsx";
import { inspectionText } from "./inspection-text.ts";
import { decidingSlice, fileName, isTentative, nextStep, STOPPED_WORDS, verdictSentence } from "./inspection-words.ts";
import { Sentences } from "./sentences.tsx";
import { ReadingProgress } from "./reading-progress.tsx";
import { SliceList } from "./slice-section.tsx";
import inspector from "./inspector.module.css";
import styles from "./inspection.module.css";

/** What was found out about a file: verdict, why, what to know, then everything it rests on. */
export function InspectionView({ stores, result }: { stores: Stores; result: Inspection }) {
  const { app } = stores;
  const { path, verdict, slices, bundle } = result;
  const next = nextStep(result);
  return (
    <>
      <header className={inspector.header}>
        <div className={inspector.line}>
          <TrustGlyph trust={verdict.class} large unproved={isTentative(result)} />
          <span className={inspector.push} />
          <CopyButton wide label="Copy report" text={() => inspectionText(result)} copy={app.copy} />
        </div>
        <h2 className={inspector.title}>
          <HostileText text={fileName(path)} limit={160} expandable />
        </h2>
        <p className={styles.place}>
          <PathText path={path} />
          <CopyButton label="Copy path" text={() => visibleText(path)} copy={app.copy} />
        </p>
        <p className={styles.verdict}>
          <HostileText text={verdictSentence(result)} limit={400} expandable />
        </p>
      </header>
      <Work stores={stores} result={result} />
      <Sentences title="Why" items={verdict.problems} tone={verdict.class === "unknown" ? "violet" : "red"} />
      <Sentences title="Notes" items={verdict.notes} />
      {next !== null && (
        <section className={inspector.section}>
          <h3 className={inspector.heading}>What to do</h3>
          <p className={inspector.clause}>
            <HostileText text={next} limit={400} expandable />
          </p>
          {result.kind === "unreadable" && (
            <Button className={styles.act} onClick={() => void stores.inspection.again()}>
              Inspect it again
            </Button>
          )}
        </section>
      )}
      {slices.length > 1 && <DecidingSlice result={result} />}
      <SliceList slices={slices} verdict={verdict} worst={decidingSlice(result)} copy={app.copy} />
      {bundle !== null && <BundleSection bundle={bundle} verdict={verdict} copy={app.copy} />}
      <ChecksSection checked={result.checked} notChecked={result.notChecked} />
    </>
  );
}

function DecidingSlice({ result }: { result: Inspection }) {
  const deciding = decidingSlice(result);
  const same = result.slices.every((slice) => slice.class === result.verdict.class);
  if (deciding === null || same) return null;
  return (
    <p className={styles.deciding}>
      It holds code for {result.slices.length} architectures. The worst of them decides:{" "}
      <HostileText className={inspector.command} text={deciding.arch} limit={40} />.
    </p>
  );
}

/** What still runs, was ended or failed, and what can be done beyond. */
function Work({ stores: { inspection: store }, result }: { stores: Stores; result: Inspection }) {
  const running = useStore(store.state, (state) => state.running);
  const failure = useStore(store.state, (state) => state.failure);
  const stopped = useStore(store.state, (state) => state.stopped);
  if (running !== null) return <ReadingProgress running={running} onCancel={() => store.cancel()} />;
  const missing = stopped ?? (failure === null ? null : result.depth === "header" ? "full" : "deep");
  if (missing !== null) {
    return (
      <output className={styles.blind}>
        <span className={styles.blindText}>
          <HostileText
            text={failure === null ? STOPPED_WORDS[missing] : `The rest could not be checked. ${failure.message}`}
            limit={400}
          />
        </span>
        <Button onClick={() => void (missing === "header" ? store.again() : store.deepen(missing))}>
          {failure === null ? "Check the rest" : "Try again"}
        </Button>
      </output>
    );
  }
  const canGoDeeper = (result.bundle?.counts.nested ?? 0) > 0 && result.depth !== "deep";
  if (!canGoDeeper) return null;
  return (
    <div className={inspector.section}>
      <Button onClick={() => void store.deepen("deep")}>Check the code inside too</Button>
    </div>
  );
}
