#!/usr/bin/env node
import { existsSync, statSync } from "node:fs";

const compiled = new URL("../dist/src/main.js", import.meta.url);
const bundle = new URL("../dist/bundle/main.js", import.meta.url);

/** The bundle starts faster; one that is older than the compiled code (`tsc` alone was run) is not it. */
function main() {
  if (!existsSync(bundle)) return compiled;
  const stamp = new URL("../dist/.tsbuildinfo", import.meta.url);
  return existsSync(stamp) && statSync(stamp).mtimeMs > statSync(bundle).mtimeMs ? compiled : bundle;
}

if (existsSync(compiled)) {
  const { run } = await import(main().href);
  process.exitCode = await run(process.argv.slice(2));
} else {
  console.error("netback is not built yet: run `npm ci` (or `npm run build`) in its folder first.");
  process.exitCode = 1;
}
