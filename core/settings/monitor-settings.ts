import { z } from "zod";
import { DAY, SECOND } from "#core/base/clock.ts";

const GIGABYTE = 1_000_000_000;
const MAX_LIST = 10_000;
const teamId = z.string().regex(/^[A-Z0-9]{10}$/, "must be a team id: ten capital letters and digits, e.g. 7QXW3N5R2K");
const seconds = z.number().int().positive();

/** S18: files and folders tied to the enforcement of code signing. `*` stands for one path component. */
const DEFAULT_POLICY_PATHS: readonly string[] = [
  "/var/db/SystemPolicyConfiguration/*",
  "/Library/Preferences/com.apple.security*.plist",
  "/Library/Managed Preferences/*",
  "/Library/Extensions",
  "/System/Volumes/iSCPreboot/*/LocalPolicy",
  "/etc/zshenv",
];

/** AN0644: how long after a change of a file's signature or quarantine a launch still belongs to it. */
const TimeWindow = z
  .strictObject({
    an0644Seconds: seconds.min(5).max(86_400).default(600),
    /** AN1447: counted from the restart that weakened the Mac. */
    an1447Seconds: seconds.max(30 * 86_400).default(72 * 3600),
    /** How long an attempt to weaken SIP is remembered, in days or boots, whichever ends first. */
    intentDays: z.number().int().positive().max(365).default(30),
    intentBoots: z.number().int().positive().max(100).default(10),
  })
  .prefault({});

const Retention = z
  .strictObject({
    days: z.number().int().positive().max(3650).default(30),
    bytes: z.number().int().min(10_000_000).default(GIGABYTE),
  })
  .prefault({});

/** The settings file; MITRE's mutable elements keep MITRE's names. Read into {@link MonitorSettings}. */
const SettingsFile = z
  .strictObject({
    /** Teams expected on this Mac. Ad hoc code is never listed by identifier. */
    DeveloperIDAllowList: z.array(teamId).max(MAX_LIST).default([]),
    TimeWindow,
    /** Accounts that may change the policy; empty: everybody is watched alike. */
    AllowedUsers: z.array(z.string().min(1).max(256)).max(MAX_LIST).default([]),
    PolicyPaths: z
      .array(z.string().max(1024).startsWith("/", "must be an absolute path"))
      .max(MAX_LIST)
      .default([...DEFAULT_POLICY_PATHS]),
    retention: Retention,
  })
  .transform((file) => ({
    developerIdAllowList: file.DeveloperIDAllowList,
    allowedUsers: file.AllowedUsers,
    policyPaths: file.PolicyPaths,
    timeWindow: {
      an0644: file.TimeWindow.an0644Seconds * SECOND,
      an1447: file.TimeWindow.an1447Seconds * SECOND,
      intent: file.TimeWindow.intentDays * DAY,
      intentBoots: file.TimeWindow.intentBoots,
    },
    retention: { maxAge: file.retention.days * DAY, maxBytes: file.retention.bytes },
  }));

/** What an owner or an administrator may set, as the rooms take it: spans in microseconds, sizes in bytes. */
export type MonitorSettings = z.infer<typeof SettingsFile>;

export const DEFAULT_MONITOR_SETTINGS: MonitorSettings = SettingsFile.parse({});

type SettingsResult = { ok: true; settings: MonitorSettings } | { ok: false; problems: string[] };

/** Reads the settings file's text. Every problem is one sentence that names the setting; nothing is half applied. */
export function parseMonitorSettings(text: string): SettingsResult {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      problems: [`The settings are not valid JSON: ${error instanceof Error ? error.message : "unreadable"}.`],
    };
  }
  const parsed = SettingsFile.safeParse(json);
  if (parsed.success) return { ok: true, settings: parsed.data };
  return { ok: false, problems: parsed.error.issues.map(problemSentence) };
}

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

function problemSentence(issue: z.core.$ZodIssue): string {
  const where = issue.path.length === 0 ? "The settings" : `“${issue.path.map(String).join(".")}”`;
  if (issue.code === "unrecognized_keys") return `${where}: no such setting: ${issue.keys.join(", ")}.`;
  const message = issue.message.startsWith("must") ? issue.message : issue.message.replace(/^Invalid input: /, "");
  return `${where}: ${message.replace(/\.$/, "")}.`;
}
