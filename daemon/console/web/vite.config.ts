import {svelte} from "@sveltejs/vite-plugin-svelte";
import {defineConfig} from "vite";

export default defineConfig({
  base: "/console/",
  plugins: [svelte()],
  build: {
    target: "es2022",
    cssCodeSplit: false,       // one style sheet: the design system
    assetsInlineLimit: 0,      // the content security policy knows no data: addresses
    modulePreload: {polyfill: false},
    rollupOptions: {output: {entryFileNames: "assets/[name]-[hash].js", chunkFileNames: "assets/[name]-[hash].js", assetFileNames: "assets/[name]-[hash][extname]"}},
  },
});
