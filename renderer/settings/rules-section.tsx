import { FolderPlus, X } from "lucide-react";
import { useState } from "react";
import type { MonitorSettingsFile, MonitorSettingsView, RuleState } from "#contract/monitor-settings.ts";
import { SEVERITIES } from "#contract/severity.ts";
import type { MonitorSettingsStore } from "#renderer/state/monitor-settings-store.ts";
import { Button } from "#renderer/ui/button.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { Section } from "#renderer/ui/page.tsx";
import { PathText } from "#renderer/ui/path-text.tsx";
import { SeverityGlyph, severityWord } from "#renderer/ui/severity-glyph.tsx";
import detection from "./detection.module.css";
import styles from "./rules.module.css";
import { SettingBlock } from "./setting-block.tsx";
import { Switch } from "./switch.tsx";

const STEP = 50;

interface RulesProps {
  view: MonitorSettingsView;
  store: MonitorSettingsStore;
}

/** Which rules run: ours, those of folders of one's own, and those that cannot. */
export function RulesSection({ view, store }: RulesProps) {
  const { settings, defaults, skipped } = view;
  const { folders, minimumLevel } = settings.rules;
  const change = (part: Partial<MonitorSettingsFile["rules"]>) =>
    void store.change(({ rules }) => ({ rules: { ...rules, ...part } }));
  return (
    <Section title="Rules">
      <SettingBlock
        title="Folders with rules of your own"
        element="rules.folders"
        onReset={folders.length === 0 ? undefined : () => change({ folders: defaults.rules.folders })}
        control={
          <>
            {folders.length === 0 ? (
              <p className={detection.none}>None: only Sealbar’s own rules run.</p>
            ) : (
              <ul className={styles.folders}>
                {folders.map((folder) => (
                  <li key={folder} className={styles.folder}>
                    <PathText path={folder} />
                    <button
                      type="button"
                      className={detection.remove}
                      aria-label={`Remove ${folder}`}
                      title="Remove"
                      onClick={() => change({ folders: folders.filter((other) => other !== folder) })}
                    >
                      <X size={12} strokeWidth={2.25} aria-hidden />
                    </button>
                  </li>
                ))}
              </ul>
            )}
            <Button onClick={() => void store.addRulesFolder()}>
              <FolderPlus size={14} aria-hidden />
              Add folder…
            </Button>
          </>
        }
      >
        Sigma rules for macOS in these folders run beside Sealbar’s own. The folders are only read.
      </SettingBlock>
      <SettingBlock
        title="Lowest level that runs"
        element="rules.minimumLevel"
        onReset={
          minimumLevel === defaults.rules.minimumLevel
            ? undefined
            : () => change({ minimumLevel: defaults.rules.minimumLevel })
        }
        control={
          <select
            className={detection.select}
            aria-label="Lowest level that runs"
            value={minimumLevel}
            onChange={(event) => {
              const level = SEVERITIES.find((severity) => severity === event.target.value);
              if (level !== undefined) change({ minimumLevel: level });
            }}
          >
            {SEVERITIES.map((severity) => (
              <option key={severity} value={severity}>
                {severityWord(severity)}
              </option>
            ))}
          </select>
        }
      >
        Rules from your folders below this level do not run. Sealbar’s own always do, unless you switch them off.
      </SettingBlock>
      <RuleList view={view} store={store} />
      {skipped.length > 0 && (
        <section className={detection.block} aria-label="Rules that cannot run">
          <h4 className={detection.title}>
            {skipped.length === 1
              ? "One rule file cannot run"
              : `${skipped.length.toLocaleString()} rule files cannot run`}
          </h4>
          <ul className={styles.skipped}>
            {skipped.slice(0, SKIPPED_SHOWN).map(({ file, line, reason }) => (
              <li key={`${file}:${line}:${reason}`}>
                <PathText path={`${file}:${line}`} />
                <HostileText className={styles.reason} text={reason} limit={400} expandable />
              </li>
            ))}
          </ul>
          {skipped.length > SKIPPED_SHOWN && (
            <p className={detection.none}>and {(skipped.length - SKIPPED_SHOWN).toLocaleString()} more.</p>
          )}
        </section>
      )}
    </Section>
  );
}

const SKIPPED_SHOWN = 100;

function found(rules: readonly RuleState[], search: string): readonly RuleState[] {
  const words = search.toLowerCase().split(/\s+/);
  return rules.filter(({ id, title, file, behaviours, level }) => {
    const text = `${title}\n${id}\n${file}\n${behaviours.join(" ")}\n${severityWord(level)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function RuleList({ view, store }: RulesProps) {
  const { settings, defaults, rules } = view;
  const { disabled } = settings.rules;
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState(STEP);
  const matching = found(rules, search);
  const running = rules.filter(({ id, state }) => !disabled.includes(id) && state !== "below-level").length;
  const set = (rule: RuleState, on: boolean) =>
    void store.change(({ rules: known }) => {
      const others = known.disabled.filter((id) => id !== rule.id);
      return { rules: { ...known, disabled: on ? others : [...others, rule.id] } };
    });
  return (
    <SettingBlock
      title="All rules"
      element="rules.disabled"
      onReset={
        disabled.length === 0
          ? undefined
          : () => void store.change(({ rules: known }) => ({ rules: { ...known, disabled: defaults.rules.disabled } }))
      }
      control={
        <>
          <input
            type="search"
            className={detection.field}
            aria-label="Search the rules"
            placeholder="Search by name, behaviour or file"
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              setShown(STEP);
            }}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || search === "") return;
              event.preventDefault();
              setSearch("");
            }}
          />
          {matching.length === 0 ? (
            <p className={detection.none}>
              {rules.length === 0 ? "No rule is loaded, so nothing can be found." : "No rule is called that."}
            </p>
          ) : (
            <ul className={styles.rules}>
              {matching.slice(0, shown).map((rule) => (
                <li key={`${rule.file} ${rule.id}`}>
                  <Rule rule={rule} isOn={!disabled.includes(rule.id)} onChange={(on) => set(rule, on)} />
                </li>
              ))}
            </ul>
          )}
          {matching.length > shown && (
            <Button look="quiet" onClick={() => setShown(shown + STEP)}>
              Show more ({(matching.length - shown).toLocaleString()} left)
            </Button>
          )}
        </>
      }
    >
      {running.toLocaleString()} of {rules.length.toLocaleString()} run.{" "}
      {disabled.length > 0 && "What a switched-off rule would have found is not found."}
    </SettingBlock>
  );
}

function Rule({ rule, isOn, onChange }: { rule: RuleState; isOn: boolean; onChange: (on: boolean) => void }) {
  const { title, level, kind, ours, file, behaviours, state } = rule;
  return (
    <div className={styles.rule}>
      <Switch label={title} on={isOn} onChange={onChange} />
      <div className={styles.words}>
        <HostileText text={title} limit={200} />
        <p className={styles.note}>
          {!isOn ? "Off. " : state === "below-level" ? "Does not run: below the lowest level. " : ""}
          {kind === "correlation" ? "Sequence. " : ""}
          {ours ? "Sealbar’s own" : <PathText className={styles.path} path={file} />}
        </p>
      </div>
      <span className={styles.behaviours}>{behaviours.join(", ")}</span>
      <SeverityGlyph severity={level} />
    </div>
  );
}
