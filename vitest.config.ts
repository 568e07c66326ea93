import { defineConfig } from "vitest/config";

export default defineConfig({
  // As the bundler does: Python files go into the code as text.
  plugins: [
    {
      name: "python-as-text",
      transform: (code, id) => (id.endsWith(".py") ? `export default ${JSON.stringify(code)};` : undefined),
    },
  ],
  test: {
    projects: [
      { extends: true, test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 60_000 } },
      {
        extends: true,
        test: { name: "build", include: ["test/build/**/*.test.ts"], testTimeout: 600_000, fileParallelism: false },
      },
      {
        extends: true,
        test: { name: "protocol", include: ["test/protocol/**/*.test.ts"], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: "editor",
          include: ["test/editor/**/*.test.ts"],
          globalSetup: ["test/editor/setup.ts"],
          testTimeout: 240_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
