import { copyFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { TapeFindings } from "../../models/findings-table.js";
import { Refusal } from "../../models/refusal.js";
import type { Layout } from "../../models/tape.js";
import { type AddedTable, Engine, refusalOf, sqlText } from "./engine.js";
import { type Relation, relationOf, repairedRelation } from "./relation.js";
import { openSource, type SourceFile } from "./source-file.js";
import { textOf } from "./tape.js";

export interface AddedNumbers {
  readonly name: string;
  /** by kept row; NaN is written as nothing */
  readonly values: Float64Array;
  readonly decimals: number;
}

export interface AddedWords {
  readonly name: string;
  /** by kept row, an index into the words of the order; the empty word is written as nothing */
  readonly codes: Int32Array;
}

export interface AddOrder {
  /** the layout that the file was read with */
  readonly layout: Layout;
  /** whether reading it took a repair */
  readonly isRepaired: boolean;
  /** an empty folder for this job alone */
  readonly workFolder: string;
  /** where to: a name that ends in .csv or .parquet */
  readonly out: string;
  /** the rows to write, by their number in the file, rising; what was rejected is not among them */
  readonly rowNumbers: Int32Array;
  readonly numbers: readonly AddedNumbers[];
  readonly words: readonly string[];
  readonly texts: readonly AddedWords[];
}

/** Throws `file_unsupported` unless the name is that of a file that can be written: for asking before the work. */
export function assertWritable(out: string): void {
  const ending = extname(out).toLowerCase();
  if (ending === ".csv" || ending === ".parquet") return;
  throw new Refusal("file_unsupported", `"${out.slice(-60)}": the answer is written as .csv or .parquet`);
}

/**
 * Writes a file again with further columns at its end: every kept row as it stands in the file, texts unchanged, in the
 * order of the file. A column of the file that has the name of a further one is replaced by it.
 *
 * @throws file_unsupported, and what opening the file throws
 */
export async function writeWithColumns(path: string, order: AddOrder): Promise<void> {
  assertWritable(order.out);
  const { layout, workFolder } = order;
  // Read before: what only the whole file tells is known, so that the head of a sound text in UTF-8 can be trusted.
  const isKnown = layout.encoding === "utf-8" && !order.isRepaired;
  const source = await openSource(path, { workFolder, layout, trustHead: isKnown });
  const text = source.format === "xlsx" ? await textOf(source, { workFolder, layout }) : source.path;
  const engine = await Engine.open({ file: text, workFolder });
  try {
    await writeFrom(engine, { ...source, path: text }, order);
  } catch (error) {
    throw refusalOf(error, source.name) ?? error;
  } finally {
    engine.close();
  }
}

async function writeFrom(engine: Engine, source: SourceFile, order: AddOrder): Promise<void> {
  const opened = await relationOf(engine, source, order.layout);
  const relation = order.isRepaired ? await repairedRelation(opened, order.workFolder, new TapeFindings()) : opened;
  await engine.appendTable("added", tableOf(relation, order));
  const added = [...order.numbers.map(({ name }) => name), ...order.texts.map(({ name }) => name)];
  const replaced = new Set(added.map((name) => name.toLowerCase()));
  const own = relation.header.flatMap((header, at) => {
    const name = header.trim();
    return name === "" || replaced.has(name.toLowerCase()) ? [] : [`f.c${at} AS ${identifier(name)}`];
  });
  const figures = order.numbers.map(({ name, decimals }, at) => {
    return `CASE WHEN isnan(a.n${at}) THEN NULL ELSE round(a.n${at}, ${decimals}) END AS ${identifier(name)}`;
  });
  const words = order.texts.map(({ name }, at) => `nullif(CAST(a.w${at} AS VARCHAR), '') AS ${identifier(name)}`);
  const select = `SELECT ${[...own, ...figures, ...words].join(", ")}
    FROM (SELECT * FROM ${relation.sqlOn(sqlText(relation.path))}) f POSITIONAL JOIN added a WHERE a.kept = 1`;
  const ending = extname(order.out).toLowerCase();
  const target = join(order.workFolder, `added${ending}`);
  const format = ending === ".csv" ? "FORMAT csv, HEADER true" : "FORMAT parquet, COMPRESSION zstd";
  await engine.run(`COPY (${select}) TO ${sqlText(target)} (${format})`);
  await copyFile(target, order.out);
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The further columns by row of the relation, of which some rows are not kept. */
function tableOf(relation: Relation, order: AddOrder): AddedTable {
  const { rowNumbers, numbers, texts, words } = order;
  const last = rowNumbers[rowNumbers.length - 1] ?? 0;
  const rows = relation.rowNumbers?.length ?? last;
  const places = new Int32Array(rowNumbers.length);
  const kept = new Float64Array(rows);
  let at = 0;
  for (let k = 0; k < rowNumbers.length; k++) {
    if (relation.rowNumbers === null) at = rowNumbers[k]! - 1;
    else while (relation.rowNumbers[at] !== rowNumbers[k]) at++;
    places[k] = at;
    kept[at] = 1;
  }
  const spread = <A extends Float64Array | Int32Array>(values: A, into: A): A => {
    for (let k = 0; k < places.length; k++) into[places[k]!] = values[k]!;
    return into;
  };
  return {
    rows,
    numbers: new Map([
      ["kept", kept],
      ...numbers.map(({ values }, k) => [`n${k}`, spread(values, new Float64Array(rows))] as const),
    ]),
    words,
    codes: new Map(texts.map(({ codes }, k) => [`w${k}`, spread(codes, new Int32Array(rows))])),
  };
}
