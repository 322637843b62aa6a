import type { CostRow } from "../../models/factoring-offer.js";
import type { FactoringTerms } from "../../models/factoring-terms.js";
import { fraction, noShare, shareOf, shareText } from "../money/fraction.js";
import { formatMinor, lesserMinor, type Minor, minor, parseMinor, zeroMinor } from "../money/money.js";
import { apr } from "./annual-rate.js";
import { type Funding, feeOnDay, interestOnDay, settledOn } from "./funding.js";

const shownDays = 120;
/** The curve goes no further, however late an invoice is due. */
export const longestCurveDays = 730;

/** A share of face with six decimals; zero where nothing is bought. */
export function rateOfFace(part: Minor, { faceMinor }: Funding): string {
  return faceMinor > 0n ? shareText({ numerator: part, denominator: faceMinor }, 6) : "0.000000";
}

/**
 * The cost of a schedule as a curve: one row for every day from 1 to 120 (further where an invoice is due later), as if
 * all debtors paid on that day in full. The worst day to be paid on is the first of a new block [S04].
 */
export function costByDay(funded: Funding, terms: FactoringTerms): CostRow[] {
  const last = Math.min(longestCurveDays, Math.max(shownDays, ...funded.lines.map(({ dueDays }) => dueDays + 30)));
  const rows: CostRow[] = [];
  let [rateBefore, feeMinor]: [unknown, Minor] = [undefined, zeroMinor];
  const bearsInterest = funded.interest.shareFor(1) !== noShare;
  for (let day = 1; day <= last; day++) {
    const rate = funded.fees.rateOn(day);
    const newBlock = rateBefore !== undefined && rate !== rateBefore;
    // the fee is the same within a block: only its first day is reckoned
    if (rate !== rateBefore) feeMinor = feeOnDay(funded, day);
    const interestMinor = bearsInterest ? interestOnDay(funded, day) : zeroMinor;
    rateBefore = rate;
    const isBlock = newBlock && terms.fee_schedule.proration === "whole_block";
    rows.push(costRow({ funded, terms, day, feeMinor, interestMinor, isBlock }));
  }
  return rows;
}

function costRow(of: {
  funded: Funding;
  terms: FactoringTerms;
  day: number;
  feeMinor: Minor;
  interestMinor: Minor;
  isBlock: boolean;
}): CostRow {
  const { funded, terms, day, feeMinor, interestMinor } = of;
  const show = (amount: bigint) => formatMinor(amount, terms.currency);
  const owed = minor(feeMinor + interestMinor);
  const { chargesMinor: charges, releaseMinor: release } = settledOn(funded, { owedMinor: owed, day }, terms);
  const cost = minor(owed + charges);
  return {
    day,
    fee: show(owed),
    interest: show(interestMinor),
    charges: show(charges),
    cost: show(cost),
    release: show(release),
    to_escrow: show(toEscrow(release, terms)),
    client_receives: show(funded.netFundedMinor + release),
    fee_rate_of_face: rateOfFace(owed, funded),
    cost_rate_of_face: rateOfFace(cost, funded),
    apr_of_advance: apr({ financedMinor: funded.netFundedMinor, chargeMinor: cost, days: day }, 6),
    new_block: of.isBlock,
  };
}

/** What of a release goes into the escrow reserve before it is paid out; it stays the business's money. */
function toEscrow(release: Minor, { reserve, currency }: FactoringTerms): Minor {
  if (reserve.escrow === undefined || release <= 0n) return zeroMinor;
  const share = shareOf(release, fraction(reserve.escrow.share_of_rebate));
  return lesserMinor(share, parseMinor(reserve.escrow.cap, currency));
}
