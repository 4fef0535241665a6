import { defineConfig } from "vite";

import { integrity } from "./build/integrity.ts";

// Whose API `npm run dev` shows; the page itself always asks its own origin.
const stack = process.env["AVAL_PEOPLE_URL"] ?? "https://localhost:8443";
const apiPaths = "^/(adesoes|ativos|configuracao|contratos|documentacao|openapi.json|parcelas|participantes|perfis|prudencial|publicacao|sessao|acessos)";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [integrity()],
  build: {
    target: "es2024",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // One script and one style sheet, so that the integrity of both stands in the document (docs/web.md).
    rolldownOptions: { output: { codeSplitting: false } },
  },
  server: { proxy: { [apiPaths]: { target: stack, secure: false, changeOrigin: false } } },
});
