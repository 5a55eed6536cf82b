import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    // Nothing inline: the content security policy of the deployed page refuses data: and inline script alike.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: { host: "127.0.0.1" },
  test: { include: ["tests/unit/**/*.test.ts"], environment: "node" },
});
