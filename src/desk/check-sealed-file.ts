import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { faultWords } from "../../models/fault-words.js";
import { type SealedFileDocument, sealedRecord } from "../../models/sealed-file.js";
import type { SealFault } from "../ledger/seal-check.js";
import { SealedFileChecker } from "../ledger/sealed-file.js";

const shownDifferences = 1000;

/**
 * Checks a sealed file without a database: every line has the form it should, the months' events and seals are chained
 * and their hashes right, the entries and postings are those that were sealed, and no line is missing. What has been changed
 * is named by portfolio, month and block.
 *
 * A file that was made up altogether, with hashes of its own, agrees with itself: compare its last seal with one that a
 * report has printed (`seal`).
 *
 * @param seal a hash that must be among the file's seals
 */
export async function checkSealedFile(path: string, seal?: string): Promise<SealedFileDocument> {
  const checker = new SealedFileChecker();
  const more: SealFault[] = [];
  const fault = (line: number, expected: string, found: string) =>
    more.push({ check: "file", portfolioId: null, place: `line ${line}`, expected, found });
  const hash = createHash("sha256");
  let lines = 0;
  for await (const bytes of linesOf(path)) {
    lines++;
    const value = parse(bytes);
    if (Array.isArray(value)) checker.row(value as [string, ...unknown[]], lines);
    else {
      const parsed = sealedRecord.safeParse(value, { error: faultWords });
      if (!parsed.success) fault(lines, "a record of a sealed file", parsed.error.issues[0]!.message);
      else {
        checker.record(parsed.data, lines);
        if (parsed.data.record === "end") {
          const digest = hash.copy().digest("hex");
          if (parsed.data.lines !== lines - 1) fault(lines, `${parsed.data.lines} lines before`, String(lines - 1));
          if (parsed.data.sha256 !== digest) fault(lines, `lines of ${parsed.data.sha256}`, `lines of ${digest}`);
        }
      }
    }
    hash.update(bytes).update("\n");
    if (more.length >= shownDifferences) break;
  }
  const faults = [...checker.finish(lines), ...more];
  const hashes = sealsOf(checker);
  if (seal !== undefined && !hashes.has(seal)) {
    faults.push({
      check: "sealed",
      portfolioId: null,
      place: "the file",
      expected: `seal ${seal}`,
      found: "no such seal",
    });
  }
  const closed = checker.events.filter(({ event }) => event === "closed");
  return {
    file: basename(path),
    green: faults.length === 0,
    tenant_id: checker.tenantId,
    ...checker.counts,
    months: new Set(closed.map(({ month }) => month)).size,
    seal: closed.at(-1)?.hash ?? null,
    differences: faults.slice(0, shownDifferences).map(({ check, portfolioId, place, expected, found }) => ({
      check,
      portfolio_id: portfolioId,
      where: place,
      expected,
      found,
    })),
  };
}

function sealsOf(checker: SealedFileChecker): Set<string> {
  const ofPortfolios = [...checker.seals.values()].flat().map(({ hash }) => hash);
  return new Set([...checker.events.map(({ hash }) => hash), ...ofPortfolios]);
}

/** The lines as bytes, without their line feeds: what is hashed is what stands in the file. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, at)]);
      parts = [];
      from = at + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** What a line holds; undefined where it is no JSON, which the schema refuses. */
function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
