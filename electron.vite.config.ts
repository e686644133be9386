import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

const root = import.meta.dirname;
const inRoot = (name: string) => path.join(root, name);

/** `dependencies` (better-sqlite3) and electron stay outside; everything else is bundled and absent from the package. */
export default defineConfig({
  main: {
    build: {
      outDir: "out/main",
      sourcemap: false,
      rolldownOptions: {
        input: {
          main: inRoot("electron/main/main.ts"),
          monitor: inRoot("electron/monitor/monitor.ts"),
          "inspect-worker": inRoot("core/signing/inspect-worker.ts"),
        },
        output: { format: "es", entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
      },
    },
  },
  preload: {
    build: {
      outDir: "out/preload",
      sourcemap: false,
      rolldownOptions: {
        input: { preload: inRoot("electron/preload/preload.ts") },
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: inRoot("renderer"),
    base: "./",
    plugins: [react()],
    build: {
      outDir: inRoot("out/renderer"),
      emptyOutDir: true,
      sourcemap: false,
      minify: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: inRoot("renderer/index.html") },
    },
  },
});
