import { type CodeColumn, missing, type TapeColumn } from "../../models/tape.js";
import { type Engine, vectorItems } from "./engine.js";
import { type ReadColumn, typedName } from "./typing.js";

function arrayOf(kind: ReadColumn["kind"], rows: number): BigInt64Array | Int32Array | Float64Array {
  if (kind === "money") return new BigInt64Array(rows);
  return kind === "number" ? new Float64Array(rows) : new Int32Array(rows);
}

/** Copies numeric columns of the table `tape` into typed arrays, which hold no NULL. */
async function fetchArrays(
  engine: Engine,
  columns: readonly { sql: string; kind: ReadColumn["kind"] }[],
  rows: number,
): Promise<(BigInt64Array | Int32Array | Float64Array)[]> {
  const arrays = columns.map((column) => arrayOf(column.kind, rows));
  if (columns.length === 0) return arrays;
  let at = 0;
  for await (const chunk of engine.chunks(`SELECT ${columns.map((column) => column.sql).join(", ")} FROM tape`)) {
    arrays.forEach((array, index) => {
      (array as Int32Array).set(vectorItems(chunk, index) as Int32Array, at);
    });
    at += chunk.rowCount;
  }
  if (at !== rows) throw new Error(`the table has ${rows} rows and gave ${at}`);
  return arrays;
}

export async function fetchNumbers(
  engine: Engine,
  columns: readonly ReadColumn[],
  rows: number,
): Promise<Map<string, TapeColumn>> {
  const asked = columns.map((column) => ({ sql: typedName(column), kind: column.kind }));
  const arrays = await fetchArrays(engine, asked, rows);
  return new Map(
    columns.map((column, index) => [column.name, { kind: column.kind, values: arrays[index]! } as TapeColumn]),
  );
}

/**
 * Columns of codes: DuckDB builds the dictionary (an ENUM of the distinct texts, sorted) and gives back the numbers,
 * so that only the distinct texts become JavaScript strings.
 */
export async function fetchCodes(
  engine: Engine,
  columns: readonly ReadColumn[],
  rows: number,
): Promise<Map<string, CodeColumn>> {
  const labels: string[][] = [];
  const asked: { sql: string; kind: ReadColumn["kind"] }[] = [];
  for (const column of columns) {
    const name = typedName(column);
    await engine.run(
      `CREATE TYPE e_${name} AS ENUM (SELECT DISTINCT ${name} FROM tape WHERE ${name} IS NOT NULL ORDER BY 1)`,
    );
    const texts = await engine.rows(`SELECT unnest(enum_range(NULL::e_${name}))::VARCHAR`);
    labels.push(texts.map((row) => String(row[0])));
    const code = texts.length === 0 ? "NULL" : `enum_code(CAST(${name} AS e_${name}))`;
    asked.push({ sql: `coalesce(CAST(${code} AS INTEGER), ${missing.code})`, kind: "code" });
  }
  const arrays = await fetchArrays(engine, asked, rows);
  return new Map(
    columns.map((column, index) => [
      column.name,
      { kind: "code", values: arrays[index] as Int32Array, labels: labels[index]! },
    ]),
  );
}

/** A column of texts as strings; a row without one gets "". */
export async function fetchTexts(engine: Engine, column: ReadColumn): Promise<string[]> {
  const texts: string[] = [];
  for await (const chunk of engine.chunks(`SELECT coalesce(${typedName(column)}, '') FROM tape`)) {
    const vector = chunk.getColumnVector(0);
    for (let i = 0; i < chunk.rowCount; i++) texts.push(String(vector.getItem(i)));
  }
  return texts;
}
