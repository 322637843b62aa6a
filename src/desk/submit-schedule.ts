import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import type { ActParsed } from "../../models/acts.js";
import { finding } from "../../models/finding.js";
import { invoiceIdentity, usualTermsDays } from "../../models/invoice.js";
import type { findingDocument } from "../../models/portfolio.js";
import { Refusal } from "../../models/refusal.js";
import type { StatedInvoice } from "../../models/schedule.js";
import { missing } from "../../models/tape.js";
import { addDays, type Day, formatDay } from "../calendar/day.js";
import { formatMinor, type Minor, parseMinor, sumMinor } from "../money/money.js";
import { assignInvoices } from "../store/assignment.js";
import { insertDisputes } from "../store/dispute.js";
import { type Facility, findFacility, readDebtors, takeNumbers } from "../store/facility.js";
import { insertInvoices, type NewInvoice } from "../store/invoice.js";
import { findSchedule, insertSchedule, scheduleDocumentOf } from "../store/schedule.js";
import { amountFault } from "../tape/amount-fault.js";
import type { InvoiceFile } from "../tape/invoices.js";
import { implement, implementPrepared } from "./act.js";
import { scopeOf } from "./call-context.js";
import { keepNamings, sellerKey } from "./debtor-naming.js";
import type { Call, Context, Desk } from "./desk.js";
import { assertGoesOn, facilityPortfolio } from "./facility-book.js";
import { disputedPart, isFarDay } from "./factoring-offer.js";

type Input = ActParsed<"submit-schedule">;
type FindingDocument = z.infer<typeof findingDocument>;

/** An invoice that can be taken in, with the row that it stands on. */
interface Candidate extends Omit<NewInvoice, "invoiceNo" | "scheduleNo"> {
  readonly row: number;
  /** how much of it is disputed; null: all of it where it is */
  readonly disputedMinor: bigint | null;
  readonly debtorName: string | null;
  readonly customerNumber: string | null;
}

interface Gathered {
  readonly candidates: readonly Candidate[];
  readonly findings: readonly FindingDocument[];
  readonly sha256: string | null;
}

const shownFindings = 1000;

/**
 * Takes a schedule of invoices in. What is wrong with a row is a finding, and rows that cannot be bought are left out: due
 * before the invoice's day, zero or negative, in another currency, standing twice, or standing in a live
 * assignment already, whoever holds it. A schedule of which nothing is left is refused (`rows_refused`), and so is any of a
 * facility that has ended (`facility_ended`).
 */
export const submitSchedule = implement("submit-schedule", async (context, input) => {
  const facility = await findFacility(context.tx, facilityPortfolio(input.facility_id));
  return takeIn(context, facility, { given: fromRows(input, facility.currency), externalId: input.external_id });
});

/** The same of a file, which is read before the transaction, and refused as `readInvoices` refuses it. */
export const importSchedule = implementPrepared("import-schedule", {
  prepare: readGiven,
  async run(context, input, { file }) {
    const facility = await findFacility(context.tx, facilityPortfolio(input.facility_id));
    return takeIn(context, facility, { given: fromFile(file, facility.currency), externalId: input.external_id });
  },
});

