import type { Day } from "../calendar/day.js";
import { type Minor, minor } from "../money/money.js";
import { readKnownLedgers } from "./known-ledger.js";
import type { Tx } from "./transaction.js";

/** A moment of a facility's books: what was effective by a day, of the entries up to a number. */
export interface BookMoment {
  readonly asOf: string;
  readonly sequence: bigint;
  /** nothing came after it: invoices stand as they are kept */
  readonly isLatest: boolean;
}

/** The moment of a day, as far as it had been recorded by an instant; all that is recorded where none is named. */
export async function readBookMoment(
  tx: Tx,
  of: { portfolioId: string; asOf: string; knownAt?: string | undefined },
): Promise<BookMoment> {
  const { portfolioId, asOf } = of;
  const [[known], [later]] = await Promise.all([
    readKnownLedgers(tx, { portfolioId, knownAt: of.knownAt ?? "infinity" }),
    tx.query<{ is_there: boolean }>(
      "select exists (select from ledger_balance where portfolio_id = ? and effective_on > ?::date) as is_there",
      [portfolioId, asOf],
    ),
  ]);
  const isLatest = !later!.is_there && known?.sequence === known?.lastSequence;
  return { asOf, sequence: known?.sequence ?? 0n, isLatest };
}

/** What a reading needs of an invoice. */
interface Wanted<Kept extends string, Moved extends string> {
  /** what no entry changes, by the name it is wanted under, as SQL */
  readonly kept: Readonly<Record<Kept, string>>;
  readonly measures: readonly Moved[];
  /** which invoices are wanted, as SQL over measures */
  readonly where: string;
}

/**
 * The invoices that were ever bought, with their measures as they stood: those that are kept, less what came after the
 * moment. An invoice that was bought after it has zero in all of them.
 *
 * Added up and not joined: nothing tells the database how many invoices one facility has, and where it takes them for a
 * few, a join reads all movements again for each.
 */
function stood({ kept, measures }: Wanted<string, string>, { isLatest }: BookMoment): string {
  const [names, sources] = [Object.keys(kept), Object.entries(kept)];
  const bought = `select ${["invoice_no", ...sources.map(([name, sql]) => `${sql} as ${name}`), ...measures].join(", ")}
      from invoice where portfolio_id = :portfolio and purchased_on is not null`;
  if (isLatest) return bought;
  const nothing = names.map(() => "null");
  return `select invoice_no, ${[...names.map((name) => `max(${name}) as ${name}`), ...measures.map((m) => `sum(${m})::bigint as ${m}`)].join(", ")}
    from (${bought}
          union all
          select ${["invoice_no", ...nothing, ...measures.map((m) => `-${m}`)].join(", ")} from invoice_event
           where portfolio_id = :portfolio and (effective_on > cast(:asOf as date) or sequence > :sequence)) side group by 1`;
}

type Columns<Kept extends string, Moved extends string> = Readonly<
  Record<Kept, (string | number | null)[]> & Record<Moved, string[]>
>;

/**
 * The same as columns, in the order of the invoices' numbers. Each comes as one JSON array: a hundred thousand rows cost
 * a driver four times what these cost to write and to read. Measures are texts, for they may be too long for a double.
 */
async function columnsStood<Kept extends string, Moved extends string>(
  tx: Tx,
  portfolioId: string,
  { moment, wanted }: { moment: BookMoment; wanted: Wanted<Kept, Moved> },
): Promise<Columns<Kept, Moved>> {
  const agg = (name: string, type = "") => `coalesce(json_agg(${name}${type}), '[]') as ${name}`;
  const columns = [
    ...Object.keys(wanted.kept).map((name) => agg(name)),
    ...wanted.measures.map((m) => agg(m, "::text")),
  ];
  const [row] = await tx.query<Columns<Kept, Moved>>(
    `select ${columns.join(", ")}
       from (select * from (${stood(wanted, moment)}) s where ${wanted.where} order by invoice_no) o`,
    { portfolio: portfolioId, ...(moment.isLatest ? {} : { asOf: moment.asOf, sequence: moment.sequence }) },
  );
  return row!;
}

const dayNumber = (column: string) => `${column} - date '1970-01-01'`;

/** An open invoice as far as age and eligibility go. */
export interface OpenInvoice {
  readonly invoiceNo: number;
  readonly debtorId: string;
  readonly issuedOn: Day;
  readonly dueOn: Day;
  readonly openMinor: Minor;
  readonly employedMinor: Minor;
  readonly hasPurchaseOrder: boolean;
  readonly hasProofOfDelivery: boolean;
  readonly country: string | null;
  readonly debtorType: string | null;
  readonly disputed: boolean;
  /** how much of it is, where it is disputed; null: all of it */
  readonly disputedMinor: Minor | null;
  readonly verified: boolean;
}

const openWanted = {
  kept: {
    number: "invoice_no",
    debtor_id: "debtor_id",
    issued_on: dayNumber("invoice_on"),
    due_on: dayNumber("due_on"),
    has_order: "(purchase_order is not null)::integer",
    has_proof: "has_proof::integer",
    country: "country",
    debtor_type: "debtor_type",
    disputed: "disputed::integer",
    disputed_minor: "disputed_minor::text",
    verified: "verified::integer",
  },
  measures: ["open_minor", "employed_minor"],
  where: "open_minor > 0",
} as const;

/** The invoices that were open, in the order of their numbers. */
export async function readOpenInvoices(tx: Tx, portfolioId: string, moment: BookMoment): Promise<OpenInvoice[]> {
  const columns = await columnsStood(tx, portfolioId, { moment, wanted: openWanted });
  const amount = (text: string | number | null) => (text === null ? null : minor(BigInt(text)));
  return columns.debtor_id.map((debtorId, i) => ({
    invoiceNo: columns.number[i] as number,
    debtorId: debtorId as string,
    issuedOn: columns.issued_on[i] as Day,
    dueOn: columns.due_on[i] as Day,
    openMinor: minor(BigInt(columns.open_minor[i]!)),
    employedMinor: minor(BigInt(columns.employed_minor[i]!)),
    hasPurchaseOrder: columns.has_order[i] === 1,
    hasProofOfDelivery: columns.has_proof[i] === 1,
    country: columns.country[i] as string | null,
    debtorType: columns.debtor_type[i] as string | null,
    disputed: columns.disputed[i] === 1,
    disputedMinor: amount(columns.disputed_minor[i]!),
    verified: columns.verified[i] === 1,
  }));
}

/** What was open, held back and employed of an invoice. */
export interface HeldInvoice {
  readonly invoiceNo: number;
  readonly openMinor: bigint;
  readonly reserveMinor: bigint;
  readonly employedMinor: bigint;
}

const heldWanted = {
  kept: { number: "invoice_no" },
  measures: ["open_minor", "reserve_minor", "employed_minor"],
  where: "open_minor <> 0 or reserve_minor <> 0",
} as const;

/** The invoices of which something was open or held, in the order of their numbers. */
export async function readHeldInvoices(tx: Tx, portfolioId: string, moment: BookMoment): Promise<HeldInvoice[]> {
  const columns = await columnsStood(tx, portfolioId, { moment, wanted: heldWanted });
  return columns.number.map((invoiceNo, i) => ({
    invoiceNo: invoiceNo as number,
    openMinor: BigInt(columns.open_minor[i]!),
    reserveMinor: BigInt(columns.reserve_minor[i]!),
    employedMinor: BigInt(columns.employed_minor[i]!),
  }));
}
