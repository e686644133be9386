import { cpus } from "node:os";
import { measure, type Way } from "./measured.ts";
import { rulesFor } from "./rule-libraries.ts";
import { correlationMemory } from "./correlation-memory.ts";

const ROUNDS = 3;
const EVENTS = 1_000_000;
const GROUPS = 100_000;

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Events a second through one rule, ours, and many; and what the correlations keep of many groups. */
export function benchRules(capture: string): void {
  const ways: { way: Way; label: string }[] = [
    { way: "no-rules", label: "no rule" },
    { way: "one-rule", label: "1 rule" },
    { way: "pipeline", label: `all of ours: ${count(rulesFor("shipped"))}` },
    { way: "many-rules", label: `ours and public ones: ${count(rulesFor("many-rules"))}` },
  ];
  const rates = new Map<Way, number[]>(ways.map(({ way }) => [way, []]));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { way } of ways) {
      process.stderr.write(`round ${round} of ${ROUNDS}: ${way}\n`);
      const { events, cpuSeconds } = measure(way, capture);
      rates.get(way)?.push((cpuSeconds / events) * 1e6);
    }
  }
  const cost = (way: Way) => median(rates.get(way) ?? []);
  console.log(
    `\n${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, Node ${process.version}; medians of ${ROUNDS}; the pipeline without store\n`,
  );
  console.log("| rules and correlations | CPU an event | of one rule's |\n|---|---:|---:|");
  for (const { way, label } of ways) {
    console.log(`| ${label} | ${cost(way).toFixed(1)} µs | ${(cost(way) / cost("one-rule")).toFixed(2)} |`);
  }
  console.log(`\n| ${EVENTS.toLocaleString("en")} records in ${GROUPS.toLocaleString("en")} groups | |\n|---|---:|`);
  for (const [what, value] of correlationMemory(EVENTS, GROUPS)) console.log(`| ${what} | ${value} |`);
}

function count({ rules, correlations }: ReturnType<typeof rulesFor>): string {
  return `${rules.length} rules, ${correlations.length} correlations`;
}
