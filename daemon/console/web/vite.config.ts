import {svelte} from "@sveltejs/vite-plugin-svelte";
import {defineConfig, type Plugin} from "vite";

/// Two parts of bits-ui's command menu set a style in their markup, which the content security policy forbids.
const no_inline_style: Plugin = {
  name: "no-inline-style",
  enforce: "pre",
  transform: (code, id) => id.includes("/bits-ui/") && id.endsWith(".svelte") ? code.replaceAll('style="display: contents;"', 'class="contents"') : null,
};

export default defineConfig({
  base: "/console/",
  plugins: [no_inline_style, svelte()],
  build: {
    target: "es2022",
    cssCodeSplit: false,       // one style sheet: the design system
    assetsInlineLimit: 0,      // the content security policy knows no data: addresses
    modulePreload: {polyfill: false},
    rollupOptions: {output: {entryFileNames: "assets/[name]-[hash].js", chunkFileNames: "assets/[name]-[hash].js", assetFileNames: "assets/[name]-[hash][extname]"}},
  },
});
