import { ChartNoAxesGantt, List } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { type RibbonSpan, usefulSpans } from "#renderer/state/ribbon-store.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { cx } from "#renderer/ui/cx.ts";
import { RibbonDrawing } from "./ribbon-drawing.tsx";
import { RibbonList } from "./ribbon-list.tsx";
import styles from "./ribbon-view.module.css";

const SPAN_WORDS: Record<RibbonSpan, string> = { all: "All", week: "7 days", day: "24 hours", hour: "1 hour" };

/** Above the rows: how the Mac was protected, who saw what, and where the findings lie. */
export function RibbonView({ stores }: { stores: Stores }) {
  const { ribbon: store } = stores;
  const ribbon = useStore(store.state, (state) => state.ribbon);
  const failure = useStore(store.state, (state) => state.failure);
  const span = useStore(store.state, (state) => state.span);
  const extent = useStore(store.state, (state) => state.extent);
  const [asList, setAsList] = useState(false);

  if (ribbon === null || ribbon.to - ribbon.from <= 1) {
    return failure === null ? null : <p className={styles.failure}>The overview could not be read. {failure}</p>;
  }
  const spans = usefulSpans(extent);
  return (
    <section className={styles.ribbon} aria-label="Overview">
      {asList ? <RibbonList stores={stores} ribbon={ribbon} /> : <RibbonDrawing stores={stores} ribbon={ribbon} />}
      <div className={styles.side}>
        <Button
          look="icon"
          aria-label={asList ? "Show the overview as a drawing" : "Show the overview as a list"}
          onClick={() => setAsList(!asList)}
        >
          {asList ? <ChartNoAxesGantt size={15} aria-hidden /> : <List size={15} aria-hidden />}
        </Button>
        {spans.length > 1 && (
          <fieldset className={styles.spans} aria-label="Time shown">
            {spans.map((name) => (
              <button
                key={name}
                type="button"
                className={cx(styles.span, name === span && styles.current)}
                aria-pressed={name === span}
                onClick={() => store.show(name)}
              >
                {SPAN_WORDS[name]}
              </button>
            ))}
          </fieldset>
        )}
      </div>
    </section>
  );
}
