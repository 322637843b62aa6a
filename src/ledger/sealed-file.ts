import { createHash, type Hash } from "node:crypto";
import type { SealedRecord } from "../../models/sealed-file.js";
import { type OpenRange, openRanges } from "./month-ranges.js";
import { blockOf, databaseInstant, eventHash, type FieldValue, rowText } from "./seal.js";
import {
  type FoundBlock,
  faultsOfBlocks,
  faultsOfChain,
  faultsOfEvents,
  faultsOfNames,
  type KeptEvent,
  type KeptSeal,
  type SealFault,
} from "./seal-check.js";

type Row = readonly [part: string, ...values: unknown[]];
type RecordOf<Name extends SealedRecord["record"]> = Extract<SealedRecord, { record: Name }>;

interface Columns {
  readonly names: readonly string[];
  readonly sequence: number;
  readonly effectiveOn: number;
  readonly recordedAt: number;
}

/** A block of one month of which rows are still coming. */
interface OpenBlock {
  readonly hash: Hash;
  rows: number;
}

const enough = 1000;

/**
 * Checks a sealed file, a record at a time, and forgets each when it has been hashed: memory holds the seals, the events and
 * a digest a block.
 */
export class SealedFileChecker {
  readonly faults: SealFault[] = [];
  readonly counts = { portfolios: 0, entries: 0, postings: 0 };
  #head: RecordOf<"file"> | undefined;
  #columns: Readonly<Record<string, Columns>> = {};
  readonly #events: KeptEvent[] = [];
  readonly #seals = new Map<string, KeptSeal[]>();
  #portfolioId: string | undefined;
  #ranges: Map<string, OpenRange[]> | undefined;
  /** by month and block */
  #found = new Map<string, FoundBlock>();
  #open = new Map<string, OpenBlock>();
  #openPart = "";
  #lastPlace: readonly [part: string, sequence: bigint] = ["", 0n];
  #ended = false;

  get tenantId(): string | null {
    return this.#head?.tenant_id ?? null;
  }

  get events(): readonly KeptEvent[] {
    return this.#events;
  }

  get seals(): ReadonlyMap<string, readonly KeptSeal[]> {
    return this.#seals;
  }

  /** One record of the file, at a line. */
  record(record: SealedRecord, line: number): void {
    if (this.#ended) {
      this.#fault(line, "the end of the file", record.record);
      return;
    }
    if (this.#head === undefined && record.record !== "file") {
      this.#fault(line, "what the file is", record.record);
      return;
    }
    switch (record.record) {
      case "file":
        this.#head = record;
        this.#columns = { entry: columnsOf(record.entry_columns), posting: columnsOf(record.posting_columns) };
        return;
      case "event":
        this.#events.push(eventOf(record));
        return;
      case "portfolio":
        this.#endPortfolio();
        this.#portfolioId = record.portfolio_id;
        this.#seals.set(record.portfolio_id, []);
        this.counts.portfolios++;
        return;
      case "seal": {
        const seals = this.#seals.get(record.portfolio_id);
        if (record.portfolio_id === this.#portfolioId && seals !== undefined) seals.push(sealOf(record));
        else this.#fault(line, `a seal of ${this.#portfolioId ?? "no portfolio"}`, `one of ${record.portfolio_id}`);
        return;
      }
      default:
        this.#endPortfolio();
        this.#ended = true;
    }
  }

  /** One entry or posting. */
  row(row: Row, line: number): void {
    const [part, ...values] = row;
    const columns = this.#columns[part];
    if (columns === undefined || this.#portfolioId === undefined || values.length !== columns.names.length) {
      this.#fault(line, "an entry or posting of a portfolio", String(part));
      return;
    }
    const sequenceText = values[columns.sequence];
    const day = values[columns.effectiveOn];
    if (!/^\d{1,19}$/.test(String(sequenceText)) || !/^\d{4}-\d{2}-\d{2}$/.test(String(day))) {
      this.#fault(line, "a number and a day", `${String(sequenceText)} and ${String(day)}`);
      return;
    }
    const sequence = BigInt(String(sequenceText));
    this.counts[part === "entry" ? "entries" : "postings"]++;
    this.#inOrder(part, sequence, line);
    if (part === "entry") this.#inRange(sequence, String(day));
    const text = rowText(
      values.map((value, i) =>
        part === "entry" && i === columns.recordedAt ? databaseInstant(String(value)) : (value as FieldValue),
      ),
    );
    this.#add(part, { month: String(day).slice(0, 7), sequence, text });
  }

