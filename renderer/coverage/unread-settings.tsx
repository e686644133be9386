import type { Coverage } from "#contract/coverage.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { Section } from "#renderer/ui/page.tsx";
import { POSTURE_SETTING_WORDS } from "#renderer/ui/words.ts";
import styles from "./coverage-view.module.css";

/** Protections of which nothing is known since the Mac started: a limit of what Sealbar sees, neither good nor bad. */
export function UnreadSettings({ settings }: { settings: NonNullable<Coverage["unreadSettings"]> }) {
  if (settings.length === 0) return null;
  const title =
    settings.length === 1 ? "One protection could not be read" : `${settings.length} protections could not be read`;
  return (
    <Section title={title}>
      <p className={styles.quiet}>Whether they are on is not known. The Posture page shows what was asked.</p>
      <ul>
        {settings.map(({ setting, why }) => (
          <li key={setting} className={styles.rule}>
            <strong>{POSTURE_SETTING_WORDS[setting].name}</strong>
            <HostileText className={styles.reason} text={why} limit={300} expandable />
          </li>
        ))}
      </ul>
    </Section>
  );
}
