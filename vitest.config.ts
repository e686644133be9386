import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const NOT_UNIT = [
  "**/node_modules/**",
  "**/out/**",
  "**/dist/**",
  "**/*.conformance.test.ts",
  "**/*.scenario.test.ts",
  "**/*.pack.test.ts",
  "**/*.packages.test.ts",
];

/** A busy machine is slow, not wrong: only what hangs ends here. */
const HANGS_MS = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          environment: "node",
          include: ["{contract,core,electron,e2e,bench,tools}/**/*.test.ts"],
          exclude: NOT_UNIT,
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        plugins: [react()],
        test: {
          name: "dom",
          environment: "happy-dom",
          include: ["renderer/**/*.test.{ts,tsx}"],
          setupFiles: ["renderer/test-setup.ts"],
          testTimeout: HANGS_MS,
        },
      },
      {
        test: {
          name: "scenario",
          environment: "node",
          include: ["{core,e2e,rules,tools}/**/*.scenario.test.ts"],
          testTimeout: 2 * HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        test: {
          name: "packages",
          environment: "node",
          include: ["core/**/*.packages.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      { test: { name: "native", environment: "node", include: ["native/**/*.test.ts"], testTimeout: 2 * HANGS_MS } },
      { test: { name: "pack", environment: "node", include: ["tools/pack/**/*.pack.test.ts"], testTimeout: HANGS_MS } },
      {
        test: {
          name: "conformance",
          environment: "node",
          include: ["{core,tools}/**/*.conformance.test.ts"],
          testTimeout: HANGS_MS,
        },
      },
    ],
  },
});
