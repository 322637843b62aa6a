import { readFileSync } from "node:fs";
import { expect } from "chai";
import { addParts, noParts, onePart, sumParts } from "../../src/ledger/claim.js";
import {
  claimAdjusted,
  claimSettled,
  commissionPaid,
  courtCostAdvanced,
  courtCostWrittenOff,
  debtorRefunded,
  putBackReduced,
  putBackRefused,
  receivablesSold,
  unappliedApplied,
} from "../../src/ledger/claim-events.js";
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
import { entryReversed, reversedBy } from "../../src/ledger/reversal-events.js";
import { minor, parseMinor, zeroMinor } from "../../src/money/money.js";
import { workedFactoring } from "./worked-factoring.js";

const usd = (text: string) => parseMinor(text, "USD");
const fresh: Investment = {
  method: "cost_recovery",
  costMinor: usd("40000"),
  collectedMinor: zeroMinor,
  recoveredMinor: zeroMinor,
};
const none = {
  unappliedMinor: zeroMinor,
  commissionMinor: zeroMinor,
  advanceMinor: zeroMinor,
  grossRemittance: false,
  held: true,
};
const principal = (text: string) => onePart("principal", usd(text));

function collection(
  how: Omit<Parameters<typeof collectionEntry>[0], "costReliefMinor">,
  investment = fresh,
): EntryDraft {
  const recoveringMinor = minor(sumParts(how.applied) - how.advanceMinor);
  return collectionEntry({ ...how, costReliefMinor: costRelief(investment, recoveringMinor) });
}

/** The entry that takes back so much of each posting of another. */
function partReversed(entry: EntryDraft, amount: string): EntryDraft {
  return entryReversed(entry.postings.map((posting) => ({ ...posting, amountMinor: usd(amount) })));
}

