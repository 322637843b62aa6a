import type { EntryDraft } from "../../src/ledger/entry-draft.js";
import {
  creditLoss,
  escrowReleased,
  facilityCharged,
  feesAccrued,
  invoicesBoughtBack,
  invoicesChargedBack,
  invoicesCollected,
  invoicesDiluted,
  invoicesPaidToSeller,
  invoicesPurchased,
  minimumCharged,
  receiptApplied,
  receiptPassedOn,
  receiptUnapplied,
  reserveReleased,
  sellerPaid,
  shortfallClaimed,
  terminationCharged,
} from "../../src/ledger/factoring-events.js";
import { parseMinor, zeroMinor } from "../../src/money/money.js";

const usd = (text: string) => parseMinor(text, "USD");
const bought = { faceMinor: usd("10000"), reserveMinor: usd("2000"), chargesMinor: usd("25") };
const none = { recourseMinor: zeroMinor, heldMinor: zeroMinor, chargesMinor: zeroMinor };

/** The headings of the facility's part of docs/LEDGER.md, and the builders called with the figures of its text. */
export const workedFactoring: Record<string, () => EntryDraft> = {
  "Invoices are purchased": () => invoicesPurchased({ ...bought, feeMinor: usd("350") }, "sale"),
  "Invoices are lent against": () => invoicesPurchased({ ...bought, feeMinor: usd("350") }, "borrowing"),
  "Factoring fees are accrued": () =>
    feesAccrued({ feeMinor: usd("175"), interestMinor: usd("20.40"), earnedMinor: usd("350") }, "sale"),
  "Factoring fees are accrued on a loan": () =>
    feesAccrued({ feeMinor: usd("175"), interestMinor: usd("20.40"), earnedMinor: usd("350") }, "borrowing"),
  "An invoice is collected": () => invoicesCollected({ appliedMinor: usd("10000"), overMinor: usd("40") }, "sale"),
  "A debtor pays the seller of an invoice": () => invoicesPaidToSeller(usd("600"), "sale"),
  "A debtor pays short": () => invoicesDiluted(usd("300"), "sale"),
  "A debtor pays short on a loan": () => invoicesDiluted(usd("300"), "borrowing"),
  "The reserve is released": () =>
    reserveReleased(
      {
        cashMinor: usd("1275"),
        recourseMinor: usd("100"),
        heldMinor: zeroMinor,
        chargesMinor: usd("25"),
        escrowMinor: usd("154.60"),
      },
      "sale",
    ),
  "The escrow reserve is paid out": () => escrowReleased({ ...none, cashMinor: usd("154.60") }),
  "An invoice is charged back": () =>
    invoicesChargedBack({ openMinor: usd("10000"), reserveMinor: usd("950"), unearnedMinor: zeroMinor }, "sale"),
  "An invoice is bought back": () =>
    invoicesBoughtBack({ openMinor: usd("10000"), reserveMinor: usd("1650"), unearnedMinor: usd("70") }, "sale"),
  "A debtor fails at the factor's risk": () =>
    creditLoss({ openMinor: usd("10000"), reserveUsedMinor: zeroMinor, unearnedMinor: zeroMinor }, "sale"),
  "The reserve does not cover fees and deductions": () => shortfallClaimed(usd("120"), "sale"),
  "A receipt belongs to no invoice that was bought": () => receiptUnapplied("not_purchased", usd("480")),
  "A receipt is applied to invoices": () => receiptApplied(usd("40"), "sale"),
  "A receipt is passed on": () => receiptPassedOn("not_purchased", usd("480")),
  "A facility is charged": () => facilityCharged(usd("400")),
  "A charge of a facility is waived": () => facilityCharged(usd("-25")),
  "The fees of a month fall short of the minimum": () => minimumCharged(usd("360")),
  "A minimum was charged too high": () => minimumCharged(usd("-60")),
  "A facility is ended before its term": () => terminationCharged(usd("2500")),
  "The seller of invoices pays what it owes": () => sellerPaid("recourse", usd("9050")),
};
