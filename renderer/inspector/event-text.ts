import type { EventDetail } from "#contract/timeline.ts";
import { visibleText } from "#contract/visible-text.ts";

/** A record as text for a ticket: nothing in it hides or reorders, times are UTC. */
export function eventText({ row, facts }: EventDetail): string {
  const lines = [
    `${row.at}  ${visibleText(row.title)}`,
    visibleText(row.detail),
    ...facts.map(({ label, value }) => `${label}: ${visibleText(value)}`),
    `Record: ${row.id.session}/${row.id.src}/${row.id.n}`,
  ];
  return lines.filter((line) => line !== "").join("\n");
}
