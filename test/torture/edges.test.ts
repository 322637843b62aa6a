import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { openServer, type TestServer } from "../http/open-server.js";
import { order, seedTape } from "../http/seed-book.js";

/** A value as it stands in the JSON of a request, what must come of it, and why. `done` gives the amount as it is kept. */
interface Edge {
  readonly json: string;
  readonly is: string;
  readonly why: string;
}

const done = (amount: string) => `done ${amount}`;

/** Of every amount, whatever the currency. */
const anywhere: readonly Edge[] = [
  { json: "0", is: "invalid_request", why: "a number of JSON: its digits may have been lost before we see them" },
  { json: "12.5", is: "invalid_request", why: "a float" },
  { json: "1e3", is: "invalid_request", why: "a float" },
  { json: "9007199254740993", is: "invalid_request", why: "2^53 + 1: JSON would read another number" },
  { json: "9223372036854775808", is: "invalid_request", why: "2^63 as a number" },
  { json: "-0", is: "invalid_request", why: "a number" },
  { json: "null", is: "invalid_request", why: "nothing is not zero" },
  { json: "true", is: "invalid_request", why: "a flag" },
  { json: "[]", is: "invalid_request", why: "a list" },
  { json: '["1"]', is: "invalid_request", why: "a list of one" },
  { json: "{}", is: "invalid_request", why: "an object" },
  { json: '""', is: "invalid_request", why: "empty" },
  { json: '" "', is: "invalid_request", why: "blank" },
  { json: '" 1"', is: "invalid_request", why: "a space before" },
  { json: '"1 "', is: "invalid_request", why: "a space after" },
  { json: '"+1"', is: "invalid_request", why: "a sign that says nothing" },
  { json: '"--1"', is: "invalid_request", why: "two signs" },
  { json: '"1e3"', is: "invalid_request", why: "an exponent" },
  { json: '"1E+3"', is: "invalid_request", why: "an exponent" },
  { json: '"0x10"', is: "invalid_request", why: "hexadecimal" },
  { json: '"1_000"', is: "invalid_request", why: "a programmer's thousand" },
  { json: '"1,000"', is: "invalid_request", why: "thousands are not separated on the wire" },
  { json: '"1,5"', is: "invalid_request", why: "a decimal comma" },
  { json: '"NaN"', is: "invalid_request", why: "not a number" },
  { json: '"Infinity"', is: "invalid_request", why: "not a number" },
  { json: '"-Infinity"', is: "invalid_request", why: "not a number" },
  { json: '"١٢"', is: "invalid_request", why: "digits of another script" },
  { json: '"１２"', is: "invalid_request", why: "wide digits" },
  { json: '"1\\u0000"', is: "invalid_request", why: "a NUL" },
  { json: '"1\\n"', is: "invalid_request", why: "a line end, which a lax pattern lets pass" },
  { json: '"(5)"', is: "invalid_request", why: "a bookkeeper's minus" },
  { json: '"$5"', is: "invalid_request", why: "a currency sign" },
  { json: '"1."', is: "invalid_request", why: "no digit after the point" },
  { json: '".5"', is: "invalid_request", why: "no digit before the point" },
  { json: '"1.2.3"', is: "invalid_request", why: "two points" },
  { json: '"0"', is: "amount_invalid", why: "zero moves nothing" },
  { json: '"-0"', is: "amount_invalid|invalid_request", why: "nor does its negative; a receipt has no minus" },
  {
    json: '"99999999999999999999999999999999999999999"',
    is: "invalid_request|amount_out_of_range",
    why: "no column holds it",
  },
  { json: '"1"', is: "done", why: "an amount" },
];

const minor: Readonly<Record<string, readonly Edge[]>> = {
  USD: [
    { json: '"0.00"', is: "amount_invalid", why: "zero" },
    { json: '"0.01"', is: done("0.01"), why: "one cent" },
    { json: '"1.5"', is: done("1.50"), why: "a tenth is ten hundredths" },
    { json: '"1.005"', is: "amount_invalid", why: "half a cent" },
    { json: '"1.000"', is: "amount_invalid|done 1.00", why: "three decimals where two are kept" },
    { json: '"10000000000000.00"', is: done("10000000000000.00"), why: "the bound itself" },
    { json: '"10000000000000.01"', is: "amount_out_of_range", why: "one cent over the bound" },
    { json: '"92233720368547758.07"', is: "amount_out_of_range", why: "2^63 - 1 cents" },
    { json: '"92233720368547758.08"', is: "amount_out_of_range", why: "2^63 cents" },
  ],
  JPY: [
    { json: '"1.0"', is: "amount_invalid|done 1", why: "no decimals are kept" },
    { json: '"0.5"', is: "amount_invalid", why: "half a yen" },
    { json: '"1000000000000000"', is: done("1000000000000000"), why: "the bound itself" },
    { json: '"1000000000000001"', is: "amount_out_of_range", why: "one yen over the bound" },
    { json: '"9223372036854775807"', is: "amount_out_of_range", why: "2^63 - 1 yen" },
    { json: '"9223372036854775808"', is: "amount_out_of_range", why: "2^63 yen" },
  ],
  KWD: [
    { json: '"0.001"', is: done("0.001"), why: "one fils" },
    { json: '"1.005"', is: done("1.005"), why: "three decimals are kept" },
    { json: '"1.0005"', is: "amount_invalid", why: "half a fils" },
    { json: '"1000000000000.000"', is: done("1000000000000.000"), why: "the bound itself" },
    { json: '"1000000000000.001"', is: "amount_out_of_range", why: "one fils over the bound" },
    { json: '"9223372036854775.808"', is: "amount_out_of_range", why: "2^63 fils" },
  ],
};

