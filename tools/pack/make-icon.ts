import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildIcns } from "./icns.ts";

// Run after the PNGs in assets/icons/app were drawn anew from assets/icons/src/app.svg: node tools/pack/make-icon.ts
const icons = path.join(import.meta.dirname, "../../assets/icons/app");
writeFileSync(
  path.join(icons, "Sealbar.icns"),
  buildIcns((pixels) => readFileSync(path.join(icons, `icon-${pixels}.png`))),
);
