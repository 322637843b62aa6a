import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type OpenBooks, openBooks } from "./open-books.js";
import { netback } from "./run-netback.js";

/** A facility on the embedded database. */
describe("a facility on the command line", function () {
  this.timeout(180_000);
  let folder: string;
  let home: string;
  let books: OpenBooks;
  const ask = (...args: string[]) => books.ask(...args);
  const json = async (...args: string[]) => {
    const { code, out, err } = await ask(...args, "--json");
    expect(code, err).to.equal(0);
    return JSON.parse(out);
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "netback-facility-"));
    home = join(folder, "home");
    books = await openBooks(home);
  });
  after(async () => {
    await books.close();
    await rm(folder, { recursive: true });
  });

  it("goes from a file of invoices to the release of the reserve, alone on this machine", async () => {
    await json("debtors", "save", "D1", "--credit-limit", "50000.00");
    const terms = JSON.stringify({ advance_rate: "0.80", eligibility: { over_age_days: null } });
    const facility = await json("facilities", "open", "--name", "F", "--seller", "S", "--terms", terms);
    const file = join(folder, "invoices.csv");
    const header = "invoice_number,debtor_id,invoice_date,due_date,amount";
    await writeFile(file, `${header}\nA1,D1,2026-01-05,2026-02-04,10000.00\nA2,D1,2026-01-05,2026-01-04,1.00\n`);
    const schedule = await json("schedules", "submit", file, "--facility", facility.id);
    expect(schedule.findings.map(({ code }: { code: string }) => code)).to.deep.equal(["due_before_invoice"]);
    await json("schedules", "check", schedule.id);
    await json("schedules", "approve", schedule.id);
    const offered = await ask("schedules", "offer", schedule.id);
    expect(offered.out).to.match(/you get today \(USD\) +8,000\.00/);
    const funded = await json("schedules", "fund", schedule.id);
    expect(funded).to.deep.include({ state: "funded", net_funded: "8000.00" });
    const twice = await ask("schedules", "fund", schedule.id);
    expect([twice.code, /schedule_state/.test(twice.err)], twice.err).to.deep.equal([1, true]);
    const [invoice] = (await json("invoices", "list", facility.id)).data;
    const paid = JSON.stringify([{ invoice_id: invoice.id, amount: "9900.00", short_reason: "quality" }]);
    await json("invoices", "collect", facility.id, "--received-on", funded.funded_on, "--invoices", paid);
    const released = await json("facilities", "release", facility.id, "--released-on", funded.funded_on);
    expect(released.paid).to.equal("1600.00");
    const reserve = await json("facilities", "reserve", facility.id);
    expect(reserve).to.deep.include({ held: "2000.00", fees: "300.00", dilution: "100.00", balance: "0.00" });
    expect((await json("schedules", "settlement", schedule.id)).released).to.equal("1600.00");
    const today = funded.funded_on;
    const filed = ["--jurisdiction", "Delaware", "--file-number", "7", "--filed-on", today, "--cost", "75.00"];
    const filing = await json("filings", "record", facility.id, ...filed);
    expect((await json("filings", "list", "--lapses-within-days", "1827")).data[0].id).to.equal(filing.id);
    expect(
      (await json("filings", "update", filing.id, "--event", "terminated", "--happened-on", today)).state,
    ).to.equal("terminated");
    const charged = await json("facilities", "charge", facility.id, "--through", today);
    expect(charged).to.deep.include({ amount: "0.00", charges_due: "75.00" });
    const ended = await ask("facilities", "end", facility.id, "--ended-on", today, "--reason", "done");
    expect(ended.out, ended.err).to.match(/owed for charges +75\.00/);
    expect((await ask("schedules", "submit", file, "--facility", facility.id)).err).to.match(/facility_ended/);
    const owed = ["--paid-on", today, "--amount", "75.00", "--settles", "charges"];
    await json("facilities", "seller-paid", facility.id, ...owed);
    expect((await json("facilities", "settlement", facility.id)).settled).to.equal(true);
    const charges = await ask("facilities", "charges", facility.id);
    expect(charges.out).to.match(/filing +filed 1/);
    const learned = await ask("models", "fit-payment", "--facility-ids", facility.id);
    expect(learned.err, learned.out).to.match(/0 of 0 invoices of the facility were settled before .* needs 100/);
    expect((await ask("verify")).code).to.equal(0);
  });

  it("names a debtor, finds its papers by name and number, and takes a dispute from its reason to its end", async () => {
    const name = ["--debtor-name", "Quentin Blatherwick"];
    const saved = await ask("debtors", "save", "D2", ...name, "--seller", "S2", "--customer-number", "0042");
    expect([saved.code, /Blatherwick/.test(saved.out + saved.err)], saved.err).to.deep.equal([0, false]);
    const terms = JSON.stringify({ eligibility: { over_age_days: null, verification_over: "500.00" } });
    const facility = await json("facilities", "open", "--name", "F2", "--seller", "S2", "--terms", terms);
    const file = join(folder, "more.csv");
    await writeFile(
      file,
      "invoice_number,debtor_id,invoice_date,due_date,amount\nB1,D2,2026-01-05,2026-02-04,900.00\n",
    );
    const schedule = await json("schedules", "submit", file, "--facility", facility.id);
    const [{ id: invoice }] = (await json("invoices", "list", facility.id)).data;
    await json("invoices", "attach", invoice, "--kind", "proof_of_delivery", "--reference", "POD 1");
    for (const by of [
      ["--customer-number", "0042"],
      [...name, "--invoice-number", "B1"],
    ]) {
      const found = await ask("invoices", "documents", facility.id, ...by);
      expect([found.code, /POD 1/.test(found.out), /Blatherwick/.test(found.out)], by.join(" ")).to.deep.equal([
        0,
        true,
        false,
      ]);
    }
    expect((await ask("debtors", "list", "--customer-number", "0042")).out).to.match(/Quentin Blatherwick/);
    expect((await ask("debtors", "list", "--debtor-name", "blath quentin")).out).to.match(/Quentin Blatherwick/);
    const step = async () => (await json("schedules", "offer", schedule.id)).document.offer.eligible;
    expect(await step()).to.equal("0.00");
    await json("invoices", "verify-invoice", invoice, "--method", "call", "--verified-on", "2026-01-06");
    expect(await step()).to.equal("900.00");
    const raised = ["--reason", "quality", "--raised-on", "2026-01-07", "--amount", "200.00"];
    const dispute = await json("invoices", "dispute", invoice, ...raised);
    expect(await step()).to.equal("700.00");
    expect((await ask("invoices", "disputes", facility.id, "--state", "open")).out).to.match(/B1 +D2 +open +quality/);
    expect((await json("invoices", "dispute-aging", facility.id)).disputes, "of bought invoices").to.equal(0);
    const end = ["--outcome", "seller_cures", "--resolved-on", "2026-01-08"];
    expect((await json("invoices", "resolve", dispute.id, ...end)).days).to.equal(1);
    expect(await step()).to.equal("900.00");

    await books.close();
    const verified = await netback(["verify", "--json"], { env: { NETBACK_HOME: home } });
    expect(verified.code, verified.err).to.equal(0);
    expect(JSON.parse(verified.out), "a process of its own finds it all on the disk").to.include({ green: true });
  });
});
