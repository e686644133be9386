import { type Micros, MINUTE, SECOND } from "#core/base/clock.ts";
import { BEHAVIOURS, type BehaviourCheck, checkBehaviour, checkNoise, NOISE, type NoiseCheck } from "./check.ts";

/** `npm run scenarios`: what each behaviour's captures lead to, then the harmless days. Exits with 1 on any miss. */

const NAME_WIDTH = 26;
const COLUMN_WIDTH = 15;

function spanWords(span: Micros | null): string {
  if (span === null) return "-";
  if (span < MINUTE) return `${(span / SECOND).toFixed(1)} s`;
  return `${Math.floor(span / MINUTE)} min ${Math.round((span % MINUTE) / SECOND)} s`;
}

function line(name: string, ...cells: readonly string[]): string {
  return [name.padEnd(NAME_WIDTH), ...cells.map((cell) => cell.padEnd(COLUMN_WIDTH))].join("").trimEnd();
}

function behaviourLine({ id, firesProblem, quietProblem, severity, delay, notifications }: BehaviourCheck): string {
  const fires = firesProblem === null ? (severity ?? "") : "MISS";
  const quiet = quietProblem === null ? "yes" : "MISS";
  return line(id, fires, quiet, spanWords(delay), String(notifications), firesProblem ?? "", quietProblem ?? "");
}

function noiseLine({ name, problem, notifications, digestLines }: NoiseCheck): string {
  return line(name, String(notifications), String(digestLines), problem === null ? "yes" : `MISS  ${problem}`);
}

const behaviours = BEHAVIOURS.map(checkBehaviour);
const noise = Object.keys(NOISE).map(checkNoise);

console.log(line("behaviour", "fires", "stays quiet", "time to it", "notifications"));
for (const check of behaviours) console.log(behaviourLine(check));
console.log("");
console.log(line("harmless day", "notifications", "digest lines", "within bounds"));
for (const check of noise) console.log(noiseLine(check));

const fire = behaviours.filter(({ firesProblem }) => firesProblem === null).length;
const quiet = behaviours.filter(({ quietProblem }) => quietProblem === null).length;
const calm = noise.filter(({ problem }) => problem === null).length;
console.log("");
console.log(
  `${fire} of ${behaviours.length} fire, ${quiet} of ${behaviours.length} stay quiet, ${calm} of ${noise.length} harmless days are within bounds.`,
);
process.exitCode = fire + quiet + calm < 2 * behaviours.length + noise.length ? 1 : 0;
