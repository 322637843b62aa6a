import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ActOutput } from "../../models/acts.js";
import { demoSale, demoTape } from "../../seeds/demo-tape.js";
import { type DemoAccount, demoDay, demoPaymentsCsv, demoPutBacks, demoYear } from "../../seeds/demo-year.js";
import { actSheets } from "../reports/act-report.js";
import type { CommandContext, OpenDesk } from "./context.js";
import { startProgress } from "./progress.js";
import { show } from "./show.js";

/** Balances from here on are placed with the agency; the smaller ones are worked by own staff. */
const placedFromCents = 250_000;
const agencyName = "Harbor Recovery Partners (fictional)";

export interface DemoArgs {
  readonly json?: boolean | undefined;
  /** only write the seller's file there */
  readonly tape?: string | undefined;
}

async function writeTape(path: string, { json }: DemoArgs, { streams }: CommandContext): Promise<void> {
  await writeFile(path, demoTape());
  const order = `npx netback price ${path} --as-of ${demoSale.asOf}`;
  streams.out.write(
    json ? `${JSON.stringify({ tape: path, as_of: demoSale.asOf })}\n` : `Written to ${path}. Now: ${order}\n`,
  );
}

/**
 * `netback demo`: a fictional portfolio, bought and collected on for a year, all of it through the same acts as real
 * work. A second run changes nothing and shows it again.
 */
