import { readFileSync } from "node:fs";
import { expect } from "chai";
import { costRelief, type Investment, refundRelief } from "../../src/ledger/cost-recovery.js";
import type { EntryDraft } from "../../src/ledger/entry-draft.js";
import {
  collectionEntry,
  costIncurred,
  purchaseBooked,
  receiptEntry,
  receivablePutBack,
} from "../../src/ledger/events.js";
import { journalText } from "../../src/ledger/journal-text.js";
import {
  carryingAmountAdjusted,
  methodChanged,
  recoveriesRemeasured,
  revenueAccrued,
} from "../../src/ledger/revenue-events.js";
import { parseMinor, zeroMinor } from "../../src/money/money.js";

const usd = (text: string) => parseMinor(text, "USD");
const fresh: Investment = {
  method: "cost_recovery",
  costMinor: usd("40000"),
  collectedMinor: zeroMinor,
  recoveredMinor: zeroMinor,
};
const none = { unappliedMinor: zeroMinor, commissionMinor: zeroMinor };

function collection(
  how: Omit<Parameters<typeof collectionEntry>[0], "costReliefMinor">,
  investment = fresh,
): EntryDraft {
  return collectionEntry({ ...how, costReliefMinor: costRelief(investment, how.appliedMinor) });
}

/** The headings of docs/LEDGER.md, and the builders called with the figures of its text. */
const worked: Record<string, () => EntryDraft> = {
  "The purchase is booked": () => purchaseBooked({ priceMinor: usd("40000"), claimMinor: usd("1000000") }),
  "A collection is received by us": () => collection({ ...none, channel: "own", appliedMinor: usd("500") }),
  "A payment is more than the claim": () =>
    collection({ ...none, channel: "own", appliedMinor: usd("80"), unappliedMinor: usd("20") }),
  "A collection is received by an agency": () =>
    collection({ ...none, channel: "agency", appliedMinor: usd("400"), commissionMinor: usd("100") }),
  "A debtor pays the seller after the sale": () =>
    collection({ ...none, channel: "direct", appliedMinor: usd("200"), commissionMinor: usd("50") }),
  "A payment comes back": () =>
    collection(
      { ...none, channel: "agency", appliedMinor: usd("-400"), commissionMinor: usd("-100") },
      { ...fresh, collectedMinor: usd("1180"), recoveredMinor: usd("1180") },
    ),
  "A collection after the cost is back": () =>
    collection(
      { ...none, channel: "own", appliedMinor: usd("500") },
      { ...fresh, collectedMinor: usd("39900"), recoveredMinor: usd("39900") },
    ),
  "A cost is incurred": () => costIncurred({ costType: "court", amountMinor: usd("75") }),
  "A credit note": () => costIncurred({ costType: "agency_invoice", amountMinor: usd("-10") }),
  "A receivable is put back to the seller": () =>
    receivablePutBack({
      refundMinor: usd("40"),
      costReliefMinor: refundRelief(fresh, usd("40")),
      claimMinor: usd("900"),
    }),
  "Revenue is accrued": () => revenueAccrued({ revenueMinor: usd("1443.23") }),
  "Expected recoveries change": () =>
    recoveriesRemeasured({ changeCurrentMinor: usd("240"), changeFutureMinor: usd("-78.66") }),
  "A portfolio is impaired": () =>
    carryingAmountAdjusted({ reason: "impairment", amountMinor: usd("-5000"), costReliefMinor: zeroMinor }),
  "A portfolio is written up after its cost was back": () =>
    carryingAmountAdjusted({ reason: "impairment", amountMinor: usd("2859"), costReliefMinor: usd("2859") }),
  "A portfolio is translated": () =>
    carryingAmountAdjusted({ reason: "translation", amountMinor: usd("-1010.71"), costReliefMinor: zeroMinor }),
  "A part of a portfolio is transferred": () =>
    carryingAmountAdjusted({ reason: "transfer", amountMinor: usd("-5461"), costReliefMinor: zeroMinor }),
  "The method changes": () => methodChanged({ carryingMinor: usd("31000") }),
  "The agency remits": () => receiptEntry({ kind: "agency_remittance", amountMinor: usd("300") }),
  "The seller pays the refund": () => receiptEntry({ kind: "put_back_refund", amountMinor: usd("40") }),
  "The seller passes a direct payment on": () => receiptEntry({ kind: "direct_payments", amountMinor: usd("200") }),
};

const document = readFileSync(new URL("../../../docs/LEDGER.md", import.meta.url), "utf8");
const sections = document.split(/^## /m).slice(1);
/** One entry a heading; runs of spaces before an amount count as one. */
const written = new Map(
  sections.map((section) => {
    const title = section.slice(0, section.indexOf("\n"));
    const entry = /```entry\n([\s\S]*?)\n```/.exec(section)?.[1] ?? "";
    return [title, spaced(entry)];
  }),
);

function spaced(text: string): string {
  return text.replace(/ {2,}(?=-?[\d.]+$)/gm, "  ");
}

describe("docs/LEDGER.md", () => {
  it("has one worked entry for every builder, and no other", () => {
    expect([...written.keys()]).to.deep.equal(Object.keys(worked));
  });
  for (const [title, build] of Object.entries(worked)) {
    it(title, () => {
      expect(spaced(journalText(build(), "USD"))).to.equal(written.get(title));
    });
  }
});