/** Every act whose amount moves money: how it is sent, what it does with a minus (of what was paid before), and to cash. */
const money = [
  {
    act: "payment",
    path: "/v1/payments",
    day: "paid_on",
    negative: "done",
    cash: 1n,
    rest: { account_number: "E-001" },
  },
  { act: "cost", path: "/v1/costs", day: "incurred_on", negative: "done", cash: -1n, rest: { cost_type: "media" } },
  {
    act: "receipt",
    path: "/v1/receipts",
    day: "received_on",
    negative: "invalid_request",
    cash: 1n,
    rest: { kind: "put_back_refund" },
  },
] as const;

eachDatabase("amounts at the edges", (open) => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await openServer(await open());
  });
  after(() => server.close());

  async function boughtIn(currency: string): Promise<string> {
    const portfolio = await order(server, "/v1/portfolios", { body: { name: currency, seller: "S", currency } });
    const tape = seedTape("E").replaceAll(/(\d)\.(25|00)(?=[,\n])/g, currency === "JPY" ? "$1" : "$1.$2");
    const job = await order(server, `/v1/portfolios/${portfolio.id}/tape?as_of=2025-12-31&file_name=t.csv`, {
      headers: { "content-type": "text/csv" },
      body: tape,
    });
    expect((await server.finished(job.id)).state).to.equal("succeeded");
    const quote = await order(server, `/v1/portfolios/${portfolio.id}/quotes`, { body: { as_of: "2025-12-31" } });
    await order(server, `/v1/quotes/${quote.id}/accept`, { body: { closing_on: "2026-01-05" } });
    return portfolio.id;
  }

  const balances = async (portfolio: string) =>
    (await server.ask("GET", `/v1/ledger/trial-balance?portfolio_id=${portfolio}`)).json.accounts;

  const minorOf = (amount: string) => BigInt(amount.replace(".", ""));
  async function cashOf(portfolio: string): Promise<bigint> {
    const accounts = (await balances(portfolio)) as { code: string; balance: string }[];
    return minorOf(accounts.find(({ code }) => code === "1000")!.balance);
  }

  let keys = 0;
  const send = (path: string, body: string) =>
    server.ask("POST", path, {
      headers: { "content-type": "application/json", "idempotency-key": `edge-${keys++}` },
      body,
    });

  /** Sends a file of payments on one receivable and gives its job, ended. */
  async function sendFile(portfolio: string, amounts: readonly string[]) {
    const rows = amounts.map((amount, i) => `E-002,${amount},2026-02-01,${keys}-${i}`);
    const job = await server.ask("POST", `/v1/payments/batch?portfolio_id=${portfolio}&file_name=f.csv`, {
      headers: { "content-type": "text/csv", "idempotency-key": `edge-${keys++}` },
      body: `account_number,amount,paid_on,external_id\n${rows.join("\n")}\n`,
    });
    return server.finished(job.json.id);
  }

  for (const currency of ["USD", "JPY", "KWD"] as const) {
    it(`${currency}: are refused by name or taken exactly, and a refused one leaves no trace`, async function () {
      this.timeout(120_000);
      const portfolio = await boughtIn(currency);
      const wrong: string[] = [];
      for (const { act, path, day, negative, cash, rest } of money) {
        const minus = { json: '"-1"', is: negative, why: "a minus" };
        const before = await cashOf(portfolio);
        let taken = 0n;
        for (const { json, is, why } of [...anywhere, minus, ...minor[currency]!]) {
          const fields = JSON.stringify({ portfolio_id: portfolio, [day]: "2026-02-01", ...rest });
          const { status, json: answer } = await send(path, `${fields.slice(0, -1)},"amount":${json}}`);
          const came = status < 300 ? done(answer.amount) : answer.code;
          if (status < 300) taken += minorOf(answer.amount);
          if (!is.split("|").some((one) => came === one || (one === "done" && status < 300)))
            wrong.push(`${act} ${json} (${why}): ${came}, not ${is}`);
        }
        expect((await cashOf(portfolio)) - before, `${act}: cash, of what was taken alone`).to.equal(cash * taken);
      }
      expect(wrong).to.deep.equal([]);
    });
  }

  it("keep sums of the largest movements exact, far over what a float could", async function () {
    this.timeout(60_000);
    const portfolio = await boughtIn("USD");
    const rows = [...Array.from({ length: 95 }, () => "10000000000000.00"), "0.01"];
    expect((await sendFile(portfolio, rows)).result.recorded).to.equal(96);
    const accounts = (await balances(portfolio)) as { code: string; balance: string }[];
    const of = (code: string) => BigInt(accounts.find((one) => one.code === code)!.balance.replace(".", ""));
    const sum = accounts.reduce((total, { balance }) => total + BigInt(balance.replace(".", "")), 0n);
    expect(sum).to.equal(0n);
    // what came in is what was applied and what is kept for the debtor, to the cent
    expect(-of("4000") - of("2100")).to.equal(95n * 10n ** 15n + 1n);
  });

  it("end where no column could hold their sum: the row is refused, and the books stay as they are", async function () {
    this.timeout(60_000);
    const portfolio = await boughtIn("USD");
    const before = await balances(portfolio);
    const ended = await sendFile(
      portfolio,
      Array.from({ length: 9300 }, () => "10000000000000.00"),
    );
    const codes = [...new Set((ended.result?.refused ?? [ended.error]).map((one: { code: string }) => one.code))];
    expect(codes).to.deep.equal(["amount_out_of_range"]);
    if (ended.state !== "succeeded") expect(await balances(portfolio)).to.deep.equal(before);
  });
});
