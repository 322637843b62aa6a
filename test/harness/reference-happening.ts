import type { ClaimComponent } from "../../models/claim.js";
import type { CostType, PaymentChannel, ReceiptKind } from "../../models/payment.js";
import type { RefusalCode } from "../../models/refusal.js";
import type { ReferenceInterest } from "./reference-interest.js";

/**
 * What can happen to a bought portfolio, in minor units and ISO days. A payment that names no original and is negative
 * came back without anybody saying which one it was.
 */
export type Happening =
  | {
      readonly what: "payment";
      readonly account: string;
      readonly amount: bigint;
      readonly on: string;
      readonly channel: PaymentChannel;
      readonly commission?: bigint;
      readonly number?: string;
      readonly returns?: string;
    }
  | { readonly what: "put_back"; readonly account: string; readonly on: string; readonly override: boolean }
  /** the seller's answer: what it accepts of the refund, nothing at all when undefined */
  | {
      readonly what: "answer";
      readonly account: string;
      readonly on: string;
      readonly accepted: bigint | undefined;
    }
  | {
      readonly what: "sell";
      readonly accounts: readonly string[];
      readonly proceeds: bigint;
      readonly on: string;
    }
  | { readonly what: "cost"; readonly type: CostType; readonly amount: bigint; readonly on: string }
  | { readonly what: "advance"; readonly account: string; readonly amount: bigint; readonly on: string }
  | { readonly what: "write_off"; readonly account: string; readonly amount: bigint; readonly on: string }
  | {
      readonly what: "adjust";
      readonly account: string;
      readonly component: ClaimComponent;
      readonly amount: bigint;
      readonly on: string;
    }
  | { readonly what: "settle"; readonly account: string; readonly on: string }
  | { readonly what: "refund"; readonly account: string; readonly amount: bigint; readonly on: string }
  | {
      readonly what: "apply";
      readonly from: string;
      readonly account: string;
      readonly amount: bigint;
      readonly on: string;
    }
  | { readonly what: "receipt"; readonly kind: ReceiptKind; readonly amount: bigint; readonly on: string }
  | {
      readonly what: "place";
      readonly account: string;
      readonly on: string;
      readonly basisPoints: bigint;
      readonly gross: boolean;
    }
  | { readonly what: "recall"; readonly account: string; readonly on: string }
  | { readonly what: "pay_commission"; readonly amount: bigint; readonly on: string }
  /** takes entry number `entry` back, all that is left of it when no amount is given; of a sale, some receivables */
  | {
      readonly what: "reverse";
      readonly entry: number;
      readonly amount?: bigint;
      readonly accounts?: readonly string[];
      readonly on: string;
    }
  | { readonly what: "correct"; readonly entry: number; readonly amount: bigint }
  | { readonly what: "soft_close"; readonly month: string }
  | { readonly what: "close"; readonly month: string }
  | { readonly what: "reopen"; readonly month: string }
  | { readonly what: "accrue"; readonly month: string }
  /** what is expected of the months after one, from the next on */
  | { readonly what: "reforecast"; readonly month: string; readonly amounts: readonly bigint[] }
  | { readonly what: "policy"; readonly late: "refuse" | "first_open_day" };

export type Of<What extends Happening["what"]> = Extract<Happening, { what: What }>;

export interface ReferenceTerms {
  /** where the portfolio is carried at effective interest */
  readonly interest?: ReferenceInterest | undefined;
  readonly price: bigint;
  readonly cutOffOn: string;
  readonly closingOn: string;
  readonly putBackUntil: string;
  /** every row of the tape, with its part of the price; undefined for one that was excluded from the purchase */
  readonly receivables: ReadonlyMap<string, { readonly balance: bigint; readonly cost: bigint } | undefined>;
}

/** Thrown where the books must refuse what happened. */
export class MustRefuse extends Error {
  constructor(readonly code: RefusalCode) {
    super(code);
  }
}

export const holders: Readonly<Record<PaymentChannel, string>> = { own: "1000", agency: "1100", direct: "1160" };
export const settles: Readonly<Record<ReceiptKind, string>> = {
  agency_remittance: "1100",
  put_back_refund: "1150",
  direct_payments: "1160",
};
export const expenses: Readonly<Record<CostType, string>> = {
  court: "5100",
  agency_invoice: "5200",
  servicing: "5300",
  media: "5400",
  data: "5500",
  purchase: "5600",
  other: "5900",
};
