import { Circle, Pause, Search, X } from "lucide-react";
import { useStore } from "zustand";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { cx } from "#renderer/ui/cx.ts";
import { FilterButton } from "./filters.tsx";
import styles from "./timeline-toolbar.module.css";

/** Where Cmd-F goes. */
export const SEARCH_FIELD_ID = "timeline-search";

/** What the title bar carries while the timeline is shown. */
export function TimelineToolbar({ stores }: { stores: Stores }) {
  const { app, timeline } = stores;
  const live = useStore(timeline.state, (state) => state.live);
  const search = useStore(timeline.state, (state) => state.search);
  const watching = useStore(
    app.state,
    ({ info, monitor }) => info?.liveCollection === true || monitor?.recording != null,
  );
  return (
    <>
      {watching && (
        <Button
          look="icon"
          className={cx(styles.live, live && styles.on)}
          aria-label={live ? "Live" : "Paused"}
          title={live ? "New rows come in at the top. Press to pause" : "New rows wait. Press to go live"}
          onClick={() => timeline.setLive(!live)}
        >
          {live ? (
            <Circle size={8} aria-hidden fill="currentcolor" />
          ) : (
            <Pause size={12} aria-hidden fill="currentcolor" />
          )}
          {live ? "Live" : "Paused"}
        </Button>
      )}
      <FilterButton stores={stores} />
      <div className={styles.search}>
        <Search size={14} aria-hidden />
        <input
          id={SEARCH_FIELD_ID}
          type="search"
          aria-label="Search the timeline"
          placeholder="Search"
          value={search}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => timeline.setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            if (search === "") event.currentTarget.blur();
            else timeline.setSearch("");
          }}
        />
        {search !== "" && (
          <button type="button" aria-label="Clear the search" onClick={() => timeline.setSearch("")}>
            <X size={12} aria-hidden />
          </button>
        )}
      </div>
    </>
  );
}
