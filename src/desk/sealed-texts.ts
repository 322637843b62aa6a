import { createHash } from "node:crypto";
import { type SealedRecord, sealedFormat } from "../../models/sealed-file.js";
import { parsePeriod } from "../calendar/day.js";
import { daysOf } from "../ledger/period.js";
import { readPeriodEvents } from "../store/period.js";
import {
  readSeals,
  type StoredSeal,
  sealedEntryColumns,
  sealedPostingColumns,
  streamSealedRows,
} from "../store/seal.js";
import type { Context } from "./desk.js";

interface Ledger {
  readonly portfolioId: string;
  readonly currency: string;
}

/** The lines of a sealed file (models/sealed-file.ts), a batch of rows at a time. */
export async function* sealedTexts(
  context: Context,
  of: { portfolioId: string | undefined; ledgers: readonly Ledger[] },
  counts: { entries: number; postings: number },
): AsyncGenerator<string> {
  const hash = createHash("sha256");
  let lines = 0;
  for await (const batch of linesOf(context, of, counts)) {
    const text = batch.map((line) => `${JSON.stringify(line)}\n`).join("");
    hash.update(text);
    lines += batch.length;
    yield text;
  }
  yield `${JSON.stringify({ record: "end", lines, sha256: hash.digest("hex") } satisfies SealedRecord)}\n`;
}

type Line = SealedRecord | readonly (string | number | null)[];

async function* linesOf(
  { tx, report }: Context,
  { portfolioId: only, ledgers }: { portfolioId: string | undefined; ledgers: readonly Ledger[] },
  counts: { entries: number; postings: number },
): AsyncGenerator<readonly Line[]> {
  yield [
    {
      record: "file",
      format: sealedFormat,
      tenant_id: tx.tenantId,
      portfolio_id: only ?? null,
      entry_columns: [...sealedEntryColumns],
      posting_columns: [...sealedPostingColumns],
    },
  ];
  yield (await readPeriodEvents(tx, { withDetails: true })).map((event) => ({
    record: "event" as const,
    event_no: event.eventNo,
    event: event.event,
    month: event.month,
    version: event.version,
    actor: event.actor,
    reason: event.reason,
    recorded_at: event.recordedAt,
    details: event.details,
    previous_hash: event.previousHash,
    hash: event.hash,
  }));
  for (const { portfolioId, currency } of ledgers) {
    const seals = await readSeals(tx, portfolioId);
    yield [{ record: "portfolio", portfolio_id: portfolioId, currency }, ...seals.map(sealLine)];
    if (seals.length === 0) continue;
    const lastMonth = seals.reduce((most, { month }) => (month > most ? month : most), "");
    const { to } = daysOf(parsePeriod(lastMonth));
    for (const part of ["entry", "posting"] as const) {
      for await (const rows of streamSealedRows(tx, { portfolioId, part, to })) {
        counts[part === "entry" ? "entries" : "postings"] += rows.length;
        report({ phase: "write sealed months", done: counts.entries + counts.postings, total: null });
        yield rows.map((row) => [part, ...row]);
      }
    }
  }
}

function sealLine(seal: StoredSeal): Line {
  return {
    record: "seal",
    portfolio_id: seal.portfolioId,
    seal_no: seal.sealNo,
    month: seal.month,
    version: seal.version,
    through_sequence: String(seal.throughSequence),
    blocks: seal.blocks.map((b) => [String(b.block), b.entries, b.postings, b.entryDigest, b.postingDigest]),
    previous_hash: seal.previousHash,
    hash: seal.hash,
  };
}
