import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = process.env.NETBACK_SHARED ?? fileURLToPath(new URL("../../../../shared/", import.meta.url));

/** Path of a file of the evaluation data that stands beside the project, or undefined where it is absent. */
export function sharedPath(...parts: string[]): string | undefined {
  const path = [root.replace(/\/$/, ""), ...parts].join("/");
  return existsSync(path) ? path : undefined;
}

/** For a test that needs such a file: skips the test, and says why, where it is absent. */
export function sharedPathOrSkip(test: Mocha.Context, ...parts: string[]): string {
  const path = sharedPath(...parts);
  if (path === undefined) {
    process.stdout.write(`      skipped: ${parts.join("/")} is not beside the project\n`);
    test.skip();
  }
  return path!;
}
