import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import path from "node:path";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { emptyDatabase } from "./empty-database.ts";

/** PGlite's WebAssembly and its data, which the page needs with no network, are the largest files. */
const precachedFileBytesMax = 16 * 1024 * 1024;

/** Largest script in kB that is no surprise: page and core worker are one file each, since all of them is kept for the time without a network. */
const scriptKbMax = 1_200;

type Log = { readonly code?: string; readonly message: string };

/** PGlite evaluates text and asks for a module of Node, which it does not use in a browser: told at every build, and nothing to be done about. */
const rolldownOptions = {
  onLog(level: "info" | "debug" | "warn", log: Log, tell: (level: "info" | "debug" | "warn", log: Log) => void) {
    const isOfPglite = log.message.includes("node_modules/@electric-sql/pglite/");
    if (!isOfPglite || (log.code !== "EVAL" && !log.message.includes("externalized for browser"))) tell(level, log);
  },
};

export default defineConfig({
  root: path.join(import.meta.dirname, "src/web"),
  publicDir: "public",
  plugins: [
    react(),
    tailwind(),
    emptyDatabase(),
    VitePWA({
      strategies: "generateSW",
      registerType: "autoUpdate",
      injectRegister: false,
      filename: "sw.js",
      includeAssets: ["icon.svg", "icon-192.png"],
      manifest: {
        name: "Saldo",
        short_name: "Saldo",
        description: "Financial reports for small businesses that work on your device",
        id: "/",
        start_url: "/",
        display: "standalone",
        background_color: "#f5f3ee",
        theme_color: "#2f42a8",
        icons: [
          { src: "icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
      workbox: {
        globPatterns: ["**/*.{js,css,html,wasm,data,svg}"],
        maximumFileSizeToCacheInBytes: precachedFileBytesMax,
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [/^\/(?:v1|api)(?:\/|$)/],
        cleanupOutdatedCaches: true,
        clientsClaim: true,
        skipWaiting: true,
        inlineWorkboxRuntime: true,
        importScripts: ["background-sync.js"],
      },
    }),
  ],
  worker: { format: "es", rolldownOptions },
  optimizeDeps: { exclude: ["@electric-sql/pglite"] },
  build: {
    outDir: path.join(import.meta.dirname, "dist/web"),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: scriptKbMax,
    rolldownOptions,
  },
});
