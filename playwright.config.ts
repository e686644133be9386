import { defineConfig } from "@playwright/test";

// The list is for the person who reads; the JSON is for what sums the layers up.
export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  outputDir: "test-results/e2e",
  // A browser under load is not always in time. A test that passes only when tried again is named at the end.
  retries: 2,
  workers: 2,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env["CI"] !== undefined,
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
});
