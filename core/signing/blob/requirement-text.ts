import { assertNever } from "#core/base/assert-never.ts";
import { attempt } from "../problem.ts";
import { oidText } from "../der/values.ts";
import { LEAF_CERTIFICATE, type Match, type Requirement, ROOT_CERTIFICATE } from "./requirement-expression.ts";

/** Words of the language, which as data must be quoted: Security RequirementKeywords.h. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "guest host designated library plugin or and always true never false identifier cdhash platform notarized anchor " +
    "apple generic certificate cert trusted info entitlement exists leaf root absent timestamp legacy"
  ).split(" "),
);
const SIMPLE = /^[A-Za-z][A-Za-z0-9]*$/;
/** Dots may stand anywhere but nowhere else may a digit come first. */
const SIMPLE_DOTTED = /^[A-Za-z.][A-Za-z0-9.]*$/;
/** C's isgraph and isspace of ASCII. */
const PRINTABLE = /^[\t-\r -~]*$/;

/** How tightly the place holds what stands in it; looser operations get brackets. */
const LEVEL = { primary: 0, and: 1, or: 2 } as const;
type Level = (typeof LEVEL)[keyof typeof LEVEL];

/** The requirement in Apple's language, as `codesign -d -r-` and CodeResources write it (Security reqdumper.cpp). */
export function requirementText(requirement: Requirement): string {
  const parts: string[] = [];
  write(requirement, LEVEL.or, parts);
  return parts.join("").trimStart();
}

function write(requirement: Requirement, level: Level, out: string[]): void {
  switch (requirement.op) {
    case "never":
    case "always":
    case "notarized":
    case "legacy":
      out.push(requirement.op);
      return;
    case "anchor-apple":
      out.push("anchor apple");
      return;
    case "anchor-apple-generic":
      out.push("anchor apple generic");
      return;
    case "anchor-trusted":
      out.push("anchor trusted");
      return;
    case "identifier":
      out.push("identifier ", dataText(requirement.value));
      return;
    case "named-anchor":
      out.push("anchor apple ", dataText(requirement.value));
      return;
    case "named-code":
      out.push("(", dataText(requirement.value), ")");
      return;
    case "certificate-hash":
      out.push(certificateText(requirement.certificate), " = ", hashText(requirement.hash));
      return;
    case "cdhash":
      out.push("cdhash ", hashText(requirement.hash));
      return;
    case "and":
    case "or": {
      const own = LEVEL[requirement.op];
      if (level < own) out.push("(");
      write(requirement.left, own, out);
      out.push(` ${requirement.op} `);
      write(requirement.right, own, out);
      if (level < own) out.push(")");
      return;
    }
    case "not":
      out.push("! ");
      write(requirement.of, LEVEL.primary, out);
      return;
    case "info":
    case "entitlement":
      out.push(`${requirement.op}[${keyText(requirement.key)}]`, matchText(requirement.match));
      return;
    case "certificate-subject": {
      const { certificate, key, match } = requirement;
      out.push(`${certificateText(certificate)}[${keyText(key)}]`, matchText(match));
      return;
    }
    case "certificate-extension":
    case "certificate-policy":
    case "certificate-date": {
      const { op, certificate, oid, match } = requirement;
      out.push(`${certificateText(certificate)}[${FIELDS[op]}.${dotted(oid)}]`, matchText(match));
      return;
    }
    case "certificate-trusted":
      // Without a space before the word: what Apple's own writer prints.
      out.push(certificateText(requirement.certificate), "trusted");
      return;
    case "platform":
      out.push(`platform = ${requirement.platform}`);
      return;
    case "unknown-false":
      out.push(` false /* opcode ${requirement.code} */`);
      return;
    case "not-understood":
      out.push(`/* opcode ${requirement.code} not understood */`);
      return;
    default:
      assertNever(requirement, "a requirement without a text");
  }
}

const FIELDS = {
  "certificate-extension": "field",
  "certificate-policy": "policy",
  "certificate-date": "timestamp",
} as const;

function certificateText(certificate: number): string {
  if (certificate === LEAF_CERTIFICATE) return "certificate leaf";
  return certificate === ROOT_CERTIFICATE ? "certificate root" : `certificate ${certificate}`;
}

function matchText(match: Match): string {
  switch (match.kind) {
    case "exists":
      return " /* exists */";
    case "absent":
      return " absent ";
    case "equal":
      return ` = ${dataText(match.value)}`;
    case "contains":
      return ` ~ ${dataText(match.value)}`;
    case "begins-with":
      return ` = ${dataText(match.value)}*`;
    case "ends-with":
      return ` = *${dataText(match.value)}`;
    case "less":
      return ` < ${dataText(match.value)}`;
    case "greater":
      return ` > ${dataText(match.value)}`;
    case "less-or-equal":
      return ` <= ${dataText(match.value)}`;
    case "greater-or-equal":
      return ` >= ${dataText(match.value)}`;
    case "on":
      return ` = ${timestampText(match.at)}`;
    case "before":
      return ` < ${timestampText(match.at)}`;
    case "after":
      return ` > ${timestampText(match.at)}`;
    case "on-or-before":
      return ` <= ${timestampText(match.at)}`;
    case "on-or-after":
      return ` >= ${timestampText(match.at)}`;
    case "not-understood":
      return ` MATCH OPCODE ${match.code} NOT UNDERSTOOD`;
    default:
      return assertNever(match, "a match without a text");
  }
}

function hashText(hash: Buffer): string {
  return `H"${hash.toString("hex")}"`;
}

function dataText(data: Buffer): string {
  return quotedUnless(SIMPLE, data);
}

/** Of a key in square brackets, where dots need no quotes. */
function keyText(key: Buffer): string {
  return quotedUnless(SIMPLE_DOTTED, key);
}

function quotedUnless(simple: RegExp, data: Buffer): string {
  const text = data.toString("latin1");
  if (simple.test(text) && !KEYWORDS.has(text)) return text;
  return PRINTABLE.test(text) ? `"${text.replaceAll(/["\\]/g, "\\$&")}"` : `0x${data.toString("hex")}`;
}

function dotted(oid: Buffer): string {
  const read = attempt(() => oidText(oid));
  return "value" in read ? read.value : `0x${oid.toString("hex")}`;
}

/** Milliseconds between 1970 and 2001, where Apple's clock starts. */
const APPLE_EPOCH = 978_307_200_000n;

/** In the form that the language takes; the form in which Apple's writer prints it is UNVERIFIED. */
function timestampText(at: bigint): string {
  const date = new Date(Number(at * 1000n + APPLE_EPOCH));
  if (Number.isNaN(date.getTime())) return `timestamp "${at}"`;
  return `timestamp "${date.toISOString().replaceAll(/[-:T]|\.\d+/g, "")}"`;
}
