/** Writes docs/STRATEGY.md; a test fails while the page is not what this writes. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { strategyDocument } from "./strategy-document.js";

writeFileSync(fileURLToPath(new URL("../../docs/STRATEGY.md", import.meta.url)), strategyDocument());
