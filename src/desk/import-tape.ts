import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ActParsed } from "../../models/acts.js";
import { Refusal } from "../../models/refusal.js";
import type { Layout } from "../../models/tape.js";
import { parseDay } from "../calendar/day.js";
import { minor } from "../money/money.js";
import { insertFindings } from "../store/finding.js";
import { findLayout } from "../store/layout.js";
import { findPortfolio, findTape, insertTape, lockPortfolio, type Tape, tapeDocumentOf } from "../store/portfolio.js";
import { insertReceivables } from "../store/receivable.js";
import type { Person } from "../store/vault.js";
import type { PersonBatch } from "../tape/persons.js";
import type { Tape as ReadTape } from "../tape/tape.js";
import { implementPrepared } from "./act.js";
import type { Call, Context, Desk } from "./desk.js";

/**
 * Reads the seller's file and stores what can be read, with everything that was found.
 *
 * A portfolio has one tape. The same file again (by SHA-256) changes nothing and says so; another one is refused
 * (`conflict`): quotes rest on the rows that are there. The file is read before the transaction begins, and refused
 * as `readTape` refuses it; nothing of it is stored then. What tells of people goes to the vault alone, under the
 * number of the row.
 */
export const importTape = implementPrepared("import-tape", {
  prepare: readGivenTape,
  async run(context, input, { read }) {
    const { tx, now, report } = context;
    const portfolio = await lockPortfolio(tx, input.portfolio_id);
    const before = await findTape(tx, portfolio.portfolioId);
    if (before !== undefined) {
      if (before.sha256 === read.file.sha256) {
        const tape = tapeDocumentOf(before, portfolio.currency);
        return { portfolio_id: portfolio.portfolioId, imported: false, tape };
      }
      throw new Refusal(
        "conflict",
        `the portfolio has the tape "${before.fileName}"; another one needs another portfolio`,
      );
    }
    const { columns } = read;
    const kept = await insertReceivables(tx, {
      portfolioId: portfolio.portfolioId,
      tape: columns,
      onRows: (done) => report({ phase: "store receivables", done, total: columns.rows }),
    });
    report({ phase: "store persons", done: 0, total: columns.rows });
    await storePersons(context, input, read);
    report({ phase: "store findings", done: columns.rows, total: columns.rows });
    await insertFindings(tx, portfolio.portfolioId, read.findings.inFileOrder());
    const tape = storedTape(read, { columns: kept, fileName: input.file.name, asOf: input.as_of, importedAt: now });
    await insertTape(tx, portfolio.portfolioId, tape);
    return { portfolio_id: portfolio.portfolioId, imported: true, tape: tapeDocumentOf(tape, portfolio.currency) };
  },
});

async function readGivenTape(desk: Desk, input: ActParsed<"import-tape">, call: Call): Promise<{ read: ReadTape }> {
  const { currency, layout } = await findReading(desk, input, call);
  const read = await inWorkFolder(desk, (workFolder) =>
    desk.readers.tape(input.file.path, {
      currency,
      asOf: parseDay(input.as_of),
      columns: "all",
      workFolder,
      ...(layout === undefined ? {} : { layout }),
      ...(input.expect_rows === undefined ? {} : { expectRows: input.expect_rows }),
      ...(input.expect_face === undefined ? {} : { expectFace: input.expect_face }),
      onProgress: (progress) => call.onProgress?.(progress),
    }),
  );
  return { read };
}

/** A folder for one job, gone when the job is over. */
async function inWorkFolder<T>(desk: Desk, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(desk.workFolder, "tape-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function storePersons({ tx, desk }: Context, input: ActParsed<"import-tape">, read: ReadTape): Promise<void> {
  const kept = new Set(read.columns.rowNumbers);
  await inWorkFolder(desk, async (workFolder) => {
    const batches = desk.readers.persons(input.file.path, { workFolder, layout: read.layout });
    await desk.vault.putPersons(tx, input.portfolio_id, personsOf(batches, kept));
  });
}

/** The persons of the rows that were kept, numbered by their rows. */
async function* personsOf(batches: AsyncIterable<PersonBatch>, kept: ReadonlySet<number>): AsyncGenerator<Person[]> {
  for await (const { rowNumbers, columns } of batches) {
    const persons: Person[] = [];
    for (const [i, personNo] of rowNumbers.entries()) {
      if (!kept.has(personNo)) continue;
      const fields: Record<string, string> = {};
      for (const [name, values] of columns) if (values[i] != null) fields[name] = values[i];
      persons.push({ personNo, fields });
    }
    yield persons;
  }
}

/** The currency and the layout to read with: the one given, or the one kept for the portfolio's seller by its name. */
async function findReading(
  desk: Desk,
  input: ActParsed<"import-tape">,
  { actor }: Call,
): Promise<{ currency: string; layout: Layout | undefined }> {
  if (input.layout !== undefined && input.layout_name !== undefined) {
    throw new Refusal("invalid_request", "give layout or layout_name, not both");
  }
  return desk.store.transaction(
    { tenantId: actor.tenantId },
    async (tx) => {
      const { currency, seller } = await findPortfolio(tx, input.portfolio_id);
      if (input.layout_name === undefined) return { currency, layout: input.layout };
      return { currency, layout: await findLayout(tx, { seller, name: input.layout_name }) };
    },
    { readOnly: true },
  );
}

function storedTape(
  read: ReadTape,
  how: { columns: readonly string[]; fileName: string; asOf: string; importedAt: string },
): Tape {
  const balances = read.columns.columns.get("current_balance");
  if (balances?.kind !== "money") throw new Error("a tape that was read has balances");
  let faceMinor = 0n;
  for (const balance of balances.values) faceMinor += balance;
  return {
    sha256: read.file.sha256,
    fileName: how.fileName,
    bytes: read.file.bytes,
    format: read.file.format,
    asOf: how.asOf,
    rowsInFile: read.rowsInFile,
    rowsKept: read.columns.rows,
    rowsRejected: read.rejected,
    faceMinor: minor(faceMinor),
    findings: Object.fromEntries(read.findings.countByCode()),
    layout: read.layout,
    columns: how.columns,
    importedAt: how.importedAt,
  };
}