  /** What is wrong with the file, after its last line. */
  finish(lines: number): readonly SealFault[] {
    if (!this.#ended) this.#fault(lines, "the end of the file", "a file that breaks off");
    if (this.#head === undefined) return this.faults;
    this.faults.push(...faultsOfEvents(this.#head.tenant_id, this.#events));
    const sound = this.#soundEvents();
    this.faults.push(...faultsOfNames(sound, this.#seals));
    if (this.#head.portfolio_id === null) this.#allThere(sound);
    return this.faults;
  }

  #fault(line: number, expected: string, found: string): void {
    if (this.faults.length >= enough) return;
    this.faults.push({ check: "file", portfolioId: this.#portfolioId ?? null, place: `line ${line}`, expected, found });
  }

  #soundEvents(): KeptEvent[] {
    const tenantId = this.#head!.tenant_id;
    return this.#events.filter((event) => eventHash(tenantId, event) === event.hash);
  }

  #inOrder(part: string, sequence: bigint, line: number): void {
    const [lastPart, last] = this.#lastPlace;
    const ordered = part === lastPart ? (part === "entry" ? sequence > last : sequence >= last) : true;
    if (!ordered) this.#fault(line, `a number after ${last}`, String(sequence));
    if (part !== lastPart) this.#closeBlocks();
    else if (blockOf(sequence) !== blockOf(last)) this.#closeBlocks();
    this.#openPart = part;
    this.#lastPlace = [part, sequence];
  }

  #inRange(sequence: bigint, day: string): void {
    this.#ranges ??= this.#rangesOf();
    const ranges = this.#ranges.get(day.slice(0, 7));
    if (ranges === undefined || ranges.some(({ after, through }) => sequence > after && sequence <= through)) return;
    if (this.faults.length >= enough) return;
    this.faults.push({
      check: "period",
      portfolioId: this.#portfolioId!,
      place: `entry ${sequence}`,
      expected: `no entry of ${day.slice(0, 7)} recorded after its close`,
      found: `an entry of ${day}`,
    });
  }

  #rangesOf(): Map<string, OpenRange[]> {
    const seals = this.#seals.get(this.#portfolioId!) ?? [];
    const ranges = new Map<string, OpenRange[]>();
    for (const range of openRanges(this.#portfolioId!, this.#soundEvents(), seals, 1n << 62n)) {
      ranges.set(range.month, [...(ranges.get(range.month) ?? []), range]);
    }
    return ranges;
  }

  #add(part: string, { month, sequence, text }: { month: string; sequence: bigint; text: string }): void {
    const key = `${month} ${blockOf(sequence)}`;
    let open = this.#open.get(key);
    if (open === undefined) {
      open = { hash: createHash("sha256"), rows: 0 };
      this.#open.set(key, open);
    }
    open.hash.update(open.rows === 0 ? text : `\n${text}`);
    open.rows++;
    const before = this.#found.get(key);
    const block = before ?? {
      block: blockOf(sequence),
      month,
      entries: 0,
      postings: 0,
      entryDigest: "",
      postingDigest: "",
      lastSequence: 0n,
    };
    if (before === undefined || sequence > before.lastSequence)
      this.#found.set(key, { ...block, lastSequence: sequence });
    this.#openPart = part;
  }

  #closeBlocks(): void {
    for (const [key, { hash, rows }] of this.#open) {
      const digest = hash.digest("hex");
      const counted =
        this.#openPart === "entry" ? { entries: rows, entryDigest: digest } : { postings: rows, postingDigest: digest };
      this.#found.set(key, { ...this.#found.get(key)!, ...counted });
    }
    this.#open.clear();
  }

  #endPortfolio(): void {
    if (this.#portfolioId === undefined) return;
    this.#closeBlocks();
    const seals = this.#seals.get(this.#portfolioId)!;
    this.faults.push(...faultsOfChain(this.#portfolioId, seals));
    const everything = { first: 0n, last: 1n << 62n };
    this.faults.push(...faultsOfBlocks(seals, [...this.#found.values()], everything));
    this.#found = new Map();
    this.#ranges = undefined;
    this.#lastPlace = ["", 0n];
    this.#portfolioId = undefined;
  }

  /** A file of all portfolios has every one that a close names. */
  #allThere(events: readonly KeptEvent[]): void {
    const missing = new Set<string>();
    for (const { event, details } of events) {
      if (event !== "closed") continue;
      for (const [id] of (JSON.parse(details) as { seals: [string, string][] }).seals)
        if (!this.#seals.has(id)) missing.add(id);
    }
    for (const portfolioId of missing)
      this.faults.push({ check: "sealed", portfolioId, place: "the file", expected: "the portfolio", found: "none" });
  }
}

function columnsOf(names: readonly string[]): Columns {
  const at = (name: string) => names.indexOf(name);
  return { names, sequence: at("sequence"), effectiveOn: at("effective_on"), recordedAt: at("recorded_at") };
}

function eventOf(record: RecordOf<"event">): KeptEvent {
  return {
    eventNo: record.event_no,
    event: record.event,
    month: record.month,
    version: record.version,
    actor: record.actor,
    reason: record.reason,
    recordedAt: record.recorded_at,
    details: record.details,
    previousHash: record.previous_hash,
    hash: record.hash,
  };
}

function sealOf(record: RecordOf<"seal">): KeptSeal {
  return {
    portfolioId: record.portfolio_id,
    sealNo: record.seal_no,
    month: record.month,
    version: record.version,
    throughSequence: BigInt(record.through_sequence),
    blocks: record.blocks.map(([block, entries, postings, entryDigest, postingDigest]) => ({
      block: BigInt(block),
      entries,
      postings,
      entryDigest,
      postingDigest,
    })),
    previousHash: record.previous_hash,
    hash: record.hash,
  };
}
