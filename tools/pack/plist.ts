/** The part of a property list that Info.plist files use. */
export type Plist = string | number | boolean | Plist[] | { [key: string]: Plist };

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n';

const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&" };

/** Writes an XML property list. */
export function writePlist(value: Plist): string {
  return `${HEAD}<plist version="1.0">${element(value)}</plist>\n`;
}

function element(value: Plist): string {
  if (typeof value === "string") return `<string>${escape(value)}</string>`;
  if (typeof value === "number") return `<integer>${value}</integer>`;
  if (typeof value === "boolean") return value ? "<true/>" : "<false/>";
  if (Array.isArray(value)) return `<array>${value.map(element).join("")}</array>`;
  const pairs = Object.entries(value).map(([key, item]) => `<key>${escape(key)}</key>${element(item)}`);
  return `<dict>${pairs.join("")}</dict>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * Reads an XML property list that our own tools wrote.
 * @throws on every element it does not know: a plist that is read wrongly would prove nothing
 */
export function readPlist(xml: string): Plist {
  const body = xml.slice(xml.indexOf(">", xml.indexOf("<plist")) + 1);
  const tokens = Array.from(body.matchAll(/<(\/?)([a-z]+)(\/?)>([^<]*)/g), ([, close, name, empty, text]) => ({
    name: name ?? "",
    kind: close === "/" ? "close" : empty === "/" ? "empty" : "open",
    text: text ?? "",
  }));
  let at = 0;
  const next = () => {
    const token = tokens[at++];
    if (token === undefined) throw new Error("The property list ends too early.");
    return token;
  };
  const closes = () => tokens[at]?.kind === "close";
  const value = (): Plist => {
    const token = next();
    if (token.name === "true" || token.name === "false") {
      if (token.kind === "open") next();
      return token.name === "true";
    }
    if (token.kind === "empty") return emptyOf(token.name);
    switch (token.name) {
      case "string":
        next();
        return unescape(token.text);
      case "integer":
        next();
        return Number(token.text);
      case "array": {
        const items: Plist[] = [];
        while (!closes()) items.push(value());
        next();
        return items;
      }
      case "dict": {
        const pairs: [string, Plist][] = [];
        while (!closes()) {
          const key = next();
          if (key.name !== "key") throw new Error(`A key is expected, not <${key.name}>.`);
          next();
          pairs.push([unescape(key.text), value()]);
        }
        next();
        return Object.fromEntries(pairs);
      }
      default:
        throw new Error(`<${token.name}> is not known here.`);
    }
  };
  return value();
}

function emptyOf(name: string): Plist {
  if (name === "string") return "";
  if (name === "array") return [];
  if (name === "dict") return {};
  throw new Error(`<${name}/> is not known here.`);
}

function unescape(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
