import { ArrowUp, CircleAlert, ListFilter, ListTree } from "lucide-react";
import { useStore } from "zustand";
import { isUnfiltered } from "#renderer/state/timeline-rows.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { EmptyState } from "#renderer/ui/empty-state.tsx";
import { Skeleton } from "#renderer/ui/skeleton.tsx";
import { FilterChips } from "./filters.tsx";
import { RibbonView } from "./ribbon/ribbon-view.tsx";
import { NothingYet } from "./nothing-yet.tsx";
import { TimelineList } from "./timeline-list.tsx";
import styles from "./timeline-view.module.css";

/** The timeline with its filters in force, or why there is none. */
export function TimelineView({ stores }: { stores: Stores }) {
  const { timeline } = stores;
  const phase = useStore(timeline.state, (state) => state.phase);
  const failure = useStore(timeline.state, (state) => state.failure);
  const waiting = useStore(timeline.state, (state) => state.waiting);
  const empty = useStore(timeline.state, (state) => state.rows.length === 0);
  const filtered = useStore(timeline.state, (state) => !isUnfiltered(state.filter));

  return (
    <div className={styles.view}>
      <RibbonView stores={stores} />
      <FilterChips stores={stores} />
      <div className={styles.waitingPlace}>
        {waiting > 0 && !empty && (
          <button type="button" className={styles.waiting} onClick={() => timeline.showWaiting()}>
            <ArrowUp size={12} aria-hidden />
            {waiting.toLocaleString()} new
          </button>
        )}
      </div>
      {phase === "failed" ? (
        <EmptyState
          Icon={CircleAlert}
          title="The timeline could not be read"
          actions={<Button onClick={() => void timeline.load()}>Try again</Button>}
        >
          {failure} What has been recorded is still there.
        </EmptyState>
      ) : !empty ? (
        <TimelineList stores={stores} />
      ) : phase === "loading" ? (
        <Skeleton label="Reading the timeline" />
      ) : filtered ? (
        <EmptyState
          Icon={ListFilter}
          title="No row passes these filters"
          actions={<Button onClick={() => timeline.clearFilters()}>Clear filters</Button>}
        >
          The rows are still there; the filters hide all of them.
        </EmptyState>
      ) : (
        <NothingYet stores={stores} Icon={ListTree} />
      )}
    </div>
  );
}
