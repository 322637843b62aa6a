#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/src/main.js", import.meta.url);
if (existsSync(main)) {
  const { run } = await import(main.href);
  process.exitCode = await run(process.argv.slice(2));
} else {
  console.error("netback is not built yet: run `npm ci` (or `npm run build`) in its folder first.");
  process.exitCode = 1;
}
