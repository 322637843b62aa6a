import type { TapeFindings } from "../../models/findings-table.js";
import type { Layout } from "../../models/tape.js";
import { type RawColumns, readColumns } from "./column-reader.js";
import { type Engine, isFaultOfFile } from "./engine.js";
import { type Relation, repairedRelation } from "./relation.js";
import type { Content, SourceFile } from "./source-file.js";
import { type ReadColumn, readStatement } from "./typing.js";

export interface Load {
  readonly engine: Engine;
  readonly source: SourceFile;
  readonly relation: Relation;
  readonly read: readonly ReadColumn[];
  readonly layout: Layout;
  readonly currency: string;
  /** an empty folder for this job alone; a repaired copy goes there */
  readonly workFolder: string;
  /** takes the rows that a repair leaves out */
  readonly findings: TapeFindings;
}

export interface Loaded {
  /** the relation that was read: the file, or its repaired copy */
  readonly relation: Relation;
  readonly raw: RawColumns;
  readonly content: Content;
}

/**
 * Reads the columns of a file, and beside it what only the whole file tells. A delimited text that turns out not to be
 * sound is repaired and read again.
 *
 * @param mayBeOther whether the file was taken for a text in UTF-8 by its first bytes alone
 * @returns null when it was, and is none
 */
export async function load(job: Load, mayBeOther: boolean): Promise<Loaded | null> {
  const { source, relation } = job;
  const isText = relation.delimiter !== null;
  const known = mayBeOther ? undefined : await source.content();
  if (!isText || (relation.isPlain && known?.isText !== false)) {
    const [raw, content] = await Promise.all([attempt(job, relation, !isText), known ?? source.content()]);
    if (mayBeOther && !content.isText) return null;
    if (raw !== null && (content.isText || !isText)) return { relation, raw, content };
  }
  const content = known ?? (await source.content());
  if (mayBeOther && !content.isText) return null;
  const repaired = await repairedRelation(relation, job.workFolder, job.findings);
  return { relation: repaired, raw: (await attempt(job, repaired, true))!, content };
}

/** Reads a relation; null when its content makes that fail, which is thrown where it `mustSucceed`. */
async function attempt(job: Load, relation: Relation, mustSucceed: boolean): Promise<RawColumns | null> {
  const { engine, read: columns, currency, layout } = job;
  const sql = readStatement({ relation: relation.sql, columns, currency, layout });
  try {
    return readColumns(columns, await engine.query(sql, [relation.path]));
  } catch (error) {
    if (mustSucceed || !isFaultOfFile(error)) throw error;
    return null;
  }
}
