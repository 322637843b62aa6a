import type { ClaimParts } from "../../src/ledger/claim.js";
import type { EntryDraft } from "../../src/ledger/entry-draft.js";
import {
  collectionEntry,
  costIncurred,
  purchaseBooked,
  receiptEntry,
  receivablePutBack,
} from "../../src/ledger/events.js";
import { type Minor, minor } from "../../src/money/money.js";
import { appendEntries, type NewEntry, openLedger } from "../../src/store/ledger.js";
import type { Store } from "../../src/store/store.js";

/** A generator of 32-bit numbers from a seed (mulberry32): the same book in every run. */
export function drawsOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** What a person may have typed as a reason, to break out of its place in a journal, a sheet or a table. */
export const hostileTexts = [
  "bounced; portfolio: pf_other",
  "x\n2026-01-01 * injected\n    assets:cash  1.00 USD",
  '"quoted", [2020-01-01] {1.00 EUR} (virtual) @ 2 | =date:2020-01-01',
  '=HYPERLINK("x")',
  "back\\slash\ttab\r\nand \u2028 line, & <xml/> ]]>",
  "  : :tag: %  ",
  "Überweisung zurück, naïve 日本語",
];

export interface RandomBook {
  readonly portfolioId: string;
  readonly tenantId: string;
  readonly entries: number;
  readonly seed: number;
  /** first effective day; the others fall into the thirteen months after it */
  readonly recordedAt: string;
}

/**
 * Fills a portfolio's ledger with random entries of every builder, past the acts: they need not make sense as a
 * business, only be entries that the ledger can hold.
 */
export async function fillRandomBook(store: Store, book: RandomBook): Promise<void> {
  const draw = drawsOf(book.seed);
  await store.transaction({ tenantId: book.tenantId, actor: "tester" }, async (tx) => {
    let head = await openLedger(tx, book.portfolioId, book.recordedAt);
    for (let done = 0; done < book.entries; ) {
      const count = Math.min(1000, book.entries - done);
      const entries = Array.from({ length: count }, (_, i) => randomEntry(draw, done + i));
      ({ head } = await appendEntries(tx, head, { idempotencyKey: undefined, entries }));
      done += count;
    }
  });
}

const agencies = ["ag_able", "ag_baker", null];

function randomEntry(draw: (below: number) => number, at: number): NewEntry {
  const amount = (): Minor => minor(BigInt(1 + draw(900_000)) * (draw(40) === 0 ? 1_000_000_007n : 1n));
  const draft =
    at === 0 ? purchaseBooked({ priceMinor: amount(), claim: randomClaim(draw, amount) }) : randomDraft(draw, amount);
  const month = draw(13);
  const effectiveOn = `${2025 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-${String(1 + draw(28)).padStart(2, "0")}`;
  const back = draft.kind === "payment_returned" && at > 1;
  return {
    ...draft,
    effectiveOn,
    sourceKind: draft.kind === "purchase_booked" ? "purchase" : "payment",
    reversesSequence: back ? BigInt(1 + draw(at)) : null,
    correctsSequence: draw(50) === 0 && at > 1 ? BigInt(1 + draw(at)) : null,
    originalOn: draw(30) === 0 ? "2024-12-31" : null,
    reason: draw(10) === 0 ? hostileTexts[draw(hostileTexts.length)]! : null,
    receivableNo: draw(3) === 0 ? null : 1 + draw(500),
    agencyId: agencies[draw(agencies.length)]!,
  };
}

/** Mostly principal alone, as most tapes have it. */
function randomClaim(draw: (below: number) => number, amount: () => Minor): ClaimParts {
  const part = () => (draw(4) === 0 ? amount() : minor(0n));
  return { principal: amount(), interest: part(), fees: part(), court_costs: part() };
}

function randomDraft(draw: (below: number) => number, amount: () => Minor): EntryDraft {
  const zero = minor(0n);
  const negative = (value: Minor) => minor(-value);
  switch (draw(6)) {
    case 0:
      return costIncurred({
        costType: (["court", "media", "other"] as const)[draw(3)]!,
        amountMinor: draw(5) === 0 ? negative(amount()) : amount(),
      });
    case 1:
      return receivablePutBack({
        refundMinor: amount(),
        costReliefMinor: amount(),
        claim: randomClaim(draw, amount),
        advanceMinor: draw(4) === 0 ? amount() : zero,
      });
    case 2:
      return receiptEntry({
        kind: (["agency_remittance", "put_back_refund", "direct_payments"] as const)[draw(3)]!,
        amountMinor: amount(),
      });
    default: {
      const sign = draw(8) === 0 ? negative : (value: Minor) => value;
      return collectionEntry({
        channel: (["own", "agency", "direct"] as const)[draw(3)]!,
        applied: randomClaim(draw, () => sign(amount())),
        unappliedMinor: draw(6) === 0 ? sign(amount()) : zero,
        commissionMinor: draw(2) === 0 ? sign(amount()) : zero,
        grossRemittance: draw(5) === 0,
        advanceMinor: draw(9) === 0 ? sign(amount()) : zero,
        costReliefMinor: sign(amount()),
        held: draw(9) !== 0,
      });
    }
  }
}
