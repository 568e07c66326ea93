import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "build", include: ["test/build/**/*.test.ts"], testTimeout: 600_000, fileParallelism: false } },
    ],
  },
});
