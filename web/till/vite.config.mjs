import { defineConfig } from "vite";
export default defineConfig({ root: import.meta.dirname, base: "/pos/", build: { outDir: process.env.OUT ?? "../../www/pos", emptyOutDir: true } });
