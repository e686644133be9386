import type { LogFact } from "#contract/log-fact.ts";
import { integerOrNull, isJsonObject } from "./json-fields.ts";
import type { LogText } from "./log-text.ts";

const NOT_VALID = " not valid: Error Domain=AppleMobileFileIntegrityError Code=";
const ERROR = /^(-?\d{1,9}) "([^"]{0,1024})"/;

/**
 * amfid (recorded, macOS 26). Logged for harmless local builds too. The path comes first and is the program's own, what
 * follows the last marker is amfid's.
 */
export function readAmfidFact(message: string): LogFact | null {
  const at = message.lastIndexOf(NOT_VALID);
  if (at <= 0) return null;
  const error = ERROR.exec(message.slice(at + NOT_VALID.length));
  const code = error === null ? null : Number(error[1]);
  return { fact: "amfid-not-valid", path: message.slice(0, at), code, text: error?.[2] ?? null };
}

/** XProtect Remediator's structured events: JSON in the message (recorded, macOS 13). */
export function readXprotectFact(log: LogText, message: string): LogFact | null {
  if (log.subsystem !== "com.apple.XProtectFramework.PluginAPI" || log.category !== "XPEvent.structured") return null;
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return null;
  }
  if (!isJsonObject(value) || typeof value["status_message"] !== "string") return null;
  return { fact: "xprotect-scan", message: value["status_message"], statusCode: integerOrNull(value["status_code"]) };
}
