import type { z } from "zod";
import { MonitorSettingsFile } from "#contract/monitor-settings.ts";
import { DAY, SECOND } from "#core/base/clock.ts";

/** What an owner or an administrator may set, as the rooms take it: spans in microseconds, sizes in bytes. */
export type MonitorSettings = ReturnType<typeof settingsOf>;

/** The settings file as the rooms take it. */
export function settingsOf(file: MonitorSettingsFile) {
  return {
    developerIdAllowList: file.DeveloperIDAllowList,
    allowedUsers: file.AllowedUsers,
    policyPaths: file.PolicyPaths,
    rules: file.rules,
    timeWindow: {
      an0644: file.TimeWindow.an0644Seconds * SECOND,
      an1447: file.TimeWindow.an1447Seconds * SECOND,
      intent: file.TimeWindow.intentDays * DAY,
      intentBoots: file.TimeWindow.intentBoots,
    },
    retention: { maxAge: file.retention.days * DAY, maxBytes: file.retention.bytes },
  };
}

export const DEFAULT_MONITOR_SETTINGS: MonitorSettings = settingsOf(MonitorSettingsFile.parse({}));

/**
 * MITRE's mutable elements as values for Sigma's `expand` placeholders. A policy path stands for everything below it,
 * so it is given up to its first `*`: rules use `startswith`.
 */
export function rulePlaceholders(settings: MonitorSettings): Record<string, readonly string[]> {
  return {
    DeveloperIDAllowList: settings.developerIdAllowList,
    AllowedUsers: settings.allowedUsers,
    PolicyPaths: settings.policyPaths.map((path) => path.split("*", 1)[0] ?? path),
  };
}

/** One sentence that names the setting. */
export function problemSentence(issue: z.core.$ZodIssue): string {
  const where = issue.path.length === 0 ? "The settings" : `“${issue.path.map(String).join(".")}”`;
  if (issue.code === "unrecognized_keys") return `${where}: no such setting: ${issue.keys.join(", ")}.`;
  const message = issue.message.startsWith("must") ? issue.message : issue.message.replace(/^Invalid input: /, "");
  return `${where}: ${message.replace(/\.$/, "")}.`;
}
