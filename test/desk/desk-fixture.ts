import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Role } from "../../models/act.js";
import { type ActInput, type ActName, type ActOutput, acts } from "../../models/acts.js";
import { isRefusal, type Refusal } from "../../models/refusal.js";
import type { Desk, LogFields } from "../../src/desk/desk.js";
import { perform } from "../../src/desk/perform.js";
import { RootKey } from "../../src/store/root-key.js";
import type { Store } from "../../src/store/store.js";
import { openVault } from "../../src/store/vault.js";
import { nearReaders } from "../harness/readers.js";

export interface Doing {
  readonly tenantId?: string;
  readonly roles?: readonly Role[];
  readonly key?: string;
  readonly dryRun?: boolean;
  /** who does it; "tester" unless told */
  readonly actorId?: string;
}

/** A desk on a test's database, with a clock that the test sets and chance that is the same in every run. */
export class DeskFixture {
  readonly desk: Desk;
  readonly folder = mkdtempSync(join(tmpdir(), "netback-desk-test-"));
  readonly logged: { event: string; fields: LogFields }[] = [];
  clockMs = Date.parse("2026-01-15T09:00:00Z");
  /** whose acts these are, where an act does not say */
  tenantId = "alpha";
  #drawn = 0;
  #keys = 0;

  constructor(store: Store, parts: Partial<Pick<Desk, "readers">> = {}) {
    this.desk = {
      store,
      clock: () => this.clockMs,
      randomBytes: (count) =>
        createHash("sha256")
          .update(`draw ${this.#drawn++}`)
          .digest()
          .subarray(0, count),
      workFolder: this.folder,
      vault: openVault(new RootKey(Buffer.alloc(32, 7).toString("base64"))),
      readers: nearReaders,
      ...parts,
      log: (event, fields) => void this.logged.push({ event, fields }),
    };
  }

  setDay(day: string): void {
    this.clockMs = Date.parse(`${day}T09:00:00Z`);
  }

  /** Does an act as an administrator of the tenant with a key of its own; the output has the declared form. */
  async do<Name extends ActName>(name: Name, input: ActInput<Name>, doing: Doing = {}): Promise<ActOutput<Name>> {
    return (await this.answer(name, input, doing)).output;
  }

  async answer<Name extends ActName>(name: Name, input: ActInput<Name>, doing: Doing = {}) {
    const actor = {
      tenantId: doing.tenantId ?? this.tenantId,
      actorId: doing.actorId ?? "tester",
      roles: doing.roles ?? (["admin"] as const),
    };
    const idempotencyKey = doing.key ?? `key-${this.#keys++}`;
    const answer = await perform(this.desk, name, input, { actor, idempotencyKey, dryRun: doing.dryRun });
    const form = acts[name].output.safeParse(answer.output);
    expect(form.error?.issues ?? [], `the output of ${name}`).to.deep.equal([]);
    return answer;
  }

  /** The refusal of an act that must be refused. */
  async refusal<Name extends ActName>(name: Name, input: ActInput<Name>, doing: Doing = {}): Promise<Refusal> {
    try {
      await this.answer(name, input, doing);
    } catch (error) {
      if (isRefusal(error)) return error;
      throw error;
    }
    throw new Error(`${name} was done, and should have been refused`);
  }

  /** Writes a file and gives what an act takes for it. */
  file(name: string, text: string): { path: string; name: string } {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return { path, name };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const header =
  "account_number,debtor_name,state,product_type,open_date,charge_off_date,last_payment_date,current_balance,prior_placements,bankruptcy";

/**
 * A tape of so many credit cards, the balance of row n from 100.00 plus 37.11 x (n mod 97), in units of the currency.
 * Every 20th is bankrupt; names are of nobody.
 */
export function tapeText(rows: number, decimals = 2): string {
  const lines = [header];
  for (let n = 1; n <= rows; n++) {
    const balance = (100 + 37.11 * (n % 97)).toFixed(decimals);
    const state = ["CA", "TX", "NY", "FL"][n % 4];
    const product = ["credit_card", "personal_loan", "medical"][n % 3];
    const bankrupt = n % 20 === 0 ? "Y" : "N";
    lines.push(
      `A${n},Person ${n},${state},${product},2019-03-0${1 + (n % 9)},2023-0${1 + (n % 9)}-15,2022-11-01,${balance},${n % 4},${bankrupt}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

export interface Bought {
  readonly portfolioId: string;
  readonly quoteId: string;
  readonly purchaseId: string;
  readonly price: string;
}

export async function importedPortfolio(
  fixture: DeskFixture,
  how: { rows?: number; currency?: string; decimals?: number; name?: string } = {},
): Promise<string> {
  const { rows = 60, currency = "USD", decimals = 2, name = "Cards" } = how;
  const { id } = await fixture.do("create-portfolio", { name, seller: "First Bank", currency });
  const file = fixture.file(`${id}.csv`, tapeText(rows, decimals));
  await fixture.do("import-tape", { portfolio_id: id, file, as_of: "2026-01-01" });
  return id;
}

/** Through the acts: a portfolio, its tape, a quote, the purchase. */
export async function boughtPortfolio(
  fixture: DeskFixture,
  how: Parameters<typeof importedPortfolio>[1] = {},
): Promise<Bought> {
  const portfolioId = await importedPortfolio(fixture, how);
  const quote = await fixture.do("issue-quote", { portfolio_id: portfolioId });
  const purchase = await fixture.do("accept-quote", { quote_id: quote.id });
  return { portfolioId, quoteId: quote.id, purchaseId: purchase.id, price: purchase.price };
}
