import type { MonitorSettingsFile } from "#contract/monitor-settings.ts";

type Values = Readonly<Record<string, unknown>>;

const isGroup = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every setting's name; those of a group with the group's before a dot. */
export function namesOf(file: MonitorSettingsFile): string[] {
  return Object.entries(file).flatMap(([name, value]) =>
    isGroup(value) ? Object.keys(value).map((inner) => `${name}.${inner}`) : [name],
  );
}

/** The value of a setting or a group; undefined for a name that there is not. */
export function valueAt(file: MonitorSettingsFile, name: string): unknown {
  const [top = "", inner, ...more] = name.split(".");
  if (more.length > 0 || !Object.hasOwn(file, top)) return undefined;
  const value = (file as Values)[top];
  if (inner === undefined) return value;
  return isGroup(value) && Object.hasOwn(value, inner) ? value[inner] : undefined;
}

/** The top-level setting that holds `name`, with `text` in its place: JSON where it is JSON, else the text, or a list of texts. */
export function withValue(file: MonitorSettingsFile, name: string, text: string): Values {
  const [top = "", inner] = name.split(".");
  const value = readValue(text, Array.isArray(valueAt(file, name)));
  const before = (file as Values)[top];
  return { [top]: inner === undefined || !isGroup(before) ? value : { ...before, [inner]: value } };
}

function readValue(text: string, isList: boolean): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return isList && !Array.isArray(json) ? [String(json)] : json;
  } catch {
    if (!isList) return text;
    const items = text.split(",").map((item) => item.trim());
    return items.filter((item) => item !== "");
  }
}

/** As `set` takes it back. */
export function shownValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
