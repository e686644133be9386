import { useEffect } from "react";
import { useStore } from "zustand";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { CopyButton } from "#renderer/ui/copy-button.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { PathText } from "#renderer/ui/path-text.tsx";
import { Skeleton } from "#renderer/ui/skeleton.tsx";
import { visibleText } from "#contract/visible-text.ts";
import { InspectionView } from "./inspection-view.tsx";
import { failureSentence, fileName, STOPPED_WORDS } from "./inspection-words.ts";
import { ReadingProgress } from "./reading-progress.tsx";
import inspector from "./inspector.module.css";
import styles from "./inspection.module.css";

/** One file of this Mac: what its signature proves, why, and what was not checked. */
export function FileInspector({ stores, path }: { stores: Stores; path: string }) {
  const { inspection: store } = stores;
  const state = useStore(store.state);
  useEffect(() => {
    void store.show(path, "full");
    return () => store.leave();
  }, [store, path]);
  const { result, running, failure } = state;
  if (state.path !== path) return null;
  if (result !== null) return <InspectionView stores={stores} result={result} />;
  return (
    <>
      <FileHeading stores={stores} path={path} />
      {running !== null ? (
        <>
          <ReadingProgress running={running} onCancel={() => store.cancel()} />
          <Skeleton label="Reading the signature" />
        </>
      ) : (
        <output className={styles.blind}>
          <span className={styles.blindText}>
            <HostileText
              text={failure === null ? STOPPED_WORDS.header : failureSentence(failure.message)}
              limit={400}
            />
          </span>
          <Button onClick={() => void store.again()}>Inspect it again</Button>
        </output>
      )}
    </>
  );
}

/** Name and place. */
export function FileHeading({ stores, path }: { stores: Stores; path: string }) {
  return (
    <header className={inspector.header}>
      <h2 className={inspector.title}>
        <HostileText text={fileName(path)} limit={160} expandable />
      </h2>
      <p className={styles.place}>
        <PathText path={path} />
        <CopyButton label="Copy path" text={() => visibleText(path)} copy={stores.app.copy} />
      </p>
    </header>
  );
}
