import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { parseDay } from "../src/calendar/day.js";
import { fitPayment } from "../src/payment/fit.js";
import { scorePayment } from "../src/payment/score.js";
import { writeWithColumns } from "../src/tape/added-columns.js";
import { type InvoiceFile, readInvoices } from "../src/tape/invoices.js";
import { writeBenchInvoices } from "./invoice-file.js";

const asOf = parseDay("2025-12-31");

async function timed<T>(work: () => T | Promise<T>): Promise<{ result: T; seconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000 };
}

/** Fits payment behaviour on 100,000 invoices of 25 columns, and scores a million beside DuckDB's load of their file. */
export async function benchPayment(fitRows = 100_000, scoreRows = 1_000_000): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "netback-bench-"));
  const line = (name: string, seconds: number, note = "") =>
    process.stdout.write(`  ${name.padEnd(34)}${seconds.toFixed(2).padStart(6)} s  ${note}\n`);
  let jobs = 0;
  const read = async (path: string): Promise<InvoiceFile> => {
    const workFolder = join(folder, `job-${jobs++}`);
    await mkdir(workFolder);
    return await readInvoices(path, { workFolder });
  };
  try {
    const [history, offered] = [join(folder, "history.csv"), join(folder, "offered.csv")];
    await writeBenchInvoices(history, fitRows, 5000);
    await writeBenchInvoices(offered, scoreRows, 20_000);
    process.stdout.write(`payment behaviour, 25 columns\n`);
    const { columns, findings, file } = await read(history);
    const order = { columns, findings, asOf, file: { name: "history.csv", sha256: file.sha256 } };
    const fit = await timed(() => fitPayment(order));
    line(`fit ${fitRows} rows, 3 folds`, fit.seconds, "(10 is the aim)");
    const peer = await timed(async () => {
      const connection = await (await DuckDBInstance.create(":memory:")).connect();
      await connection.run("CREATE TABLE invoices AS SELECT * FROM read_csv($1)", [offered]);
    });
    const load = await timed(() => read(offered));
    const score = await timed(() => {
      const { columns, findings } = load.result;
      return scorePayment({ card: fit.result, columns, findings });
    });
    line(`load ${scoreRows} rows`, load.seconds, `${(load.seconds / peer.seconds).toFixed(1)} times DuckDB's own load`);
    line(`score ${scoreRows} rows, with reasons`, score.seconds, "beyond the load (3 is the aim)");
    for (const ending of ["csv", "parquet"]) {
      const workFolder = join(folder, ending);
      await mkdir(workFolder);
      const { expected, reasons } = score.result;
      const write = await timed(() =>
        writeWithColumns(offered, {
          layout: load.result.layout,
          isRepaired: load.result.isRepaired,
          workFolder,
          out: join(folder, `scored.${ending}`),
          rowNumbers: load.result.columns.rowNumbers,
          numbers: [{ name: "probability_late", values: expected.probabilityLate, decimals: 6 }],
          words: reasons.words,
          texts: [{ name: "reason_1", codes: reasons.first }],
        }),
      );
      line(`write it again as ${ending}`, write.seconds);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
