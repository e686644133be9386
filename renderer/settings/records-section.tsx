import type { MonitorSettingsView } from "#contract/monitor-settings.ts";
import type { MonitorSettingsStore } from "#renderer/state/monitor-settings-store.ts";
import { Section } from "#renderer/ui/page.tsx";
import { BYTES, DAYS } from "./amount.ts";
import { AmountField } from "./amount-field.tsx";
import styles from "./detection.module.css";
import { RANGES } from "./ranges.ts";
import { SettingBlock } from "./setting-block.tsx";

/** How long records are kept. */
export function RecordsSection({ view, store }: { view: MonitorSettingsView; store: MonitorSettingsStore }) {
  const { settings, defaults } = view;
  const { retention } = settings;
  const change = (name: keyof typeof retention) => (value: number) =>
    store.change(({ retention: known }) => ({ retention: { ...known, [name]: value } }));
  const isShipped = retention.days === defaults.retention.days && retention.bytes === defaults.retention.bytes;
  return (
    <Section title="Records">
      <SettingBlock
        title="How long records are kept"
        element="retention"
        onReset={isShipped ? undefined : () => void store.change(() => ({ retention: defaults.retention }))}
        control={
          <div className={styles.amounts}>
            <AmountField
              label="Days"
              amount={retention.days}
              units={DAYS}
              range={RANGES.days}
              onChange={change("days")}
            />
            <AmountField
              label="Space"
              amount={retention.bytes}
              units={BYTES}
              range={RANGES.bytes}
              onChange={change("bytes")}
            />
          </div>
        }
      >
        The oldest records are removed first, whichever limit is reached. Findings and the posture’s history stay.
      </SettingBlock>
    </Section>
  );
}
