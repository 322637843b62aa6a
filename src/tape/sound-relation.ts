import { TapeFindings } from "../../models/findings-table.js";
import type { Engine } from "./engine.js";
import { type Relation, repairedRelation } from "./relation.js";
import type { SourceFile } from "./source-file.js";

/** The relation itself where it can be read to its end, otherwise that of its copy without the rows that cannot. */
export async function soundRelation(
  engine: Engine,
  of: { readonly source: SourceFile; readonly relation: Relation; readonly workFolder: string },
): Promise<Relation> {
  const { source, relation, workFolder } = of;
  const isSound =
    relation.delimiter === null ||
    ((await source.content()).isText && relation.isPlain && (await counts(engine, relation)));
  return isSound ? relation : await repairedRelation(relation, workFolder, new TapeFindings());
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
