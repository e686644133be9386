import { ListFilter } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import type { Severity } from "#contract/severity.ts";
import type { Origin } from "#contract/source.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { Chip } from "#renderer/ui/chip.tsx";
import { HostileText, hoverText } from "#renderer/ui/hostile-text.tsx";
import { SEVERITY_WORDS, SeverityGlyph, severityWord } from "#renderer/ui/severity-glyph.tsx";
import { ORIGIN_ORDER, ORIGIN_WORDS } from "#renderer/ui/words.ts";
import { stretchWords } from "./ribbon/words.ts";
import styles from "./filters.module.css";

function atLeast(severity: Severity): string {
  return severity === "critical" ? severityWord(severity) : `${severityWord(severity)} or worse`;
}

/** The Filters button and its panel. */
export function FilterButton({ stores: { timeline } }: { stores: Stores }) {
  const filter = useStore(timeline.state, (state) => state.filter);
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return undefined;
    const close = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false);
    };
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, [open]);

  const toggle = (origin: Origin) => {
    const origins = filter.origins.includes(origin)
      ? filter.origins.filter((other) => other !== origin)
      : [...filter.origins, origin];
    timeline.setFilter({ origins });
  };
  const choose = (minSeverity: Severity | null) => timeline.setFilter({ minSeverity });

  return (
    // Esc closes the panel from wherever in it the focus is.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={root}
      className={styles.root}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <Button ref={button} look="icon" aria-label="Filters" aria-expanded={open} onClick={() => setOpen(!open)}>
        <ListFilter size={16} aria-hidden />
      </Button>
      {open && (
        <section className={styles.panel} aria-label="Filters">
          <fieldset>
            <legend>Only rows of a finding</legend>
            <label>
              <input type="radio" name="severity" checked={filter.minSeverity === null} onChange={() => choose(null)} />
              All rows
            </label>
            {SEVERITY_WORDS.map(({ severity }) => (
              <label key={severity}>
                <input
                  type="radio"
                  name="severity"
                  checked={filter.minSeverity === severity}
                  onChange={() => choose(severity)}
                />
                <SeverityGlyph severity={severity} word={false} />
                {atLeast(severity)}
              </label>
            ))}
          </fieldset>
          <fieldset>
            <legend>Only from</legend>
            {ORIGIN_ORDER.map((origin) => (
              <label key={origin} title={ORIGIN_WORDS[origin].meaning}>
                <input type="checkbox" checked={filter.origins.includes(origin)} onChange={() => toggle(origin)} />
                {ORIGIN_WORDS[origin].long}
              </label>
            ))}
          </fieldset>
        </section>
      )}
    </div>
  );
}

/** The filters in force, each removable, and how many rows they hide together. */
export function FilterChips({ stores }: { stores: Stores }) {
  const { timeline } = stores;
  const filter = useStore(timeline.state, (state) => state.filter);
  const total = useStore(timeline.state, (state) => state.total);
  const matching = useStore(timeline.state, (state) => state.matching);
  const phase = useStore(timeline.state, (state) => state.phase);
  const { origins, minSeverity, text, range = null } = filter;
  const several = origins.length + (minSeverity === null ? 0 : 1) + (text === "" ? 0 : 1) + (range === null ? 0 : 1);
  if (several === 0) return null;
  const hidden =
    matching === null
      ? "Some rows are hidden"
      : `${Math.max(0, total - matching).toLocaleString()} of ${total.toLocaleString()} rows hidden`;
  return (
    <section className={styles.chips} aria-label="Filters in force">
      {text !== "" && (
        <Chip
          label={`contains “${hoverText(text)}”`}
          onRemove={() => {
            timeline.setSearch("");
            timeline.setFilter({ text: "" });
          }}
        >
          contains “<HostileText text={text} limit={60} />”
        </Chip>
      )}
      {range !== null && (
        <Chip
          label={stretchWords(range.from, range.to, stores.now())}
          onRemove={() => timeline.setFilter({ range: null })}
        >
          {stretchWords(range.from, range.to, stores.now())}
        </Chip>
      )}
      {minSeverity !== null && (
        <Chip label={atLeast(minSeverity)} onRemove={() => timeline.setFilter({ minSeverity: null })}>
          {atLeast(minSeverity)}
        </Chip>
      )}
      {origins.map((origin) => (
        <Chip
          key={origin}
          label={ORIGIN_WORDS[origin].long}
          onRemove={() => timeline.setFilter({ origins: origins.filter((other) => other !== origin) })}
        >
          {ORIGIN_WORDS[origin].long}
        </Chip>
      ))}
      <output className={styles.hidden}>{phase === "loading" ? "" : hidden}</output>
      {several > 1 && (
        <Button look="quiet" onClick={() => timeline.clearFilters()}>
          Clear all
        </Button>
      )}
    </section>
  );
}
