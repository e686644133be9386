import { type MonitorSettingsFile, type MonitorSettingsView, teamId } from "#contract/monitor-settings.ts";
import type { MonitorSettingsStore } from "#renderer/state/monitor-settings-store.ts";
import { Section } from "#renderer/ui/page.tsx";
import { DAYS, RESTARTS, SECONDS } from "./amount.ts";
import { AmountField } from "./amount-field.tsx";
import styles from "./detection.module.css";
import { RANGES } from "./ranges.ts";
import { SettingBlock } from "./setting-block.tsx";
import { ValueList } from "./value-list.tsx";

const words = (typed: string): string[] => typed.split(/[\s,;]+/).filter((word) => word !== "");
const checkTeam = (value: string): string | null =>
  teamId.safeParse(value).success ? null : "is no team id: it has ten capital letters and digits, e.g. 7QXW3N5R2K.";
const checkPath = (value: string): string | null =>
  value.startsWith("/") ? null : "is no absolute path: it starts with a slash.";
const checkUser = (value: string): string | null =>
  value.length <= 256 ? null : "is longer than an account’s name can be.";

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

interface DetectionProps {
  view: MonitorSettingsView;
  store: MonitorSettingsStore;
}

/** What the behaviours are judged by: MITRE's mutable elements, under MITRE's names. */
export function DetectionSection({ view: { settings, defaults }, store }: DetectionProps) {
  type Name = "DeveloperIDAllowList" | "AllowedUsers" | "PolicyPaths";
  const list = (name: Name) => ({
    values: settings[name],
    onChange: (values: string[]) => store.change(() => ({ [name]: values })),
  });
  const resetOf = (name: Name) =>
    same(settings[name], defaults[name]) ? undefined : () => void store.change(() => ({ [name]: defaults[name] }));

  type WindowName = keyof MonitorSettingsFile["TimeWindow"];
  const amount = (name: WindowName) => ({
    amount: settings.TimeWindow[name],
    range: RANGES[name],
    onChange: (value: number) => store.change(({ TimeWindow }) => ({ TimeWindow: { ...TimeWindow, [name]: value } })),
  });
  const resetWindow = (...names: WindowName[]) => {
    if (names.every((name) => settings.TimeWindow[name] === defaults.TimeWindow[name])) return undefined;
    const shipped = Object.fromEntries(names.map((name) => [name, defaults.TimeWindow[name]]));
    return () => void store.change(({ TimeWindow }) => ({ TimeWindow: { ...TimeWindow, ...shipped } }));
  };
  return (
    <Section title="Detection">
      <p className={styles.intro}>
        What the detections for MITRE ATT&CK’s analytics AN0644 and AN1447 are tuned by. A change applies at once, to
        what happens from then on.
      </p>
      <SettingBlock
        title="Expected developers"
        element="DeveloperIDAllowList"
        onReset={resetOf("DeveloperIDAllowList")}
        control={
          <ValueList
            noun="team id"
            none="None: every Developer ID that was not seen before is told as information."
            placeholder="Team ID, e.g. 7QXW3N5R2K"
            code
            split={words}
            check={checkTeam}
            {...list("DeveloperIDAllowList")}
          />
        }
      >
        Teams whose signed programs are expected on this Mac. Ad hoc signed code names no team, so it is never expected.
      </SettingBlock>
      <SettingBlock
        title="Time windows"
        element="TimeWindow"
        onReset={resetWindow("an0644Seconds", "an1447Seconds")}
        control={
          <div className={styles.amounts}>
            <AmountField
              label="From a changed file to its launch (AN0644)"
              units={SECONDS}
              {...amount("an0644Seconds")}
            />
            <AmountField
              label="From the restart that weakened the Mac to unsigned code (AN1447)"
              units={SECONDS}
              {...amount("an1447Seconds")}
            />
          </div>
        }
      >
        How long two things still belong together: a removed quarantine mark or a changed signature and the launch, or a
        weakened Mac and the unsigned code that runs on it.
      </SettingBlock>
      <SettingBlock
        title="Memory of attempts"
        element="intentDays, intentBoots"
        onReset={resetWindow("intentDays", "intentBoots")}
        control={
          <div className={styles.amounts}>
            <AmountField label="Days" units={DAYS} {...amount("intentDays")} />
            <AmountField label="Restarts" units={RESTARTS} {...amount("intentBoots")} />
          </div>
        }
      >
        How long an attempt to weaken this Mac is remembered, in case a restart makes it true; whichever ends first.
      </SettingBlock>
      <SettingBlock
        title="Accounts that may change the policy"
        element="AllowedUsers"
        onReset={resetOf("AllowedUsers")}
        control={
          <ValueList
            noun="account"
            none="None: every account is watched alike."
            placeholder="Account name, e.g. itadmin"
            check={checkUser}
            {...list("AllowedUsers")}
          />
        }
      >
        Administrators who are expected to run commands such as <code>csrutil</code> or <code>spctl</code>. What they do
        is still recorded.
      </SettingBlock>
      <SettingBlock
        title="Policy files"
        element="PolicyPaths"
        onReset={resetOf("PolicyPaths")}
        control={
          <ValueList
            noun="path"
            none="None: changes of policy files are not watched."
            placeholder="/Library/Managed Preferences/*"
            code
            stacked
            check={checkPath}
            {...list("PolicyPaths")}
          />
        }
      >
        Files and folders that decide how code is checked; a change of them is a finding. A star stands for one part of
        a path.
      </SettingBlock>
    </Section>
  );
}
