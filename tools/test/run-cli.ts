import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { DigestLine, Notification } from "#contract/notice.ts";
import { ROOT } from "./step.ts";

const MAIN = join(ROOT, "core/cli/main.ts");

export interface CliRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `sealbar …` from source, as a user would, and waits for its end. */
export function runCli(...args: string[]): CliRun {
  const run = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 512 * 1024 * 1024,
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** Starts `sealbar …` and kills it with SIGKILL once it has printed `bytes`; resolves to whether it was killed before its end. */
export function killCliAfter(bytes: number, ...args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] });
    let seen = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      seen += chunk.length;
      if (seen >= bytes) child.kill("SIGKILL");
    });
    child.on("close", (_code, signal) => {
      resolve(signal === "SIGKILL");
    });
  });
}

export const FindingLine = z.object({
  t: z.literal("finding"),
  key: z.string(),
  rule: z.string(),
  behaviours: z.array(z.string()),
  severity: z.string(),
  title: z.string(),
  explanation: z.string(),
  subject: z.object({
    path: z.string().nullable(),
    cdhash: z.string().nullable(),
    teamId: z.string().nullable(),
    signingId: z.string().nullable(),
  }),
  firstSeen: z.string(),
  lastSeen: z.string(),
  count: z.number(),
  evidence: z.array(z.looseObject({ session: z.string(), src: z.string(), n: z.number(), at: z.string() })),
});
export type FindingLine = z.infer<typeof FindingLine>;

export const NotificationLine = Notification.extend({ t: z.literal("notification"), updates: z.number() });
export type NotificationLine = z.infer<typeof NotificationLine>;
export const DigestJsonLine = DigestLine.extend({ t: z.literal("digest") });
export type DigestJsonLine = z.infer<typeof DigestJsonLine>;

const Gaps = z.object({ lost: z.number(), shed: z.number(), unreadable: z.number() });
export const SummaryLine = z.looseObject({
  t: z.literal("summary"),
  events: z.number(),
  bySource: z.record(z.string(), z.number()),
  faults: z.number(),
  gaps: z.record(z.string(), Gaps),
  findings: z.number(),
  ms: z.number(),
});

const ReplayLine = z.discriminatedUnion("t", [FindingLine, NotificationLine, DigestJsonLine]);

export interface ReplayLines {
  findings: FindingLine[];
  notifications: NotificationLine[];
  digest: DigestJsonLine[];
  summary: z.infer<typeof SummaryLine>;
}

/** What `replay --json` printed: every line must be of one of its shapes, and the summary must be the last. */
export function readJsonLines(stdout: string): ReplayLines {
  const lines = stdout.trimEnd().split("\n");
  const summary = SummaryLine.parse(JSON.parse(lines.at(-1) ?? ""));
  const told = lines.slice(0, -1).map((line) => ReplayLine.parse(JSON.parse(line)));
  return {
    findings: told.flatMap((line) => (line.t === "finding" ? [line] : [])),
    notifications: told.flatMap((line) => (line.t === "notification" ? [line] : [])),
    digest: told.flatMap((line) => (line.t === "digest" ? [line] : [])),
    summary,
  };
}