export async function demo(args: DemoArgs, context: CommandContext): Promise<void> {
  if (args.tape !== undefined) return writeTape(args.tape, args, context);
  const folder = await mkdtemp(join(context.workFolder, "netback-demo-"));
  try {
    const { netback, quoteId } = await context.withDesk((desk) => load(desk, folder, context));
    const portfolioId = netback.portfolio_id;
    const document = { portfolio_id: portfolioId, quote_id: quoteId, netback };
    const answer = {
      document,
      sheets: () => actSheets("report-netback", netback).slice(0, 2),
      closing: [tour(portfolioId, quoteId)],
    };
    await show(answer, { format: args.json ? "json" : "table" }, context.streams);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Loaded {
  readonly netback: ActOutput<"report-netback">;
  readonly quoteId: string;
}

/** Every step has a key of its own, so that a second run, or one after a run that was cut off, does only what is missing. */
async function load(desk: OpenDesk, folder: string, context: CommandContext): Promise<Loaded> {
  const bar = await startProgress(context.streams);
  const steps = 15;
  let done = 0;
  const step = (phase: string) => bar.report({ phase, done: done++, total: steps });
  try {
    step("importing the tape");
    const { portfolioId, quoteId } = await buy(desk, folder);
    step("placing with the agency");
    const { accounts, agencyId } = await place(desk, portfolioId);
    const months = demoYear(accounts);
    const paying = new Set(months.flat().map((payment) => payment.accountNumber));
    for (const [month, payments] of months.entries()) {
      step(`month ${month + 1} of 12`);
      const path = join(folder, `payments-${demoDay(month, 28)}.csv`);
      await writeFile(path, demoPaymentsCsv(payments));
      await work(desk, { portfolioId, agencyId, month, path });
      if (month === 2) await putBack(desk, portfolioId, demoPutBacks(accounts, paying));
    }
    const asked = { portfolio_id: portfolioId, as_of: demoDay(11, 30) };
    const { output: netback } = await desk.perform("report-netback", asked);
    return { netback, quoteId };
  } finally {
    bar.stop();
  }
}

/** Tape in, quote out, quote accepted: the portfolio is ours. */
async function buy(desk: OpenDesk, folder: string): Promise<{ portfolioId: string; quoteId: string }> {
  const { name, seller, currency, externalId, fileName, asOf, closingOn } = demoSale;
  const path = join(folder, fileName);
  await writeFile(path, demoTape());
  const key = (what: string) => ({ idempotencyKey: `demo-${what}` });
  const portfolio = { name, seller, currency, external_id: externalId };
  const { output: opened } = await desk.perform("create-portfolio", portfolio, key("portfolio"));
  const portfolioId = opened.id;
  const file = { path, name: fileName };
  await desk.perform("import-tape", { portfolio_id: portfolioId, file, as_of: asOf }, key("tape"));
  const note = "Demo: everything is made up";
  const order = { portfolio_id: portfolioId, as_of: asOf, note };
  const { output: quote } = await desk.perform("issue-quote", order, key("quote"));
  await desk.perform("accept-quote", { quote_id: quote.id, closing_on: closingOn }, key("accept"));
  return { portfolioId, quoteId: quote.id };
}

async function place(desk: OpenDesk, portfolioId: string): Promise<{ accounts: DemoAccount[]; agencyId: string }> {
  const agency = await desk.perform("register-agency", { name: agencyName }, { idempotencyKey: "demo-agency" });
  const agencyId = agency.output.id;
  const placement = {
    portfolio_id: portfolioId,
    agency_id: agencyId,
    placed_on: demoDay(0, 3),
    commission: { rate: "0.28" },
    receivables: { all: true as const, balance_from: (placedFromCents / 100).toFixed(2) },
  };
  await desk.perform("place-receivables", placement, { idempotencyKey: "demo-placement" });
  return { accounts: await boughtAccounts(desk, portfolioId), agencyId };
}

/** What was bought, as it stood on the tape: the same in a second run, when some of it is paid or put back. */
async function boughtAccounts(desk: OpenDesk, portfolioId: string): Promise<DemoAccount[]> {
  const accounts: DemoAccount[] = [];
  let cursor: string | null = null;
  do {
    const order = { portfolio_id: portfolioId, limit: 1000, ...(cursor === null ? {} : { cursor }) };
    const page: ActOutput<"list-receivables"> = (await desk.perform("list-receivables", order)).output;
    for (const { account_number: accountNumber, current_balance: balance, state } of page.data) {
      if (state === "not_bought") continue;
      const balanceCents = Number(balance.replace(".", ""));
      accounts.push({ accountNumber, balanceCents, placed: balanceCents >= placedFromCents });
    }
    cursor = page.next_cursor;
  } while (cursor !== null);
  return accounts;
}

interface Month {
  readonly portfolioId: string;
  readonly agencyId: string;
  readonly month: number;
  readonly path: string;
}

/** One month: the payments file, what the agency remits of it, and what the work cost. */
async function work(desk: OpenDesk, { portfolioId, agencyId, month, path }: Month): Promise<void> {
  const portfolio = { portfolio_id: portfolioId };
  const key = (what: string) => ({ idempotencyKey: `demo-${what}-${month + 1}` });
  const file = { path, name: `payments-${month + 1}.csv` };
  const { output: batch } = await desk.perform("record-payments", { ...portfolio, file }, key("payments"));
  const costs = [
    { cost_type: "servicing" as const, amount: "450.00", note: "letters, calls, staff" },
    ...(month % 3 === 0
      ? [{ cost_type: "data" as const, amount: "180.00", note: "bankruptcy and deceased scrub" }]
      : []),
    ...(month === 4 || month === 7
      ? [{ cost_type: "court" as const, amount: "912.00", note: "filing and service" }]
      : []),
  ];
  for (const cost of costs) {
    const incurred = { incurred_on: demoDay(month, 26), ...cost };
    await desk.perform("record-cost", { ...portfolio, ...incurred }, key(cost.cost_type));
  }
  const remitted = await agencyNet(desk, portfolioId, batch.batch_id);
  if (remitted <= 0) return;
  const receipt = {
    ...portfolio,
    kind: "agency_remittance" as const,
    agency_id: agencyId,
    received_on: demoDay(month, 28),
  };
  const amount = (remitted / 100).toFixed(2);
  await desk.perform("record-receipt", { ...receipt, amount }, key("remittance"));
}

/** What the agency owes for a batch, in cents: its collections less its commission. */
async function agencyNet(desk: OpenDesk, portfolioId: string, batchId: string): Promise<number> {
  const filter = { portfolio_id: portfolioId, batch_id: batchId, channel: "agency" as const, limit: 1000 };
  const { output } = await desk.perform("list-payments", filter);
  const cents = (text: string) => Number(text.replace(".", ""));
  return output.data.reduce((sum, payment) => sum + cents(payment.amount) - cents(payment.commission), 0);
}

async function putBack(desk: OpenDesk, portfolioId: string, accountNumbers: string[]): Promise<void> {
  const { output: purchases } = await desk.perform("list-purchases", { portfolio_id: portfolioId, limit: 1 });
  const order = {
    purchase_id: purchases.data[0]!.id,
    account_numbers: accountNumbers,
    reason: "bankrupt" as const,
    put_back_on: demoDay(2, 15),
  };
  const { output } = await desk.perform("put-back-receivables", order, { idempotencyKey: "demo-put-back" });
  const refund = { portfolio_id: portfolioId, kind: "put_back_refund" as const, amount: output.refund };
  const received = { ...refund, received_on: demoDay(2, 22) };
  await desk.perform("record-receipt", received, { idempotencyKey: "demo-refund" });
}

function tour(portfolioId: string, quoteId: string): string {
  return `This portfolio is made up; what was done with it is what you would do. Go on with:

  npx netback portfolios list
  npx netback portfolios findings ${portfolioId}
  npx netback quotes show ${quoteId}
  npx netback quotes reprice ${quoteId}
  npx netback report netback ${portfolioId} --as-of ${demoDay(11, 30)}
  npx netback report aging ${portfolioId}
  npx netback report trial-balance --portfolio ${portfolioId} --as-of ${demoDay(11, 30)}
  npx netback report entries ${portfolioId} --limit 20
  npx netback serve        (then http://localhost:3000, and /docs for the API)`;
}
