import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import path from "node:path";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { emptyDatabase } from "./empty-database.ts";

/** PGlite's WebAssembly and its data, which the page needs with no network, are the largest files. */
const precachedFileBytesMax = 16 * 1024 * 1024;

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
  worker: { format: "es" },
  optimizeDeps: { exclude: ["@electric-sql/pglite"] },
  build: {
    outDir: path.join(import.meta.dirname, "dist/web"),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
});
