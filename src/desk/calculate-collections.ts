import { commissionScheduleSchema } from "../../models/commission.js";
import { Refusal } from "../../models/refusal.js";
import { fraction, shareOf } from "../money/fraction.js";
import { estimateToMinor, rate, zeroMinor } from "../money/money.js";
import { trustCheck } from "../reconcile/trust-account.js";
import { amortisedDiscount } from "../revenue/purchase-discount.js";
import { commission as commissionOn, netBack } from "../servicing/commission.js";
import { remittance as remittanceOf } from "../servicing/remittance.js";
import type { Answered, Asked } from "./calculate-fees.js";
import { figuresIn, percentage } from "./calculated-figures.js";
import { parseInput } from "./parse-input.js";

export function netback(asked: Asked<"netback">): Answered<"netback"> {
  const { read, readOr, show } = figuresIn(asked.currency);
  const placed = asked.placed === undefined ? undefined : read(asked.placed);
  const collected =
    asked.collected === undefined ? shareOf(placed!, fraction(asked.recovery_rate!)) : read(asked.collected);
  const fee = asked.fee_rate === undefined ? readOr(asked.fee_amount) : shareOf(collected, fraction(asked.fee_rate));
  const costs = read(asked.costs);
  const { netBackMinor } = netBack({ collected, fee, costs });
  return {
    collected: show(collected),
    fee: show(fee),
    costs: show(costs),
    net_back: show(netBackMinor),
    net_back_rate_pct: placed === undefined ? null : percentage(netBackMinor, placed),
  };
}

export function commission(asked: Asked<"commission">): Answered<"commission"> {
  const { read, show } = figuresIn(asked.currency);
  const { method, bands } = asked;
  const schedule = parseInput(commissionScheduleSchema, { name: "Asked", rules: [{ name: "bands", method, bands }] });
  const collected = read(asked.collected);
  const claim = {
    balanceMinor: asked.balance === undefined ? collected : read(asked.balance),
    currency: asked.currency,
    ageDays: 0,
    placement: 1,
  };
  const receipt = {
    amountMinor: collected,
    channel: "agency",
    collectedBeforeMinor: zeroMinor,
    daysSincePlacement: 1,
    legal: false,
  } as const;
  const { feeMinor } = commissionOn(schedule, claim, receipt);
  return {
    commission: show(feeMinor),
    net_back: show(netBack({ collected, fee: feeMinor }).netBackMinor),
    blended_rate_pct: percentage(feeMinor, collected),
  };
}

export function remittance(asked: Asked<"remittance">): Answered<"remittance"> {
  const { read, show } = figuresIn(asked.currency);
  const receipts = asked.receipts.map(({ channel, amount, fee_rate: feeRate }) => {
    const amountMinor = read(amount);
    return { channel, amountMinor, feeMinor: shareOf(amountMinor, fraction(feeRate)) };
  });
  const found = remittanceOf(receipts, { mode: asked.mode, costsMinor: read(asked.costs_advanced) });
  return {
    gross_collected: show(found.grossMinor),
    collected_by_agency: show(found.byAgencyMinor),
    paid_direct: show(found.paidDirectMinor),
    reversals: show(found.reversalsMinor),
    fee: show(found.feeMinor),
    costs: show(found.costsMinor),
    net_back: show(found.netBackMinor),
    remitted_cash: show(found.remittedMinor),
    agency_invoice: show(found.invoiceMinor),
  };
}

export function threeWay(asked: Asked<"three-way">): Answered<"three-way"> {
  const { read, show } = figuresIn(asked.currency);
  const found = trustCheck({
    bankMinor: read(asked.bank_statement_balance),
    inTransitMinor: read(asked.deposits_in_transit),
    outstandingMinor: read(asked.outstanding_cheques),
    ledgerMinor: read(asked.trust_ledger_balance),
    ledgers: new Map(Object.entries(asked.client_ledgers).map(([name, balance]) => [name, read(balance)])),
  });
  return {
    adjusted_bank: show(found.adjustedBankMinor),
    client_ledgers: show(found.sellerLedgersMinor),
    negative_ledgers: [...found.negative],
    reconciled: found.reconciled,
  };
}

export function eir(asked: Asked<"eir">): Answered<"eir"> {
  const { currency, count } = asked;
  const { show } = figuresIn(currency);
  // a payment may have more decimals than the currency (46.575 a day [S54]): the flow is an estimate
  const major = (text: string) => rate(text).toNumber();
  const { ratePerPeriod, periods } = amortisedDiscount(major(asked.disbursed), major(asked.payment), count);
  const rows = asked.rows ?? periods.map((_, i) => i + 1);
  const beyond = rows.find((row) => row > count);
  if (beyond !== undefined) throw new Refusal("invalid_request", `/rows: there is no period ${beyond}, only ${count}`);
  const shown = rows.flatMap((row) => {
    const { balance, amortisation } = periods[row - 1]!;
    const cents = (value: number) => show(estimateToMinor(value, currency, "half_up"));
    return [
      [`balance_${row}`, cents(balance)],
      [`amortisation_${row}`, cents(amortisation)],
    ];
  });
  return { rate_per_period_pct: (ratePerPeriod * 100).toFixed(5), ...Object.fromEntries(shown) };
}

const roundings = { half_up: 4, half_even: 6, up: 0, down: 1 } as const;

export function dailyPayment(asked: Asked<"daily-payment">): Answered<"daily-payment"> {
  const share = rate(asked.period_payment_rate_pct).div(100);
  const exact = rate(asked.total_payment_volume).times(share).div(asked.day_count);
  const payment = exact.toDecimalPlaces(asked.places, roundings[asked.rounding]);
  if (payment.lte(0)) throw new Refusal("invalid_request", "/period_payment_rate_pct: the payment rounds to nothing");
  const total = rate(asked.total_to_pay);
  const payments = Math.max(1, total.div(payment).ceil().toNumber());
  const last = total.minus(payment.times(payments - 1));
  return { payment: payment.toFixed(asked.places), payments, last_payment: last.toFixed(asked.places) };
}
