import { childId } from "../../models/record-id.js";
import { sellerChart } from "../../seeds/seller-chart.js";
import { formatDay } from "../calendar/day.js";
import type { Presentation } from "../ledger/factoring-events.js";
import {
  chargesOwed,
  debtorPaidFactor,
  debtorPaidSeller,
  factorPaid,
  feesCharged,
  invoicesSold,
  invoicesTakenBack,
  lossBorneByFactor,
  receiptReceived,
  reserveReceived,
  returnsAllowed,
  type SellerLine,
  shortfallOwed,
} from "../ledger/seller-events.js";
import { formatMinor, minor, zeroMinor } from "../money/money.js";
import { findFacility } from "../store/facility.js";
import { type FacilityEntry, readFacilityEntries } from "../store/facility-history.js";
import { implement } from "./act.js";
import { facilityPortfolio } from "./facility-book.js";

const accounts = new Map<string, string>(sellerChart.map(({ code, path }) => [code, path]));

/**
 * What the seller books of a facility: each of the factor's entries as the seller sees it, with the balances they come to. What is
 * due from the factor there is the factor's reserve with its escrow; what is due to the factor is what the seller owes here.
 */
export const showSellerJournal = implement("show-seller-journal", async ({ tx, today }, input) => {
  const facility = await findFacility(tx, facilityPortfolio(input.facility_id));
  const { portfolioId, currency } = facility;
  const asOf = input.as_of ?? formatDay(today);
  const presentation = input.presentation ?? facility.presentation;
  const balances = new Map<string, bigint>();
  const lines = [];
  const show = (amount: bigint) => formatMinor(amount, currency);
  for (const entry of await readFacilityEntries(tx, portfolioId, asOf)) {
    for (const { account, amountMinor } of sellerLines(entry, presentation)) {
      balances.set(account, (balances.get(account) ?? 0n) + amountMinor);
      if (input.from !== undefined && entry.effectiveOn < input.from) continue;
      lines.push({
        entry_id: childId("en", portfolioId, entry.sequence),
        on: entry.effectiveOn,
        event: entry.kind,
        account,
        name: accounts.get(account)!,
        debit: show(amountMinor > 0n ? amountMinor : 0n),
        credit: show(amountMinor < 0n ? -amountMinor : 0n),
      });
    }
  }
  return {
    facility_id: input.facility_id,
    currency,
    presentation,
    from: input.from ?? null,
    as_of: asOf,
    lines,
    balances: [...balances]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([account, balance]) => ({ account, name: accounts.get(account)!, balance: show(balance) })),
  };
});

function sellerLines({ kind, sourceKind, net, change }: FacilityEntry, how: Presentation): SellerLine[] {
  const moved = (code: string) => minor(net.get(code) ?? 0n);
  switch (kind) {
    case "invoices_purchased":
      return invoicesSold(
        {
          faceMinor: minor(change.open),
          reserveMinor: minor(change.reserve),
          chargesMinor: minor(-moved("2300") - moved("4620")),
          recourseLiabilityMinor: zeroMinor,
        },
        how,
      );
    case "factoring_fees_accrued":
      return feesCharged(minor(change.fee + change.interest), how);
    case "invoices_collected":
    case "receipt_applied":
      return debtorPaidFactor(minor(change.collected), how);
    case "invoices_paid_to_seller":
      return debtorPaidSeller(minor(change.collected), how);
    case "invoices_diluted":
      return returnsAllowed(minor(change.diluted), how);
    case "reserve_released":
    case "escrow_released":
      return reserveReceived(
        {
          cashMinor: minor(-moved("1000")),
          offsetMinor: minor(-moved("1150") - moved("1160") - moved("1170")),
        },
        how,
      );
    case "facility_charged":
    case "minimum_charged":
    case "termination_charged":
      return chargesOwed(moved("1170"));
    case "invoices_charged_back":
    case "invoices_bought_back": {
      const paidAtOnce = kind === "invoices_bought_back";
      return invoicesTakenBack(
        { openMinor: minor(-change.open), reserveMinor: minor(-change.reserve), paidAtOnce },
        how,
      );
    }
    case "credit_loss":
      return lossBorneByFactor({ openMinor: minor(-change.open), reserveUsedMinor: minor(-change.reserve) }, how);
    case "shortfall_claimed":
      return shortfallOwed(minor(change.reserve), how);
    case "seller_paid":
      return factorPaid(moved("1000"));
    case "receipt_passed_on":
      return sourceKind === "passed_to_seller" ? receiptReceived(minor(-moved("1000"))) : [];
    default:
      return [];
  }
}
