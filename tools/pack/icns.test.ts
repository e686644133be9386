import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { buildIcns, ICON_PIXELS } from "./icns.ts";

const icons = path.join(import.meta.dirname, "../../assets/icons");
const png = (file: string) => readFileSync(path.join(icons, file));
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Where a PNG's header chunk says how wide and high it is. */
const WIDTH_AT = 16;
const size = (image: Buffer) => [image.readUInt32BE(WIDTH_AT), image.readUInt32BE(WIDTH_AT + 4)];

describe("buildIcns", () => {
  it("nests lengths that add up", () => {
    const icns = buildIcns((pixels) => Buffer.alloc(pixels, 1));
    expect(icns.toString("latin1", 0, 4)).toBe("icns");
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const types: string[] = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) types.push(icns.toString("latin1", at, at + 4));
    expect(types).toContain("ic10");
    expect(new Set(types).size).toBe(types.length);
  });

  it("made the app's icon from the drawings that are there", () => {
    expect(png("app/Sealbar.icns").equals(buildIcns((pixels) => png(`app/icon-${pixels}.png`)))).toBe(true);
  });

  it.each(ICON_PIXELS)("has a square drawing of %i pixels", (pixels) => {
    const image = png(`app/icon-${pixels}.png`);
    expect(image.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)).toBe(true);
    expect(size(image)).toEqual([pixels, pixels]);
  });
});

describe("the menu bar's images", () => {
  it("are templates by name, at both scales, for each state", () => {
    const names = ["alert", "attention", "calm", "degraded"];
    const files = names.flatMap((name) => [`${name}Template.png`, `${name}Template@2x.png`]);
    expect(readdirSync(path.join(icons, "tray")).sort()).toEqual(files.sort());
    for (const name of names) {
      expect(size(png(`tray/${name}Template.png`))).toEqual([16, 16]);
      expect(size(png(`tray/${name}Template@2x.png`))).toEqual([32, 32]);
    }
  });
});
