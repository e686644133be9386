import { z } from "zod";
import { Severity } from "./severity.ts";

const MAX_LIST = 10_000;
const GIGABYTE = 1_000_000_000;
export const teamId = z
  .string()
  .regex(/^[A-Z0-9]{10}$/, "must be a team id: ten capital letters and digits, e.g. 7QXW3N5R2K");
const seconds = z.number().int().positive();

/** S18: files and folders tied to the enforcement of code signing. `*` stands for one path component. */
export const DEFAULT_POLICY_PATHS: readonly string[] = [
  "/var/db/SystemPolicyConfiguration/*",
  "/Library/Preferences/com.apple.security*.plist",
  "/Library/Managed Preferences/*",
  "/Library/Extensions",
  "/System/Volumes/iSCPreboot/*/LocalPolicy",
  "/etc/zshenv",
];

const TimeWindow = z
  .strictObject({
    /** AN0644: how long after a change of a file's signature or quarantine a launch still belongs to it. */
    an0644Seconds: seconds.min(5).max(86_400).default(600),
    /** AN1447: counted from the restart that weakened the Mac. */
    an1447Seconds: seconds.max(30 * 86_400).default(72 * 3600),
    /** How long an attempt to weaken the Mac is remembered, in days or boots, whichever ends first. */
    intentDays: z.number().int().positive().max(365).default(30),
    intentBoots: z.number().int().positive().max(100).default(10),
  })
  .prefault({});

const Rules = z
  .strictObject({
    /** Folders with Sigma rules of your own, absolute. */
    folders: z.array(z.string().max(1024).startsWith("/", "must be an absolute path")).max(32).default([]),
    /** Rules from those folders below this level do not run. */
    minimumLevel: Severity.default("low"),
    /** Ids of rules that do not run, ours included. */
    disabled: z.array(z.string().min(1).max(128)).max(MAX_LIST).default([]),
  })
  .prefault({});

const Retention = z
  .strictObject({
    days: z.number().int().positive().max(3650).default(30),
    bytes: z.number().int().min(10_000_000).default(GIGABYTE),
  })
  .prefault({});

/** The monitor's settings as their file has them; MITRE's mutable elements keep MITRE's names. */
export const MonitorSettingsFile = z.strictObject({
  /** Teams expected on this Mac. Ad hoc code is never listed by identifier. */
  DeveloperIDAllowList: z.array(teamId).max(MAX_LIST).default([]),
  TimeWindow,
  /** Accounts that may change the policy; empty: everybody is watched alike. */
  AllowedUsers: z.array(z.string().min(1).max(256)).max(MAX_LIST).default([]),
  PolicyPaths: z
    .array(z.string().max(1024).startsWith("/", "must be an absolute path"))
    .max(MAX_LIST)
    .default([...DEFAULT_POLICY_PATHS]),
  rules: Rules,
  retention: Retention,
});
export type MonitorSettingsFile = z.infer<typeof MonitorSettingsFile>;

/** A rule as Settings lists it. */
export const RuleState = z.object({
  id: z.string(),
  title: z.string(),
  level: Severity,
  kind: z.enum(["rule", "correlation"]),
  /** Shipped with Sealbar. */
  ours: z.boolean(),
  file: z.string(),
  behaviours: z.array(z.string()),
  state: z.enum(["on", "off", "below-level"]),
});
export type RuleState = z.infer<typeof RuleState>;

export const MonitorSettingsView = z.object({
  settings: MonitorSettingsFile,
  defaults: MonitorSettingsFile,
  /** What is wrong with the file, in sentences; then the defaults are in force. Null: nothing. */
  problem: z.string().nullable(),
  rules: z.array(RuleState),
  /** Rule files that cannot run, each with where and why. */
  skipped: z.array(z.object({ file: z.string(), line: z.number().int(), reason: z.string() })),
});
export type MonitorSettingsView = z.infer<typeof MonitorSettingsView>;

/** Whole top-level settings that take the place of what was; what is left out stays. Checked by the monitor. */
export const MonitorSettingsChange = z.record(z.string().max(64), z.unknown());
export type MonitorSettingsChange = z.infer<typeof MonitorSettingsChange>;

/** Nothing is half applied: with a problem, nothing changed. */
export const MonitorSettingsAnswer = z.object({ problems: z.array(z.string()), view: MonitorSettingsView });
export type MonitorSettingsAnswer = z.infer<typeof MonitorSettingsAnswer>;
