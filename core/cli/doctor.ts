import type { Coverage, SourceCoverage } from "#contract/coverage.ts";
import { isInTier } from "#contract/coverage.ts";
import type { PostureSnapshot, PostureValue } from "#contract/posture.ts";
import type { SourceName } from "#contract/source.ts";
import { visibleText } from "#contract/visible-text.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { coverageBlock, coverageJson, helperWords, standingOf } from "./coverage-view.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { strictJson } from "./json-lines.ts";
import { type LiveDeps, LiveRun, requireMac, systemLiveDeps } from "./live.ts";
import { type Terminal, wrap } from "./terminal.ts";
import { VERSION } from "./version.ts";
import { parseWords } from "./parse-words.ts";

const HELP = `sealbar doctor [--json]

Looks for some seconds at what Sealbar can see of this Mac, and what it cannot and why: every source, permissions as far
as they are proved, protection settings, versions. Changes nothing.
Exit code 0: every source of the tier has proved itself; 1: some have not; 2: nothing can be seen.`;

/** Longest wait for the sources to prove themselves. */
const WAIT_MS = 10_000;
const LOOK_EVERY_MS = 250;

const VERDICTS = {
  good: "Everything that Sealbar collects here has proved itself.",
  degraded: "Sealbar sees only a part of what it could.",
  blind: "Sealbar is blind: nothing that runs on this Mac can be seen.",
} as const;

const EXITS: Readonly<Record<keyof typeof VERDICTS, ExitCode>> = {
  good: EXIT.ok,
  degraded: EXIT.bad,
  blind: EXIT.blind,
};

type Proof = "proved" | "refused" | "not known";

interface Permission {
  name: string;
  proof: Proof;
  how: string;
}

export async function doctorCommand(args: readonly string[], deps?: LiveDeps): Promise<ExitCode> {
  const { json, help } = readArguments(args);
  if (help) {
    process.stdout.write(`${HELP}\n`);
    return EXIT.ok;
  }
  requireMac(deps ?? process, "look at");
  const live = deps ?? systemLiveDeps();
  try {
    return await examine(live, json);
  } finally {
    await live.close();
  }
}

async function examine(deps: LiveDeps, json: boolean): Promise<ExitCode> {
  const { terminal } = deps;
  const run = new LiveRun(deps, { sources: null });
  try {
    run.start();
    await untilProved(run, deps);
    // Read before the end, which would stop every source.
    const coverage = run.session.coverage();
    const posture = run.monitor.posture();
    const { helperVersion } = run.session;
    await run.stop();
    const standing = standingOf(coverage);
    if (json) {
      const versions = { sealbar: VERSION, helper: helperVersion, macos: posture.osVersion, build: posture.osBuild };
      const permissions = permissionsOf(coverage);
      terminal.write(strictJson({ t: "doctor", ...coverageJson(coverage), permissions, posture, versions }));
    } else {
      for (const line of report(coverage, posture, helperVersion, terminal)) terminal.write(line);
    }
    return EXITS[standing];
  } finally {
    await run.close();
  }
}

/** Until every source has proved itself or cannot, until the helper is refused, until the time is over, or Ctrl-C. */
async function untilProved(run: LiveRun, { timers, progress }: LiveDeps): Promise<void> {
  let waited = 0;
  const look = () => {
    const coverage = run.session.coverage();
    const sources = coverage.sources.filter(isInTier);
    const open = sources.filter(({ state }) => state === "starting" || state === "restarting");
    const decided = coverage.helper?.phase === "connected" && sources.length > 0 && open.length === 0;
    if (decided || coverage.helper?.phase === "refused" || waited >= WAIT_MS) {
      run.finish();
      return;
    }
    waited += LOOK_EVERY_MS;
    const names = open.map(({ source }) => source).join(", ");
    progress?.write(
      `\r\u001b[2Kwaiting for ${names === "" ? "the helper" : names} … ${Math.ceil((WAIT_MS - waited) / 1000)} s`,
    );
    timers.after(LOOK_EVERY_MS, look);
  };
  timers.after(LOOK_EVERY_MS, look);
  await run.wait();
  progress?.write("\r\u001b[2K");
}

function report(coverage: Coverage, posture: PostureSnapshot, helper: string | null, terminal: Terminal): string[] {
  const heading = (text: string) => ["", terminal.style("bold", text)];
  const macOs = [posture.osVersion ?? "not known", posture.osBuild === null ? "" : `(${posture.osBuild})`]
    .join(" ")
    .trim();
  return [
    terminal.style("bold", VERDICTS[standingOf(coverage)]),
    ...heading("Coverage"),
    `  ${terminal.style("dim", visibleText(helperWords(coverage.helper)))}`,
    ...coverageBlock(coverage, terminal),
    ...heading("Permissions, as far as they show"),
    ...permissionsOf(coverage).map(
      ({ name, proof, how }) => `  ${proof.padEnd(10)} ${name}${how === "" ? "" : `: ${how}`}`,
    ),
    ...heading("Protection settings"),
    ...posture.settings.flatMap(({ id, inForce, expected, detail }) => {
      const head = `  ${inForce.padEnd(11)} ${id}`;
      const [first = "", ...rest] = wrap(visibleText(detail), Math.max(40, terminal.columns - 36));
      const line = `${terminal.style(postureStyle(inForce, expected), head.padEnd(34))} ${first}`.trimEnd();
      return [line, ...rest.map((text) => `${" ".repeat(35)}${text}`)];
    }),
    ...heading("Versions"),
    `  Sealbar ${VERSION}, helper ${visibleText(helper ?? "not known")}, macOS ${visibleText(macOs)}`,
  ];
}

function postureStyle(value: PostureValue, expected: PostureValue): Parameters<Terminal["style"]>[0] {
  if (value === expected) return "green";
  return value === "unknown" || value === "conflicting" ? "magenta" : "yellow";
}

/** Only what a source did or was refused proves a permission; nothing is guessed from files. */
function permissionsOf({ sources }: Coverage): Permission[] {
  const of = (name: SourceName) => sources.find(({ source }) => source === name);
  return [
    {
      name: "Full Disk Access for the helper",
      proof: proofOf(of("es"), "full-disk-access"),
      how: of("es")?.state === "absent" ? "only the full tier needs it" : "",
    },
    { name: "Root, for Endpoint Security", proof: proofOf(of("es"), "not-root"), how: "" },
    { name: "An administrator's account, for the unified log", proof: proofOf(of("log"), "not-admin"), how: "" },
  ];
}

function proofOf(source: SourceCoverage | undefined, refusal: string): Proof {
  if (source === undefined) return "not known";
  switch (source.state) {
    case "running":
      return "proved";
    case "denied":
      return source.reason === refusal ? "refused" : "not known";
    case "absent":
    case "starting":
    case "silent":
    case "failed":
    case "restarting":
    case "stopped":
      return "not known";
    default:
      return assertNever(source.state, "every coverage state proves a permission or not");
  }
}

function readArguments(args: readonly string[]): { json: boolean; help: boolean } {
  const { values } = parseWords("doctor", {
    args: [...args],
    options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  return { json: values.json === true, help: values.help === true };
}