async function readGiven(desk: Desk, input: ActParsed<"import-schedule">, call: Call): Promise<{ file: InvoiceFile }> {
  const portfolioId = facilityPortfolio(input.facility_id);
  const { currency } = await desk.store.transaction(scopeOf(call), (tx) => findFacility(tx, portfolioId), {
    readOnly: true,
  });
  const folder = await mkdtemp(join(desk.workFolder, "invoices-"));
  try {
    const file = await desk.readers.invoices(input.file.path, {
      currency,
      workFolder: folder,
      ...(input.layout === undefined ? {} : { layout: input.layout }),
      ...(input.expect_rows === undefined ? {} : { expectRows: input.expect_rows }),
      ...(input.expect_face === undefined ? {} : { expectFace: input.expect_face }),
      onProgress: (progress) => call.onProgress?.(progress),
    });
    return { file };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function takeIn(
  context: Context,
  facility: Facility,
  { given, externalId }: { given: Gathered; externalId: string | undefined },
) {
  const { tx, call, now } = context;
  const { portfolioId, currency } = facility;
  const scheduleNo = await takeNumbers(tx, portfolioId, "schedule", 1);
  // with its row held, so that it does not end meanwhile
  assertGoesOn(await findFacility(tx, portfolioId));
  const assigned = await assign(context, given, { portfolioId, scheduleNo, seller: facility.seller });
  const findings = [...given.findings, ...assigned.findings];
  if (assigned.invoices.length === 0) throw nothingLeft(findings);
  findings.push(...(await unknownDebtors(context, given.candidates, currency)));
  findings.push(...(await keepNamings(context, facility.seller, given.candidates)));
  await insertInvoices(tx, portfolioId, assigned.invoices);
  await keepDisputes(context, portfolioId, assigned.invoices);
  await insertSchedule(tx, portfolioId, {
    scheduleNo,
    invoices: assigned.invoices.length,
    grossMinor: sumMinor(assigned.invoices.map(({ amountMinor }) => amountMinor as Minor)),
    fileSha256: given.sha256,
    externalId: externalId ?? null,
    submittedBy: call.actor.actorId,
    submittedAt: now,
    findings: findings.slice(0, shownFindings),
  });
  return scheduleDocumentOf(await findSchedule(tx, portfolioId, { scheduleNo }), facility);
}

function nothingLeft(findings: readonly FindingDocument[]): Refusal {
  const items = findings.slice(0, 100).map(({ row, column, code, value, message }) => ({
    pointer: `/invoices/${(row ?? 1) - 1}${column === null ? "" : `/${column}`}`,
    code,
    detail: message,
    value,
  }));
  return new Refusal(
    "rows_refused",
    `no invoice of the schedule can be taken in${findings[0] === undefined ? "" : `: ${wordsOf(findings[0])}`}`,
    items,
  );
}

/** A finding in one line: the refusal of a job has no list of them. */
function wordsOf({ row, column, value, message }: FindingDocument): string {
  const place = [row === null ? null : `row ${row}`, column, value === null ? null : `"${value}"`];
  return `${place.filter((part) => part !== null).join(", ")}: ${message}`;
}

function fromRows(input: Input, currency: string): Gathered {
  const candidates: Candidate[] = [];
  const findings: FindingDocument[] = [];
  const seen = new Map<string, number>();
  for (const [i, stated] of input.invoices.entries()) {
    const row = i + 1;
    const fault = faultOf(stated, row, currency);
    const key = `${stated.debtor_id}\u0000${invoiceIdentity(stated.invoice_number)}`;
    const first = seen.get(key);
    if (fault !== undefined) findings.push(fault);
    else if (first !== undefined) {
      const at = { row, column: "invoice_number", value: stated.invoice_number, note: `row ${first}` };
      findings.push(finding("invoice_duplicate", at));
    } else {
      seen.set(key, row);
      candidates.push(candidateOf(stated, row, currency));
    }
  }
  return { candidates, findings, sha256: null };
}

function faultOf(stated: StatedInvoice, row: number, currency: string): FindingDocument | undefined {
  const { invoice_date, due_date, amount } = stated;
  if (stated.currency !== undefined && stated.currency.toUpperCase() !== currency) {
    const at = { row, column: "currency", value: stated.currency, note: `the facility is in ${currency}` };
    return finding("currency_differs", at);
  }
  for (const column of ["amount", "paid_amount", "disputed_amount"] as const) {
    const value = stated[column];
    const code = value === undefined ? "amount_invalid" : amountFault(value, currency, ".");
    // the form was checked before: what is left is too fine or too large
    if (value !== undefined && code !== "amount_invalid") return finding(code, { row, column, value });
  }
  const amountMinor = parseMinor(amount, currency);
  if (amountMinor < 0n) return finding("credit_note", { row, column: "amount", value: amount });
  if (amountMinor === 0n) return finding("amount_zero", { row, column: "amount", value: amount });
  if (due_date < invoice_date) {
    return finding("due_before_invoice", {
      row,
      column: "due_date",
      value: due_date,
      note: `issued on ${invoice_date}`,
    });
  }
  if (isFarDay(invoice_date, due_date)) {
    return finding("due_date_far", { row, column: "due_date", value: due_date, note: `issued on ${invoice_date}` });
  }
  if (parseMinor(stated.paid_amount, currency) < amountMinor) return undefined;
  return finding("paid_over_amount", { row, column: "paid_amount", value: stated.paid_amount });
}

function candidateOf(stated: StatedInvoice, row: number, currency: string): Candidate {
  return {
    row,
    debtorId: stated.debtor_id,
    invoiceNumber: stated.invoice_number,
    invoiceOn: stated.invoice_date,
    dueOn: stated.due_date,
    amountMinor: parseMinor(stated.amount, currency),
    paidBeforeMinor: parseMinor(stated.paid_amount, currency),
    purchaseOrder: stated.purchase_order ?? null,
    hasProof: stated.proof_of_delivery,
    country: stated.country?.toUpperCase() ?? null,
    debtorType: stated.debtor_type ?? null,
    disputed: stated.disputed || Number(stated.disputed_amount ?? 0) > 0,
    disputedMinor: disputedPart(stated.disputed_amount, currency),
    debtorName: stated.debtor_name ?? null,
    customerNumber: stated.customer_number ?? null,
  };
}

/** The reader has left out the rows that it rejects; those of severity exclude are left out here. */
function fromFile(file: InvoiceFile, currency: string): Gathered {
  const findings: FindingDocument[] = [...file.findings.inFileOrder()];
  const out = new Set(findings.filter(({ severity }) => severity === "exclude").map(({ row }) => row));
  const { columns } = file;
  const candidates: Candidate[] = [];
  const code = (column: typeof columns.purchaseOrder, i: number) => {
    const at = column?.values[i] ?? missing.code;
    return at === missing.code ? null : column!.labels[at]!;
  };
  for (let i = 0; i < columns.rows; i++) {
    const row = columns.rowNumbers[i]!;
    const amountMinor = columns.amountMinor[i]!;
    const paid = columns.paidMinor?.[i] ?? missing.money;
    const paidBeforeMinor = paid === missing.money ? 0n : paid;
    const disputedPartMinor = columns.disputedMinor?.[i] ?? missing.money;
    const isPart = disputedPartMinor !== missing.money && disputedPartMinor > 0n;
    if (out.has(row)) continue;
    if (paidBeforeMinor >= amountMinor) {
      findings.push(
        finding("paid_over_amount", { row, column: "paid_amount", value: formatMinor(paidBeforeMinor, currency) }),
      );
      continue;
    }
    const dueDay = columns.dueDay[i]!;
    candidates.push({
      row,
      debtorId: code(columns.debtor, i)!,
      invoiceNumber: columns.invoiceNumbers[i]!,
      invoiceOn: formatDay(columns.invoiceDay[i]! as Day),
      dueOn: formatDay(
        dueDay === missing.day ? addDays(columns.invoiceDay[i]! as Day, usualTermsDays) : (dueDay as Day),
      ),
      amountMinor,
      paidBeforeMinor,
      purchaseOrder: code(columns.purchaseOrder, i),
      hasProof: columns.proofOfDelivery?.[i] === 1,
      country: code(columns.country, i)?.toUpperCase() ?? null,
      debtorType: code(columns.debtorType, i),
      disputed: isPart || columns.disputed?.[i] === 1,
      disputedMinor: isPart ? disputedPartMinor : null,
      debtorName: code(columns.debtorName, i),
      customerNumber: code(columns.customerNumber, i),
    });
  }
  return { candidates, findings, sha256: file.file.sha256 };
}

type TakenInvoice = NewInvoice & Pick<Candidate, "disputedMinor">;

async function assign(
  { tx, now }: Context,
  { candidates }: Gathered,
  to: { portfolioId: string; scheduleNo: number; seller: string },
): Promise<{ invoices: TakenInvoice[]; findings: FindingDocument[] }> {
  if (candidates.length === 0) return { invoices: [], findings: [] };
  const { portfolioId, scheduleNo } = to;
  const first = await takeNumbers(tx, portfolioId, "invoice", candidates.length);
  const numbered = candidates.map((candidate, i) => ({ ...candidate, invoiceNo: first + i, scheduleNo }));
  const order = { sellerKey: sellerKey(to.seller), at: now, invoices: numbered };
  const taken = await assignInvoices(tx, portfolioId, order);
  return {
    invoices: numbered.filter(({ invoiceNo }) => taken.has(invoiceNo)),
    findings: numbered
      .filter(({ invoiceNo }) => !taken.has(invoiceNo))
      .map(({ row, invoiceNumber }) =>
        finding("already_assigned", { row, column: "invoice_number", value: invoiceNumber }),
      ),
  };
}

/** Invoices that come as disputed have a dispute from the first day, of a reason that nobody has said. */
async function keepDisputes({ tx, now, today }: Context, portfolioId: string, invoices: readonly TakenInvoice[]) {
  const disputed = invoices.filter((invoice) => invoice.disputed);
  if (disputed.length === 0) return;
  const first = await takeNumbers(tx, portfolioId, "dispute", disputed.length);
  const disputes = disputed.map(({ invoiceNo, amountMinor, paidBeforeMinor, disputedMinor }, i) => {
    const open = amountMinor - paidBeforeMinor;
    const whole = disputedMinor === null || disputedMinor >= open;
    return {
      disputeNo: first + i,
      invoiceNo,
      reason: null,
      x12Code: null,
      amountMinor: whole ? open : disputedMinor,
      whole,
      raisedBy: "seller" as const,
      raisedOn: formatDay(today),
      note: null,
    };
  });
  await insertDisputes(tx, portfolioId, { disputes, at: now });
}

async function unknownDebtors(
  { tx }: Context,
  candidates: readonly Candidate[],
  currency: string,
): Promise<FindingDocument[]> {
  const debtorIds = [...new Set(candidates.map(({ debtorId }) => debtorId))];
  const known = await readDebtors(tx, { debtorIds, currency, lock: false });
  return candidates
    .filter(({ debtorId }) => !known.has(debtorId))
    .map(({ row, debtorId }) => finding("debtor_unknown", { row, column: "debtor_id", value: debtorId }));
}
