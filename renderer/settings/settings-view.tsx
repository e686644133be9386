import { CircleAlert, TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { useStore } from "zustand";
import type { AppSettings } from "#contract/settings.ts";
import type { MonitorSettingsStore } from "#renderer/state/monitor-settings-store.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { Page, Section } from "#renderer/ui/page.tsx";
import { DetectionSection } from "./detection-section.tsx";
import { RecordsSection } from "./records-section.tsx";
import { RulesSection } from "./rules-section.tsx";
import { Switch } from "./switch.tsx";
import styles from "./settings-view.module.css";

const THEMES: readonly { theme: AppSettings["theme"]; word: string }[] = [
  { theme: "system", word: "Match macOS" },
  { theme: "light", word: "Light" },
  { theme: "dark", word: "Dark" },
];

/** What a user can change. */
export function SettingsView({ stores: { app, monitorSettings } }: { stores: Stores }) {
  const settings = useStore(app.state, (state) => state.settings);
  const info = useStore(app.state, (state) => state.info);
  return (
    <Page label="Settings">
      <h2 className="visually-hidden">Settings</h2>
      <Refusals store={monitorSettings} />
      <Section title="General">
        <div className={styles.row}>
          <label htmlFor="launch-at-login">
            Open Sealbar at login
            <span className={styles.note}>It then waits in the menu bar.</span>
          </label>
          <Switch
            id="launch-at-login"
            on={settings.launchAtLogin}
            onChange={(launchAtLogin) => void app.changeSettings({ launchAtLogin })}
          />
        </div>
        <div className={styles.row}>
          <label htmlFor="appearance">Appearance</label>
          <select
            id="appearance"
            className={styles.select}
            value={settings.theme}
            onChange={(event) => {
              const chosen = THEMES.find(({ theme }) => theme === event.target.value);
              if (chosen !== undefined) void app.changeSettings({ theme: chosen.theme });
            }}
          >
            {THEMES.map(({ theme, word }) => (
              <option key={theme} value={theme}>
                {word}
              </option>
            ))}
          </select>
        </div>
      </Section>
      <OfTheMonitor store={monitorSettings} />
      {info !== null && (
        <p className={styles.about}>
          Sealbar {info.version}. It only watches: it never changes a protection, removes a quarantine mark or stops a
          program.
        </p>
      )}
    </Page>
  );
}

/** What the monitor works by. */
function OfTheMonitor({ store }: { store: MonitorSettingsStore }) {
  const { phase, failure, view } = useStore(store.state);
  useEffect(() => void store.load(), [store]);
  if (phase === "failed") {
    return (
      <Section title="Detection">
        <p role="alert">The monitor’s settings could not be read. {failure} What they say is in force all the same.</p>
        <Button className={styles.again} onClick={() => void store.load()}>
          Try again
        </Button>
      </Section>
    );
  }
  if (view === null) return <p className={styles.waiting}>Reading the monitor’s settings…</p>;
  return (
    <>
      {view.problem !== null && (
        <div className={styles.banner} role="alert">
          <TriangleAlert size={16} strokeWidth={2} aria-hidden />
          <p>
            <strong>The settings file is not used; the defaults are in force.</strong>{" "}
            <HostileText text={view.problem} limit={600} expandable />
          </p>
        </div>
      )}
      <DetectionSection view={view} store={store} />
      <RulesSection view={view} store={store} />
      <RecordsSection view={view} store={store} />
    </>
  );
}

/** Why the last change was not made; it stays in sight wherever on the page one is. */
function Refusals({ store }: { store: MonitorSettingsStore }) {
  const problems = useStore(store.state, (state) => state.problems);
  if (problems.length === 0) return null;
  return (
    <div className={styles.refusal} role="alert">
      <CircleAlert size={16} strokeWidth={2} aria-hidden />
      <p>
        <strong>Not changed.</strong> <HostileText text={problems.join(" ")} limit={600} expandable />
      </p>
      <Button look="quiet" onClick={() => store.dismiss()}>
        Dismiss
      </Button>
    </div>
  );
}
