import { useStore } from "zustand";
import type { AppSettings } from "#contract/settings.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Page } from "#renderer/ui/page.tsx";
import styles from "./settings-view.module.css";

const THEMES: readonly { theme: AppSettings["theme"]; word: string }[] = [
  { theme: "system", word: "Match macOS" },
  { theme: "light", word: "Light" },
  { theme: "dark", word: "Dark" },
];

/** What a user can change. */
export function SettingsView({ stores: { app } }: { stores: Stores }) {
  const settings = useStore(app.state, (state) => state.settings);
  const info = useStore(app.state, (state) => state.info);
  return (
    <Page label="Settings">
      <div>
        <div className={styles.row}>
          <label htmlFor="launch-at-login">
            Open Sealbar at login
            <span className={styles.note}>It then waits in the menu bar.</span>
          </label>
          <input
            id="launch-at-login"
            type="checkbox"
            role="switch"
            className={styles.switch}
            checked={settings.launchAtLogin}
            aria-checked={settings.launchAtLogin}
            onChange={(event) => void app.changeSettings({ launchAtLogin: event.target.checked })}
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
      </div>
      {info !== null && (
        <p className={styles.about}>
          Sealbar {info.version}. It only watches: it never changes a protection, removes a quarantine mark or stops a
          program.
        </p>
      )}
    </Page>
  );
}
