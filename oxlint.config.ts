import { defineConfig, type OxlintOverride } from "oxlint";
import { forbiddenImports, ROOMS } from "./tools/lint/dag.ts";

// A tool's configuration file must export a default; nothing else here does.
export default defineConfig({
  plugins: ["typescript", "react", "jsx-a11y", "import", "vitest", "promise", "unicorn"],
  categories: { correctness: "error", suspicious: "error" },
  rules: {
    "import/no-cycle": "error",
    "import/no-default-export": "error",
    "import/no-unassigned-import": "off",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    "typescript/consistent-type-imports": "error",
    "typescript/no-unsafe-type-assertion": "off",
    "react/react-in-jsx-scope": "off",
    "react/no-danger": "error",
    "no-eval": "error",
    "no-console": "error",
    "no-underscore-dangle": "off",
    "no-shadow": "off",
    "no-await-in-loop": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/no-array-sort": "off",
    "unicorn/no-array-reverse": "off",
    "unicorn/require-post-message-target-origin": "off",
    "vitest/no-conditional-tests": "off",
    "vitest/require-mock-type-parameters": "off",
  },
  overrides: [
    ...ROOMS.map(
      (room): OxlintOverride => ({
        files: [`${room.path}/**/*.ts`, `${room.path}/**/*.tsx`],
        excludeFiles: [`${room.path}/**/*.test.ts`, `${room.path}/**/*.test.tsx`],
        rules: { "no-restricted-imports": ["error", { patterns: forbiddenImports(room) }] },
      }),
    ),
    { files: ["*.config.ts", "**/vite-env.d.ts"], rules: { "import/no-default-export": "off" } },
    { files: ["tools/**", "bench/**", "core/cli/**"], rules: { "no-console": "off" } },
  ],
  ignorePatterns: ["/out", "/dist", "node_modules", "/coverage", ".cache"],
});
