import { TapeFindings } from "../../models/findings-table.js";
import { type CanonicalColumn, canonicalKinds, type Layout } from "../../models/tape.js";
import { Engine } from "./engine.js";
import { guessLayout } from "./layout.js";
import { relationOf, repairedRelation } from "./relation.js";
import { openSource } from "./source-file.js";
import { sheetToText } from "./spreadsheet.js";

export type PersonColumn = "debtor_name" | "debtor_id" | "phone" | "email";

/** Some rows of a file with what they tell of people; for the vault and for nothing else. */
export interface PersonBatch {
  /** number in the file of each row, as in `TapeColumns.rowNumbers` */
  readonly rowNumbers: Int32Array;
  /** the personal columns that the file has; null where blank */
  readonly columns: ReadonlyMap<PersonColumn, readonly (string | null)[]>;
}

export interface PersonOptions {
  readonly workFolder: string;
  /** the layout that the tape was read with, so that both read the same columns */
  readonly layout: Layout;
  /** rows a batch, 16,384 when left out */
  readonly batchRows?: number;
}

/**
 * Reads the personal columns of a tape in batches, in file order, one batch in memory at a time. Rows that a tape
 * rejects for their values are among them: the caller keeps those whose number it kept. A file without personal
 * columns gives no batch.
 */
export async function* readPersons(path: string, options: PersonOptions): AsyncGenerator<PersonBatch> {
  const { workFolder, layout, batchRows = 16_384 } = options;
  const source = await openSource(path, { workFolder, layout });
  const text = source.format === "xlsx" ? await sheetToText(source.path, workFolder, layout.sheet) : source.path;
  const engine = await Engine.open({ file: text, workFolder });
  try {
    let relation = await relationOf(engine, { ...source, path: text }, layout);
    const { positions } = guessLayout(relation.header, relation.sampleRows, layout);
    const read = [...positions].filter(([name]) => canonicalKinds[name] === "person");
    if (read.length === 0) return;
    const isSound =
      relation.delimiter === null ||
      ((await source.content()).isText && relation.isPlain && (await counts(engine, relation)));
    if (!isSound) relation = await repairedRelation(relation, workFolder, new TapeFindings());
    const sql = `SELECT ${read.map(([, at]) => `nullif(trim(c${at}), '')`).join(", ")} FROM ${relation.sql}`;
    const batch = new Batch(read.map(([name]) => name));
    let row = 0;
    const { chunks } = await engine.query(sql, [relation.path]);
    for (const chunk of chunks) {
      for (let i = 0; i < chunk.rowCount; i++) {
        batch.add(relation.rowNumbers === null ? row + 1 : relation.rowNumbers[row]!, chunk.getRowValues(i));
        row++;
        if (batch.size === batchRows) yield batch.drain();
      }
    }
    if (batch.size > 0) yield batch.drain();
  } finally {
    engine.close();
  }
}

/** Whether the text can be read to its end as it stands. */
async function counts(engine: Engine, relation: { sql: string; path: string }): Promise<boolean> {
  try {
    await engine.rows(`SELECT count(*) FROM (SELECT * FROM ${relation.sql}) WHERE c0 IS NOT NULL`, [relation.path]);
    return true;
  } catch (error) {
    if (error instanceof Error && /^(?:Invalid Input|Conversion) Error/.test(error.message)) return false;
    throw error;
  }
}

class Batch {
  readonly #names: readonly CanonicalColumn[];
  #rows: number[] = [];
  #texts: (string | null)[][];

  constructor(names: readonly CanonicalColumn[]) {
    this.#names = names;
    this.#texts = names.map(() => []);
  }

  get size(): number {
    return this.#rows.length;
  }

  add(row: number, values: readonly unknown[]): void {
    this.#rows.push(row);
    this.#texts.forEach((texts, at) => {
      texts.push((values[at] ?? null) as string | null);
    });
  }

  drain(): PersonBatch {
    const columns = new Map(this.#names.map((name, at) => [name as PersonColumn, this.#texts[at]!]));
    const batch = { rowNumbers: Int32Array.from(this.#rows), columns };
    this.#rows = [];
    this.#texts = this.#names.map(() => []);
    return batch;
  }
}
