import { BLOB_NOTES, BLOB_PROBLEMS } from "#core/signing/blob/problems.ts";
import { BUNDLE_NOTES, BUNDLE_PROBLEMS } from "#core/signing/bundle/problems.ts";
import { CMS_NOTES, CMS_PROBLEMS } from "#core/signing/cms/problems.ts";
import { DER_PROBLEMS } from "#core/signing/der/problems.ts";
import { MACHO_NOTES, MACHO_PROBLEMS, MACHO_SENTENCES } from "#core/signing/macho/problems.ts";
import { PLIST_PROBLEMS } from "#core/signing/plist/problems.ts";
import { INSPECTION_NOTES, INSPECTION_PROBLEMS } from "#core/signing/problems.ts";
import { SCRIPT_PROBLEMS } from "#core/signing/script/problems.ts";
import { TICKET_PROBLEMS } from "#core/signing/ticket/problems.ts";

/** Everything that an inspection can say, by where it comes from. */
export const CATALOGUE: readonly { title: string; problems?: object; notes?: object }[] = [
  { title: "The whole", problems: INSPECTION_PROBLEMS, notes: INSPECTION_NOTES },
  { title: "Mach-O files and their pages", problems: { ...MACHO_PROBLEMS, ...MACHO_SENTENCES }, notes: MACHO_NOTES },
  { title: "Signature, CodeDirectory, requirements, entitlements", problems: BLOB_PROBLEMS, notes: BLOB_NOTES },
  { title: "Certificates and timestamps", problems: CMS_PROBLEMS, notes: CMS_NOTES },
  { title: "Bundles", problems: BUNDLE_PROBLEMS, notes: BUNDLE_NOTES },
  { title: "Scripts and signatures kept in files", problems: SCRIPT_PROBLEMS },
  { title: "Encodings", problems: { ...DER_PROBLEMS, ...PLIST_PROBLEMS } },
  { title: "Tickets (about the ticket, never about the code)", notes: TICKET_PROBLEMS },
];

/** As docs/signing.md has it. */
export function catalogueMarkdown(): string {
  return CATALOGUE.map(({ title, problems = {}, notes = {} }) => {
    const rows = [...rowsOf(problems, "problem"), ...rowsOf(notes, "note")];
    return `### ${title}\n\n| id | is a | in words |\n|---|---|---|\n${rows.join("\n")}\n`;
  }).join("\n");
}

function rowsOf(table: object, kind: string): string[] {
  return Object.entries(table).map(([id, sentence]) => `| \`${id}\` | ${kind} | ${words(sentence)} |`);
}

/** Sentences with values are shown with a mark in their place. */
function words(sentence: unknown): string {
  const text: unknown =
    typeof sentence === "function" ? (sentence as (...values: string[]) => unknown)("…", "…", "…", "…") : sentence;
  return String(text).replaceAll("|", "\\|").replaceAll("\n", " ");
}
