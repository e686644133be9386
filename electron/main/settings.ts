import { z } from "zod";
import { AppSettings, DEFAULT_APP_SETTINGS } from "#contract/settings.ts";

/** The file as it may be: keys that an older version did not know get their defaults, unknown ones are left out. */
export const SettingsFile = z.object({
  launchAtLogin: AppSettings.shape.launchAtLogin.default(DEFAULT_APP_SETTINGS.launchAtLogin),
  theme: AppSettings.shape.theme.default(DEFAULT_APP_SETTINGS.theme),
  onboardingDone: AppSettings.shape.onboardingDone.default(DEFAULT_APP_SETTINGS.onboardingDone),
});

export interface SettingsDeps {
  file: { readSync(): AppSettings; write(settings: AppSettings): Promise<void> };
  /** Tells macOS; called only when the choice changes, since it shows in System Settings. */
  setLaunchAtLogin: (on: boolean) => void;
  setTheme: (theme: AppSettings["theme"]) => void;
}

type SettingsChange = { [K in keyof AppSettings]?: AppSettings[K] | undefined };

/** The user's choices: read once, applied and stored when they change. */
export class Settings {
  readonly #deps: SettingsDeps;
  #current: AppSettings;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(deps: SettingsDeps) {
    this.#deps = deps;
    this.#current = deps.file.readSync();
    deps.setTheme(this.#current.theme);
  }

  get current(): AppSettings {
    return this.#current;
  }

  /**
   * Changes are made one after the other, each on top of the one before.
   * @throws when the file cannot be written; nothing has then changed
   */
  change(change: SettingsChange): Promise<AppSettings> {
    const next = this.#changing.then(() => this.#apply(change));
    this.#changing = next.catch(() => undefined);
    return next;
  }

  async #apply(change: SettingsChange): Promise<AppSettings> {
    const before = this.#current;
    const next: AppSettings = {
      launchAtLogin: change.launchAtLogin ?? before.launchAtLogin,
      theme: change.theme ?? before.theme,
      onboardingDone: change.onboardingDone ?? before.onboardingDone,
    };
    await this.#deps.file.write(next);
    this.#current = next;
    if (next.theme !== before.theme) this.#deps.setTheme(next.theme);
    if (next.launchAtLogin !== before.launchAtLogin) this.#deps.setLaunchAtLogin(next.launchAtLogin);
    return next;
  }
}
