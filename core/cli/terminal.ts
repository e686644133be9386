import { styleText } from "node:util";
import type { Severity } from "#contract/severity.ts";
import type { TrustClass } from "#contract/trust.ts";
import { assertNever } from "#core/base/assert-never.ts";

type Style = Parameters<typeof styleText>[0];

/** Where a command writes. Colour is used only where the stream says it can show it (NO_COLOR is respected). */
export interface Terminal {
  readonly columns: number;
  write(line: string): void;
  style(style: Style, text: string): string;
}

export function streamTerminal(stream: NodeJS.WriteStream): Terminal {
  return {
    columns: stream.columns ?? 100,
    write: (line) => {
      stream.write(`${line}\n`);
    },
    style: (style, text) => styleText(style, text, { stream }),
  };
}

/** A shape for each severity, so that nothing is told by colour alone. */
export const SEVERITY_GLYPH: Record<Severity, string> = { info: "·", low: "○", medium: "◐", high: "●", critical: "◆" };

export function severityStyle(severity: Severity): Style {
  switch (severity) {
    case "critical":
    case "high":
      return "red";
    case "medium":
      return "yellow";
    case "low":
      return "cyan";
    case "info":
      return "dim";
    default:
      return assertNever(severity, "every severity has a style");
  }
}

/** How far a trust class can be relied on; the screens group classes the same way. */
export function trustStyle(trust: TrustClass): Style {
  switch (trust) {
    case "platform":
    case "platform-legacy":
    case "app-store":
    case "app-store-submission":
    case "testflight":
    case "developer-id":
    case "development":
    case "enterprise":
    case "not-code":
      return "dim";
    case "local-signing":
    case "linker-signed":
    case "ad-hoc":
    case "self-signed":
    case "untrusted":
    case "unsigned":
      return "yellow";
    case "invalid":
    case "revoked":
      return "red";
    case "unknown":
      return "magenta";
    default:
      return assertNever(trust, "every trust class has a style");
  }
}

/** Cuts in the middle, so that both the start and the file name stay readable. */
export function middleCut(text: string, width: number): string {
  const chars = Array.from(text);
  if (chars.length <= width) return text;
  if (width < 8) return chars.slice(0, Math.max(0, width)).join("");
  const tail = Math.ceil((width - 1) * 0.6);
  return `${chars.slice(0, width - 1 - tail).join("")}…${chars.slice(-tail).join("")}`;
}

/** Breaks at spaces; a word longer than the width is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    let rest = word;
    while (rest.length > width) {
      if (line !== "") lines.push(line);
      lines.push(rest.slice(0, width));
      rest = rest.slice(width);
      line = "";
    }
    if (line !== "" && line.length + 1 + rest.length > width) {
      lines.push(line);
      line = rest;
    } else {
      line = line === "" ? rest : `${line} ${rest}`;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}
