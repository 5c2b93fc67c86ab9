// The till's app: built into www/pos, served under /pos/.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "/pos/",
  resolve: { alias: { "#core": here("../../www/pkg/oms_browser.js") } },
  publicDir: here("public"),
  build: {
    outDir: here("../../www/pos"),
    emptyOutDir: true,
    target: ["chrome120", "firefox121", "safari17.4"],
    // Nothing inline: the policy of the site allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What loads the core is weighed with the core.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "core", test: /oms_browser/ }] } } },
  },
  plugins: [
    {
      // The icon of the other pages: kept once.
      name: "icon",
      buildStart() {
        if (!this.meta.watchMode) this.emitFile({ type: "asset", fileName: "icon.svg", source: readFileSync(here("../../www/icon.svg")) });
      },
    },
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "sw.ts",
      registerType: "prompt",
      injectRegister: false,
      manifest: {
        id: "/pos/",
        name: "Estiba till",
        short_name: "Till",
        description: "A point of sale that sells without a network.",
        start_url: "/pos/",
        scope: "/pos/",
        display: "standalone",
        orientation: "any",
        background_color: "#f7f4ec",
        theme_color: "#14524d",
        icons: [
          { src: "icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "icon-maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
          { src: "icon.svg", sizes: "any", type: "image/svg+xml" },
        ],
      },
      injectManifest: {
        globPatterns: ["**/*.{js,css,html,svg,png,wasm,webmanifest}"],
        // Only where the browser reads no barcodes itself: fetched then, and kept.
        globIgnores: ["**/zxing*", "**/reader*"],
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
        rollupFormat: "iife",
      },
    }),
  ],
});
