import { dirname } from "node:path";
import { Engine, sqlText } from "./engine.js";

export interface ParquetColumn {
  readonly key: string;
  readonly sqlType: string;
}

/**
 * Turns a CSV of our own (a header, fields as `columns` says, empty for none) into a Parquet file beside it, in the
 * order of its rows. It is streamed from file to file within the bounds of the engine.
 */
export async function writeParquet(
  csvPath: string,
  parquetPath: string,
  columns: readonly ParquetColumn[],
): Promise<void> {
  const engine = await Engine.open({ file: csvPath, workFolder: dirname(parquetPath) });
  try {
    const types = columns.map(({ key, sqlType }) => `'${key}': '${sqlType}'`).join(", ");
    await engine.run(
      `COPY (SELECT * FROM read_csv(${sqlText(csvPath)}, header = true, delim = ',', quote = '"', escape = '"',
               auto_detect = false, nullstr = '', parallel = false, columns = {${types}}))
         TO ${sqlText(parquetPath)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    engine.close();
  }
}
