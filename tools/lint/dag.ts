/**
 * Who may know whom: the import DAG as data. docs/architecture.md draws it; the lint configuration is made from it.
 * A room may import itself and the rooms it lists; nothing else of ours.
 */
export interface Room {
  /** Folder from the project's root; also what follows `#` in an import. */
  readonly path: string;
  readonly mayImport: readonly string[];
  /** Of the packages and built-in modules that only some rooms may touch, the ones this room may. */
  readonly mayUse?: readonly ReservedModule[];
}

export type ReservedModule = "electron" | "better-sqlite3" | "child_process" | "node" | "react";

const LEAVES = ["contract", "core/base"] as const;
const MONITOR = [
  "core/wire",
  "core/parse",
  "core/signing",
  "core/posture",
  "core/enrich",
  "core/rules",
  "core/correlate",
  "core/findings",
  "core/store",
  "core/settings",
  "core/report",
] as const;
const FEATURES = [
  "timeline",
  "findings",
  "posture",
  "coverage",
  "trust",
  "onboarding",
  "settings",
  "menubar",
  "inspector",
].map((name) => `renderer/${name}`);
const VIEW = ["contract", "renderer/bridge", "renderer/state", "renderer/ui"];

export const ROOMS: readonly Room[] = [
  { path: "contract", mayImport: [] },
  { path: "core/base", mayImport: ["contract"], mayUse: ["node"] },
  { path: "core/wire", mayImport: LEAVES, mayUse: ["node"] },
  { path: "core/parse", mayImport: LEAVES },
  { path: "core/signing", mayImport: LEAVES, mayUse: ["node"] },
  { path: "core/posture", mayImport: LEAVES },
  { path: "core/rules", mayImport: LEAVES },
  { path: "core/settings", mayImport: LEAVES, mayUse: ["node"] },
  { path: "core/store", mayImport: LEAVES, mayUse: ["node", "better-sqlite3"] },
  { path: "core/correlate", mayImport: [...LEAVES, "core/rules"] },
  { path: "core/enrich", mayImport: [...LEAVES, "core/signing", "core/posture"] },
  { path: "core/findings", mayImport: [...LEAVES, "core/enrich", "core/rules", "core/correlate"] },
  { path: "core/report", mayImport: [...LEAVES, "core/findings"], mayUse: ["node"] },
  { path: "core/helper", mayImport: [...LEAVES, "core/wire"], mayUse: ["node", "child_process"] },
  { path: "core/pipeline", mayImport: [...LEAVES, ...MONITOR], mayUse: ["node"] },
  { path: "core/cli", mayImport: [...LEAVES, ...MONITOR, "core/pipeline", "core/helper"], mayUse: ["node"] },
  {
    path: "electron/monitor",
    mayImport: [...LEAVES, ...MONITOR, "core/pipeline", "core/helper"],
    mayUse: ["node", "electron"],
  },
  { path: "electron/main", mayImport: LEAVES, mayUse: ["node", "electron"] },
  { path: "electron/preload", mayImport: ["contract"], mayUse: ["electron"] },
  { path: "renderer/bridge", mayImport: ["contract"] },
  { path: "renderer/state", mayImport: ["contract", "renderer/bridge"] },
  { path: "renderer/ui", mayImport: ["contract"], mayUse: ["react"] },
  ...FEATURES.map((path): Room => ({ path, mayImport: VIEW, mayUse: ["react"] })),
  { path: "renderer/shell", mayImport: [...VIEW, ...FEATURES], mayUse: ["react"] },
];

/** Folders outside the DAG that product rooms must never import: tests, tools and benchmarks reach in, not the reverse. */
export const OUTSIDE = ["e2e", "tools", "bench", "native"] as const;

const RESERVED: Record<ReservedModule, { regex: string; message: string }> = {
  electron: {
    regex: "^electron(/|$)",
    message: "`electron` is imported only under electron/. Take what you need as a port in the constructor.",
  },
  "better-sqlite3": {
    regex: "^better-sqlite3$",
    message: "`better-sqlite3` is imported only in core/store. Add a function there and call it.",
  },
  child_process: {
    regex: "^(node:)?child_process$",
    message: "Programs are started only in core/helper. Ask it, or define a small port.",
  },
  node: {
    regex: "^node:(?:[a-bd-z]|c[a-gi-z]|ch[a-hj-z])",
    message: "This room is pure or runs without Node: no `node:*`. Take the value as an argument or through a port.",
  },
  react: {
    regex: "^(react|react-dom|zustand/react)(/|$)",
    message: "React belongs in renderer/ui and the feature folders.",
  },
};

export interface ImportPattern {
  regex: string;
  message: string;
}

/** The forbidden imports of one room, each with what to do instead. */
export function forbiddenImports(room: Room): ImportPattern[] {
  const others = ROOMS.filter((other) => other.path !== room.path && !room.mayImport.includes(other.path)).map(
    (other) => other.path,
  );
  const allowed = room.mayImport.length === 0 ? "nothing but itself" : room.mayImport.join(", ");
  const patterns: ImportPattern[] = [
    {
      regex: `^#(${[...others, ...OUTSIDE].join("|")})(/|$)`,
      message: `${room.path} may import ${allowed}. Move the shared part to a room both may import, or pass it in as a small port.`,
    },
    {
      regex: climbsOut(room.path),
      message: `Leave a room by its name ("#core/base/clock.ts"), not by climbing out of it, so that the import rules can be checked.`,
    },
  ];
  for (const name of Object.keys(RESERVED) as ReservedModule[]) {
    if (!(room.mayUse ?? []).includes(name)) patterns.push(RESERVED[name]);
  }
  return patterns;
}

/** A relative path that leaves the room's folder for one of ours by its folder name. */
function climbsOut(path: string): string {
  const here = path.split("/").at(-1);
  const names = [...new Set([...ROOMS.map((room) => room.path), ...OUTSIDE].flatMap((p) => p.split("/")))].filter(
    (name) => name !== here,
  );
  return `^(\\.\\./)+(${names.join("|")})/`;
}
