import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

/**
 * Joins the compiled command line and the libraries of many small files that every command loads into a few files:
 * reading and linking some 300 modules takes longer than pricing a small tape. A command still loads its own part when it
 * is the one that was asked for. Every other package is loaded from `node_modules` as it stands; some look for files
 * beside themselves.
 *
 * The files stand as deep below the root as the modules they are made of (`dist/src/<room>/x.js`, `dist/bundle/parts/x.js`):
 * paths relative to a module hold in both.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));
const joined = ["yargs", "zod", "@duckdb/node-api", "decimal.js", "simple-statistics", "csv-stringify", "cli-table3"];

/** Packages stay outside unless they are among those joined, or one of those asks for them and they are no binary. */
const outside: Plugin = {
  name: "outside",
  setup: ({ onResolve, onLoad }) => {
    // zod's words in fifty languages: ours are in models/fault-words.ts
    onLoad({ filter: /zod.v4.locales.index\.js$/ }, () => ({ contents: "export {};" }));
    onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      const isJoined = joined.some((name) => path === name || path.startsWith(`${name}/`));
      const isAskedFor = importer.includes("node_modules") && path !== "@duckdb/node-bindings";
      return isJoined || isAskedFor ? undefined : { path, external: true };
    });
  },
};

await rm(`${root}dist/bundle`, { recursive: true, force: true });
await build({
  entryPoints: { main: `${root}dist/src/main.js`, "parts/isolated-child": `${root}dist/src/tape/isolated-child.js` },
  outdir: `${root}dist/bundle`,
  chunkNames: "parts/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // The libraries written in CommonJS call it for Node's own modules.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
  plugins: [outside],
  logLevel: "warning",
});
