import {
  type MonitorSettingsAnswer,
  type MonitorSettingsChange,
  MonitorSettingsFile,
  type MonitorSettingsView,
} from "#contract/monitor-settings.ts";
import { severityRank } from "#contract/severity.ts";

/** Takes whole top-level settings, or nothing at all when one of them will not do. */
export function changedSettings(view: MonitorSettingsView, change: MonitorSettingsChange): MonitorSettingsAnswer {
  const parsed = MonitorSettingsFile.safeParse({ ...view.settings, ...change });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    return { problems, view };
  }
  const settings = parsed.data;
  const rules = view.rules
    .filter(({ ours, file }) => ours || settings.rules.folders.some((folder) => file.startsWith(`${folder}/`)))
    .map((rule) => {
      const isLow = !rule.ours && severityRank(rule.level) < severityRank(settings.rules.minimumLevel);
      const isOff = settings.rules.disabled.includes(rule.id);
      return { ...rule, state: isOff ? ("off" as const) : isLow ? ("below-level" as const) : ("on" as const) };
    });
  const skipped = view.skipped.filter(({ file }) => settings.rules.folders.some((folder) => file.startsWith(folder)));
  return { problems: [], view: { ...view, settings, rules, skipped, problem: null } };
}