/** The headings of docs/LEDGER.md, and the builders called with the figures of its text. */
const worked: Record<string, () => EntryDraft> = {
  "The purchase is booked": () =>
    purchaseBooked({
      priceMinor: usd("40000"),
      claim: { ...noParts, principal: usd("930000"), interest: usd("60000"), fees: usd("10000") },
    }),
  "A collection is received by us": () => collection({ ...none, channel: "own", applied: principal("500") }),
  "A payment is more than the claim": () =>
    collection({ ...none, channel: "own", applied: principal("80"), unappliedMinor: usd("20") }),
  "A collection is received by an agency": () =>
    collection({ ...none, channel: "agency", applied: principal("400"), commissionMinor: usd("100") }),
  "A collection is received by an agency that remits gross": () =>
    collection({
      ...none,
      channel: "agency",
      applied: principal("400"),
      commissionMinor: usd("100"),
      grossRemittance: true,
    }),
  "The agency's bill is paid": () => commissionPaid(usd("100")),
  "A debtor pays the seller after the sale": () =>
    collection({ ...none, channel: "direct", applied: principal("200"), commissionMinor: usd("50") }),
  "A payment comes back": () =>
    collection(
      { ...none, channel: "agency", applied: principal("-400"), commissionMinor: usd("-100") },
      { ...fresh, collectedMinor: usd("1180"), recoveredMinor: usd("1180") },
    ),
  "An entry is taken back": () =>
    entryReversed(receiptEntry({ kind: "agency_remittance", amountMinor: usd("300") }).postings),
  "A part of an entry is taken back": () =>
    partReversed(costIncurred({ costType: "court", amountMinor: usd("75") }), "20"),
  "A put-back is withdrawn": () =>
    reversedBy(
      putBackRefused({
        refundMinor: usd("40"),
        costReliefMinor: usd("40"),
        claim: addParts(principal("900"), principal("50")),
        advanceMinor: zeroMinor,
        caughtUpMinor: costRelief({ ...fresh, collectedMinor: usd("100"), recoveredMinor: usd("100") }, zeroMinor),
      }),
    ),
  "A refusal is taken back": () => {
    const costMinor = usd("39960");
    const investment = { ...fresh, costMinor, collectedMinor: usd("39980"), recoveredMinor: usd("39980") };
    const again = receivablePutBack({
      refundMinor: usd("40"),
      costReliefMinor: usd("40"),
      claim: principal("900"),
      advanceMinor: zeroMinor,
    });
    return reversedBy(again, costRelief(investment, zeroMinor));
  },
  "Some of a resale is taken back": () => {
    const claim = principal("2400");
    const share = { proceedsMinor: usd("150"), carryingMinor: usd("96"), claim, advanceMinor: zeroMinor };
    return reversedBy(entryReversed(receivablesSold(share).postings), costRelief(fresh, zeroMinor));
  },
  "A refund comes back": () => entryReversed(debtorRefunded(usd("20")).postings),
  "Unapplied cash had paid the wrong debt": () => {
    const investment = { ...fresh, collectedMinor: usd("520"), recoveredMinor: usd("520") };
    const costReliefMinor = costRelief(investment, usd("-20"));
    return reversedBy(unappliedApplied({ applied: principal("-20"), advanceMinor: zeroMinor, costReliefMinor }));
  },
  "An amount that was added is taken back": () => {
    const collectedMinor = usd("42859");
    const added = { amountMinor: usd("2859"), costReliefMinor: zeroMinor };
    const { postings } = carryingAmountAdjusted({ reason: "impairment", ...added });
    const without = { ...fresh, collectedMinor, recoveredMinor: collectedMinor };
    return reversedBy(entryReversed(postings), costRelief(without, zeroMinor));
  },
  "The commission alone is taken back": () => {
    const taken = collection({ ...none, channel: "agency", applied: principal("400"), commissionMinor: usd("100") });
    const commission = taken.postings.filter(({ debit }) => debit === "5000");
    return partReversed({ ...taken, postings: commission }, "20");
  },
  "A wrong entry is corrected": () => collection({ ...none, channel: "own", applied: principal("500") }),
  "A collection after the cost is back": () =>
    collection(
      { ...none, channel: "own", applied: principal("500") },
      { ...fresh, collectedMinor: usd("39900"), recoveredMinor: usd("39900") },
    ),
  "Under effective interest": () =>
    collection(
      { ...none, channel: "own", applied: principal("500") },
      { ...fresh, method: "effective_interest", collectedMinor: usd("39900"), recoveredMinor: usd("39900") },
    ),
  "A cost is incurred": () => costIncurred({ costType: "court", amountMinor: usd("75") }),
  "A credit note": () => costIncurred({ costType: "agency_invoice", amountMinor: usd("-10") }),
  "A court cost is advanced": () => courtCostAdvanced(usd("75")),
  "A payment goes down the waterfall": () =>
    collection({
      ...none,
      channel: "own",
      applied: { principal: usd("10"), interest: usd("30"), fees: usd("20"), court_costs: usd("90") },
      advanceMinor: usd("75"),
    }),
  "An advance is given up": () => courtCostWrittenOff(usd("75")),
  "Interest is added to a claim": () => claimAdjusted(onePart("interest", usd("12.50"))),
  "A debt is settled": () =>
    claimSettled({ claim: { ...noParts, principal: usd("600"), court_costs: usd("40") }, advanceMinor: usd("40") }),
  "A debtor is refunded": () => debtorRefunded(usd("20")),
  "Unapplied cash pays another debt": () =>
    unappliedApplied({
      applied: principal("20"),
      advanceMinor: zeroMinor,
      costReliefMinor: costRelief(fresh, usd("20")),
    }),
  "A receivable is put back to the seller": () =>
    receivablePutBack({
      refundMinor: usd("40"),
      costReliefMinor: refundRelief(fresh, usd("40")),
      claim: principal("900"),
      advanceMinor: zeroMinor,
    }),
  "The seller accepts a put-back for less": () =>
    putBackReduced({ refundMinor: usd("15"), costReliefMinor: usd("15"), caughtUpMinor: zeroMinor }),
  "The seller refuses a put-back": () => {
    const costMinor = usd("40000");
    const investment = { ...fresh, costMinor, collectedMinor: usd("39980"), recoveredMinor: usd("39960") };
    return putBackRefused({
      refundMinor: usd("40"),
      costReliefMinor: usd("40"),
      claim: principal("900"),
      advanceMinor: zeroMinor,
      caughtUpMinor: costRelief(investment, zeroMinor),
    });
  },
  "Receivables are sold on": () =>
    receivablesSold({
      proceedsMinor: usd("5000"),
      carryingMinor: usd("3200"),
      claim: { ...noParts, principal: usd("80000"), interest: usd("2000"), court_costs: usd("150") },
      advanceMinor: usd("150"),
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
  ...workedFactoring,
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
