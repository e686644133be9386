import { CircleAlert, FileX2 } from "lucide-react";
import { useEffect } from "react";
import { useStore } from "zustand";
import type { EventDetail } from "#contract/timeline.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { CopyButton } from "#renderer/ui/copy-button.tsx";
import { EmptyState } from "#renderer/ui/empty-state.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { Skeleton } from "#renderer/ui/skeleton.tsx";
import { Tabs } from "#renderer/ui/tabs.tsx";
import { exactTime } from "#renderer/ui/time-format.ts";
import { TrustGlyph } from "#renderer/ui/trust-glyph.tsx";
import { ORIGIN_WORDS } from "#renderer/ui/words.ts";
import { FactList } from "./fact-list.tsx";
import { eventText } from "./event-text.ts";
import { LinkedFindings } from "./linked-findings.tsx";
import { recordSignature } from "./record-signature.ts";
import { SignatureTab } from "./signature-tab.tsx";
import { RawRecord } from "./raw-record.tsx";
import styles from "./inspector.module.css";

/** One record: its facts, the findings that stand on it, and the source's own words. */
export function EventInspector({ stores, rowId }: { stores: Stores; rowId: number }) {
  const { detail: store } = stores;
  const state = useStore(store.state);
  useEffect(() => void store.load(rowId), [store, rowId]);
  if (state.phase === "idle" || state.rowId !== rowId || state.phase === "loading")
    return <Skeleton label="Reading the record" />;
  if (state.phase === "gone") {
    return (
      <EmptyState Icon={FileX2} title="This record is no longer kept">
        Old records are removed as settings say; findings keep their words.
      </EmptyState>
    );
  }
  if (state.phase === "failed") {
    return (
      <EmptyState
        Icon={CircleAlert}
        title="The record could not be read"
        actions={<Button onClick={() => void store.load(rowId)}>Try again</Button>}
      >
        {state.failure}
      </EmptyState>
    );
  }
  return <EventBody stores={stores} detail={state.detail} />;
}

function EventBody({ stores, detail }: { stores: Stores; detail: EventDetail }) {
  const { row } = detail;
  const { app } = stores;
  const signature = recordSignature(detail);
  return (
    <>
      <header className={styles.header}>
        <h2 className={styles.title}>
          <HostileText text={row.title} limit={160} expandable />
        </h2>
        <p className={styles.sub}>
          <time dateTime={row.at}>{exactTime(row.at)}</time>
          {" · "}
          <span title={ORIGIN_WORDS[row.origin].meaning}>{ORIGIN_WORDS[row.origin].long}</span>
        </p>
        <div className={styles.line}>
          {row.trust !== null && <TrustGlyph trust={row.trust} />}
          <span className={styles.push} />
          <CopyButton wide label="Copy" text={() => eventText(detail)} copy={app.copy} />
        </div>
      </header>
      <Tabs
        label="About this record"
        tabs={[
          {
            name: "Summary",
            content: (
              <>
                <LinkedFindings stores={stores} ids={detail.findings} />
                <FactList facts={detail.facts} copy={app.copy} />
              </>
            ),
          },
          ...(signature === null
            ? []
            : [{ name: "Signature", content: <SignatureTab stores={stores} row={row} signature={signature} /> }]),
          {
            name: "Raw record",
            content: <RawRecord raw={detail.raw} truncated={detail.rawTruncated} copy={app.copy} />,
          },
        ]}
      />
    </>
  );
}
