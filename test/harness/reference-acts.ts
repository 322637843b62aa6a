import { childId } from "../../models/record-id.js";
import type { Bought, DeskFixture } from "../desk/desk-fixture.js";
import type { Happening } from "./reference-happening.js";

/** What acts need to know beside what happens. */
export interface Scene {
  readonly fixture: DeskFixture;
  readonly bought: Bought;
  readonly agencyId: string;
  /** the last placement of each account */
  readonly placements: Map<string, string>;
  /** an amount in minor units as the wire has it */
  readonly text: (minor: bigint) => string;
}

/** Makes it happen in the books, by the act that a caller would call. */
export async function make(happening: Happening, scene: Scene): Promise<void> {
  const { fixture, bought, agencyId, placements, text } = scene;
  const { portfolioId: portfolio_id } = bought;
  switch (happening.what) {
    case "payment": {
      const { account, amount, on, channel, commission, number, returns } = happening;
      await fixture.do("record-payment", {
        portfolio_id,
        account_number: account,
        amount: text(amount),
        paid_on: on,
        channel,
        ...(commission === undefined ? {} : { commission: text(commission) }),
        ...(number === undefined ? {} : { external_id: number }),
        ...(returns === undefined ? {} : { reverses: returns }),
      });
      return;
    }
    case "put_back": {
      const { account, on, override } = happening;
      await fixture.do("put-back-receivables", {
        purchase_id: bought.purchaseId,
        account_numbers: [account],
        reason: "other",
        put_back_on: on,
        ...(override ? { override_reason: "agreed" } : {}),
      });
      return;
    }
    case "answer": {
      const { account, on, accepted } = happening;
      const yes = { decision: "accepted" as const, accepted_amount: text(accepted ?? 0n) };
      await fixture.do("answer-put-back", {
        purchase_id: bought.purchaseId,
        account_numbers: [account],
        answered_on: on,
        ...(accepted === undefined ? { decision: "refused" as const } : yes),
      });
      return;
    }
    case "sell":
      await fixture.do("sell-receivables", {
        portfolio_id,
        account_numbers: [...happening.accounts],
        buyer: "Baker",
        proceeds: text(happening.proceeds),
        sold_on: happening.on,
      });
      return;
    case "pay_commission":
      await fixture.do("pay-commission", {
        portfolio_id,
        agency_id: agencyId,
        amount: text(happening.amount),
        paid_on: happening.on,
      });
      return;
    case "cost":
      await fixture.do("record-cost", {
        portfolio_id,
        cost_type: happening.type,
        amount: text(happening.amount),
        incurred_on: happening.on,
      });
      return;
    case "advance":
      await fixture.do("record-cost", {
        portfolio_id,
        cost_type: "court",
        recoverable: true,
        account_number: happening.account,
        amount: text(happening.amount),
        incurred_on: happening.on,
      });
      return;
    case "write_off":
      await fixture.do("write-off-court-cost", {
        portfolio_id,
        account_number: happening.account,
        amount: text(happening.amount),
        written_off_on: happening.on,
      });
      return;
    case "adjust": {
      const { account: account_number, component } = happening;
      const amount = text(happening.amount);
      await fixture.do("adjust-claims", {
        portfolio_id,
        adjusted_on: happening.on,
        reason: "correction",
        adjustments: [{ account_number, component, amount }],
      });
      return;
    }
    case "settle":
      await fixture.do("settle-receivable", {
        portfolio_id,
        account_number: happening.account,
        settled_on: happening.on,
      });
      return;
    case "refund":
      await fixture.do("refund-debtor", {
        portfolio_id,
        account_number: happening.account,
        amount: text(happening.amount),
        refunded_on: happening.on,
      });
      return;
    case "apply":
      await fixture.do("apply-unapplied", {
        portfolio_id,
        from_account_number: happening.from,
        account_number: happening.account,
        amount: text(happening.amount),
        applied_on: happening.on,
      });
      return;
    case "reverse":
      await fixture.do("reverse-entry", {
        entry_id: childId("en", portfolio_id, BigInt(happening.entry)),
        reversed_on: happening.on,
        reason: "a mistake",
        ...(happening.amount === undefined ? {} : { amount: text(happening.amount) }),
        ...(happening.accounts === undefined ? {} : { account_numbers: [...happening.accounts] }),
      });
      return;
    case "correct":
      await fixture.do("correct-entry", {
        entry_id: childId("en", portfolio_id, BigInt(happening.entry)),
        reason: "a mistake",
        with: { amount: text(happening.amount) },
      });
      return;
    case "soft_close":
      await fixture.do("soft-close-period", { month: happening.month });
      return;
    case "close":
      await fixture.do("close-period", { month: happening.month });
      return;
    case "reopen":
      await fixture.do("reopen-period", { month: happening.month, reason: "a mistake" });
      return;
    case "accrue":
      await fixture.do("accrue-revenue", { portfolio_id, month: happening.month });
      return;
    case "reforecast": {
      const [year, of] = happening.month.split("-").map(Number) as [number, number];
      const rows = happening.amounts.map((amount, i) => {
        const month = new Date(Date.UTC(year, of + i, 1)).toISOString().slice(0, 7);
        return { month, gross: text(amount) };
      });
      await fixture.do("reforecast-portfolio", { portfolio_id, month: happening.month, rows, reason: "seen anew" });
      return;
    }
    case "policy":
      await fixture.do("set-books-policy", { late_items: happening.late, reason: "another policy" });
      return;
    case "receipt":
      await fixture.do("record-receipt", {
        portfolio_id,
        kind: happening.kind,
        amount: text(happening.amount),
        received_on: happening.on,
      });
      return;
    case "place": {
      const placement = await fixture.do("place-receivables", {
        portfolio_id,
        agency_id: agencyId,
        placed_on: happening.on,
        commission: { rate: `${Number(happening.basisPoints) / 10_000}` },
        remittance: happening.gross ? "gross" : "net",
        receivables: { account_numbers: [happening.account] },
      });
      placements.set(happening.account, placement.id);
      return;
    }
    case "recall":
      await fixture.do("recall-receivables", {
        portfolio_id,
        placement_id: placements.get(happening.account)!,
        account_numbers: [happening.account],
        recalled_on: happening.on,
      });
      return;
  }
}
