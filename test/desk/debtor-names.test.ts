import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { DeskFixture } from "./desk-fixture.js";
import { openedFacility, stated } from "./facility-fixture.js";

/** A name of nobody, which may stand in the vault and in the answer to a reader. */
const canary = "Zyxwv Quillfeather GmbH";

eachDatabase("what debtors are called, and their documents", (open) => {
  let fixture: DeskFixture;
  let facility_id: string;
  const invoiceOf = new Map<string, string>();
  const march = { invoice_date: "2026-03-01", due_date: "2026-03-31" };
  const april = { invoice_date: "2026-04-01", due_date: "2026-04-30" };

  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    fixture.setDay("2026-04-02");
    for (const debtor_id of ["D1", "D2"]) await fixture.do("save-debtor", { debtor_id });
    facility_id = (await openedFacility(fixture, { seller: "Able  Goods" })).facilityId;
    await fixture.do("submit-schedule", {
      facility_id,
      invoices: [
        stated({ ...march, invoice_number: "A1", debtor_name: canary, customer_number: "0071" }),
        stated({ ...april, invoice_number: "A2" }),
        stated({ ...march, invoice_number: "A3", debtor_id: "D2", debtor_name: "Other Ltd", customer_number: "0072" }),
      ],
    });
    const { data } = await fixture.do("list-invoices", { facility_id });
    for (const { invoice_number, id: invoice_id } of data) {
      invoiceOf.set(invoice_number, invoice_id);
      for (const kind of ["purchase_order", "proof_of_delivery"] as const) {
        await fixture.do("attach-document", { invoice_id, kind, reference: `${kind} ${invoice_number}` });
      }
    }
  });
  after(() => fixture.remove());

  const searches: readonly [object, readonly string[], string][] = [
    [{ debtor_name: canary }, ["A1", "A2"], "every document of the debtor, whichever row named it"],
    [{ debtor_name: "  zyxwv   QUILLFEATHER gmbh" }, ["A1", "A2"], "capitals and blanks do not matter"],
    [{ debtor_name: "Zyxwv" }, ["A1", "A2"], "a word of it"],
    [{ debtor_name: "gmbh, zyx" }, ["A1", "A2"], "the beginnings of its words, in any order"],
    [{ debtor_name: "Ly Quill" }, [], "all words that are asked for"],
    [{ debtor_name: "feather" }, [], "the end of a word is no beginning"],
    [{ debtor_name: "zy" }, [], "two letters are a whole word or nothing"],
    [{ debtor_name: "-- ." }, [], "no word is nobody"],
    [{ customer_number: "0072" }, ["A3"], "the seller's number, zeros and all"],
    [{ customer_number: "72" }, [], "another number"],
    [{ invoice_number: "A2" }, ["A2"], "invoice number"],
    [{ dated_from: "2026-04-01", dated_to: "2026-04-01" }, ["A2"], "date of the invoice"],
    [
      { debtor_name: canary, customer_number: "0071", invoice_number: "A1", dated_to: "2026-03-01" },
      ["A1"],
      "together",
    ],
    [{ debtor_name: canary, customer_number: "0072" }, [], "a name and a number of two debtors"],
    [{ debtor_name: "Other Ltd", debtor_id: "D1" }, [], "a name and another's id"],
  ];
  for (const [by, found, why] of searches) {
    it(`finds purchase orders and proofs alike by ${Object.keys(by).join(", ")}: ${why}`, async () => {
      for (const kind of ["purchase_order", "proof_of_delivery"] as const) {
        const { data } = await fixture.do("list-documents", { facility_id, kind, ...by });
        expect(data.map((paper) => paper.reference)).to.deep.equal(found.map((number) => `${kind} ${number}`));
      }
    });
  }

  it("takes names and numbers from a file, customer_number as it is written, and as the debtor where no debtor is named", async () => {
    const { facilityId } = await openedFacility(fixture, { seller: "File Co" });
    const header = "invoice_number,customer_id,customer_name,customer_number,invoice_date,due_date,amount";
    const text = `${header}\nF1,D1,Filed Name,007,2026-03-01,2026-03-31,100.00\n`;
    await fixture.do("import-schedule", { facility_id: facilityId, file: fixture.file("named.csv", text) });
    const { data } = await fixture.do("list-debtors", { customer_number: "007" });
    expect(data.map(({ debtor_id, customer_numbers }) => [debtor_id, customer_numbers])).to.deep.equal([
      [
        "D1",
        [
          { seller: "able goods", customer_number: "0071" },
          { seller: "file co", customer_number: "007" },
        ],
      ],
    ]);
    const alone = "invoice_number,customer_number,invoice_date,due_date,amount\nF2,D2,2026-03-01,2026-03-31,100.00\n";
    await fixture.do("import-schedule", { facility_id: facilityId, file: fixture.file("alone.csv", alone) });
    const invoices = await fixture.do("list-invoices", { facility_id: facilityId, invoice_number: "F2" });
    expect(invoices.data[0]!.debtor_id).to.equal("D2");
  });

  it("a seller's word is its own: another seller's facility does not find by it, the factor's name is found everywhere", async () => {
    const { facilityId } = await openedFacility(fixture, { seller: "Second" });
    await fixture.do("submit-schedule", { facility_id: facilityId, invoices: [stated({ ...march, debtor_id: "D1" })] });
    const invoice_id = (await fixture.do("list-invoices", { facility_id: facilityId })).data[0]!.id;
    await fixture.do("attach-document", { invoice_id, kind: "other", reference: "S" });
    const by = async (debtor_name: string) =>
      (await fixture.do("list-documents", { facility_id: facilityId, debtor_name })).data.length;
    expect(await by(canary)).to.equal(0);
    await fixture.do("save-debtor", { debtor_id: "D1", debtor_name: "House Name" });
    expect(await by("house name")).to.equal(1);
    const { data } = await fixture.do("list-debtors", { debtor_name: canary });
    expect(data.map(({ debtor_id, debtor_name }) => [debtor_id, debtor_name])).to.deep.equal([["D1", "House Name"]]);
  });

  it("a number that is another debtor's is a finding in a schedule, and a refusal in an order", async () => {
    const invoices = [stated({ ...march, debtor_id: "D2", customer_number: "0071" })];
    const { findings } = await fixture.do("submit-schedule", { facility_id, invoices });
    expect(findings.map(({ code, value }) => [code, value])).to.deep.equal([["customer_number_taken", "0071"]]);
    const order = { debtor_id: "D2", seller: "able goods", customer_number: "0071" };
    expect((await fixture.refusal("save-debtor", order)).code).to.equal("already_exists");
  });

  it("a schedule that names one debtor's number twice for two debtors keeps the first", async () => {
    const invoices = [
      stated({ ...march, debtor_id: "D7", customer_number: "99" }),
      stated({ ...march, debtor_id: "D8", customer_number: "99" }),
    ];
    const { findings } = await fixture.do("submit-schedule", { facility_id, invoices });
    expect(findings.filter(({ code }) => code === "customer_number_taken").map(({ row }) => row)).to.deep.equal([2]);
  });

  it("names stand in no table in the clear, and in no kept answer, log or finding", async () => {
    await fixture.do("save-debtor", { debtor_id: "D3", debtor_name: canary }, { key: "named" });
    const { data } = await fixture.do("list-debtors", { debtor_id: "D3" });
    expect(data[0]!.debtor_name).to.equal(canary);
    const words = await fixture.desk.store.asOwner(async (knex) => {
      const { rows } = await knex.raw<{ rows: { name: string }[] }>(
        "select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
      );
      const found: string[] = [];
      for (const { name } of rows) {
        const hits = await knex.raw<{ rows: unknown[] }>(
          "select from ?? t where to_jsonb(t)::text ilike '%quillfeather%' or to_jsonb(t)::text ilike ?",
          [name, `%${Buffer.from("Quillfeather").toString("hex")}%`],
        );
        if (hits.rows.length > 0) found.push(name);
      }
      return found;
    });
    expect(words).to.deep.equal([]);
    expect(JSON.stringify(fixture.logged)).not.to.match(/quillfeather/i);
    // a kept order tells another name from this one, by a hash that cannot be guessed at
    const other = await fixture.refusal("save-debtor", { debtor_id: "D3", debtor_name: "X" }, { key: "named" });
    expect(other.code).to.equal("idempotency_key_reused");
  });

  it("finds names that were kept before they had bits, which get them as names are saved", async () => {
    const unread = () =>
      fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
        tx.query<{ debtor_id: string }>(
          "select debtor_id from debtor_naming where name_bits is null and sealed_name is not null",
        ),
      );
    await fixture.do("save-debtor", { debtor_id: "D4", debtor_name: "Émile Størmer & Cie" });
    await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.execute("update debtor_naming set name_bits = null"),
    );
    const before = (await unread()).length;
    expect(before).to.be.greaterThan(3);
    const by = async (debtor_name: string) =>
      (await fixture.do("list-debtors", { debtor_name })).data.map(({ debtor_id }) => debtor_id);
    expect(await by("emil cie")).to.deep.equal(["D4"]);
    expect(await by("quill")).to.include("D3");
    expect(await unread()).to.have.length(before);
    await fixture.do("save-debtor", { debtor_id: "D5", debtor_name: "Emilia" });
    expect(await unread()).to.deep.equal([]);
    expect(await by("EMIL")).to.deep.equal(["D4", "D5"]);
    expect(await by("quill")).to.include("D3");
    // another tenant finds nothing by it, and its bits for the same name are others
    expect((await fixture.do("list-debtors", { debtor_name: "emil" }, { tenantId: "beta" })).data).to.deep.equal([]);
  });

  it("finds by a part that a changed name has, and not by one that it had", async () => {
    await fixture.do("save-debtor", { debtor_id: "D5", debtor_name: "Ortrud Weiss" });
    // what is saved without a name leaves it as it was
    await fixture.do("save-debtor", { debtor_id: "D5", seller: "able goods", customer_number: "5" });
    const by = async (debtor_name: string) => (await fixture.do("list-debtors", { debtor_name })).data.length;
    expect([await by("ortr"), await by("emilia")]).to.deep.equal([1, 0]);
    await fixture.do("save-debtor", { debtor_id: "D5", forget_names: true });
    expect(await by("ortr")).to.equal(0);
    const kept = await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.query("select name_bits, sealed_name from debtor_naming where debtor_id = 'D5'"),
    );
    expect(kept.length).to.be.greaterThan(0);
    for (const row of kept) expect(row).to.deep.equal({ name_bits: null, sealed_name: null });
  });

  it("forgets every name of a debtor, and finds it by none", async () => {
    await fixture.do("save-debtor", { debtor_id: "D1", forget_names: true });
    expect((await fixture.do("list-debtors", { debtor_id: "D1" })).data[0]!.debtor_name).to.equal(null);
    const found = await fixture.do("list-documents", { facility_id, debtor_name: canary });
    expect(found.data).to.deep.equal([]);
    const part = await fixture.do("list-documents", { facility_id, debtor_name: "quill" });
    expect(part.data).to.deep.equal([]);
    expect((await fixture.do("list-documents", { facility_id, customer_number: "0071" })).data).to.have.length(4);
  });
});
