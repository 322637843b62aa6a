import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import {
  boughtAccounts,
  memoryText,
  quotedPortfolio,
  type Result,
  type Setting,
  secondsOf,
  thousands,
} from "./ledger-setting.js";

/** Books a purchase of so many receivables, whose tape is imported already. */
export async function book(
  setting: Setting,
  size: { rows: number; limitOfMillion: number },
): Promise<{ portfolioId: string; results: Result[] }> {
  const { rows, limitOfMillion } = size;
  const { portfolioId, quoteId } = await quotedPortfolio(setting, rows);
  const seconds = await secondsOf(() =>
    setting.do("accept-quote", { quote_id: quoteId, closing_on: "2026-10-20", cut_off_on: "2026-10-20" }),
  );
  const limit = (limitOfMillion * rows) / 1_000_000;
  const result: Result = {
    work: `book a purchase of ${thousands(rows)} receivables, ${setting.name}`,
    target: `<= ${limitOfMillion} s a million`,
    measured: `${seconds.toFixed(1)} s (${memoryText()})`,
    ratio: `${(seconds / limit).toFixed(2)} of limit`,
  };
  return { portfolioId, results: [result] };
}

/** A file of collections, one in a hundred of which names no account of ours. */
export async function payments(setting: Setting, portfolioId: string, rows: number): Promise<Result[]> {
  const accounts = await boughtAccounts(setting, portfolioId, 300_000);
  const path = join(setting.folder, "payments.csv");
  const file = createWriteStream(path);
  file.write("account_number,amount,paid_on,external_id\n");
  for (let row = 0; row < rows; row++) {
    const account = row % 100 === 99 ? "nobody" : accounts[(row * 7919) % accounts.length]!;
    const line = `${account},${1 + (row % 90)}.${10 + (row % 90)},2026-10-20,E-${row}\n`;
    if (!file.write(line)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
  let done: { recorded: number } | undefined;
  const seconds = await secondsOf(async () => {
    done = await setting.do("record-payments", { portfolio_id: portfolioId, file: { path, name: "payments.csv" } });
  });
  const limit = (12 * rows) / 300_000;
  return [
    {
      work: `collections file of ${thousands(rows)} rows, ${setting.name}`,
      target: setting.url === undefined ? "none" : "<= 12 s per 300,000",
      measured: `${seconds.toFixed(1)} s, ${thousands(rows / seconds)} rows/s, ${thousands(done!.recorded)} posted (${memoryText()})`,
      ratio: setting.url === undefined ? "" : `${(seconds / limit).toFixed(2)} of limit`,
    },
  ];
}
