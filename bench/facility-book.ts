import pg from "pg";
import type { ActInput } from "../models/acts.js";
import { addDays, formatDay, parseDay } from "../src/calendar/day.js";
import { quantile, type Result, type Setting, tenantId, thousands } from "./ledger-setting.js";

const debtors = 5000;
const perSchedule = 10_000;
const oldestDays = 120;

type Terms = NonNullable<ActInput<"open-facility">["terms"]>;
const fees = { initial_rate: "0.03", step_rate: "0.01", step_days: 10 };
const buying: Terms = {
  fee_schedule: fees,
  eligibility: { over_age_days: null },
};
/** What the base is reckoned by afterwards: every step has something to take. */
const holding: Terms = {
  fee_schedule: fees,
  eligibility: { over_age_days: 90, cross_age_threshold: "0.25", concentration_limit: "0.10" },
};

/** A facility with so many open invoices, bought through the acts in schedules of 10,000. */
export async function filledFacility(setting: Setting, invoices: number): Promise<string> {
  await setting.store.transaction({ tenantId }, (tx) =>
    tx.execute(
      `insert into factoring_debtor (tenant_id, debtor_id, currency, credit_limit_minor, actor, saved_at)
       select ?, 'D' || n, 'USD', case when n % 10 = 0 then 100000000 end, 'bench', now()
         from generate_series(0, ?::integer - 1) as n on conflict do nothing`,
      [tenantId, debtors],
    ),
  );
  await setting.do("set-books-policy", { second_person: "waived", reason: "one caller" });
  const { id } = await setting.do("open-facility", { name: "Bench", seller: "A seller", terms: buying });
  const today = parseDay(new Date(setting.desk.clock()).toISOString().slice(0, 10));
  for (let first = 0; first < invoices; first += perSchedule) {
    const rows = Array.from({ length: Math.min(perSchedule, invoices - first) }, (_, k) => {
      const n = first + k;
      const issuedOn = addDays(today, -(n % oldestDays));
      return {
        invoice_number: `I${n}`,
        debtor_id: `D${n % debtors}`,
        invoice_date: formatDay(issuedOn),
        due_date: formatDay(addDays(issuedOn, 30)),
        amount: `${100 + (n % 9000)}.${10 + (n % 90)}`,
        purchase_order: `P${n}`,
        country: "US",
      };
    });
    const { id: schedule_id } = await setting.do("submit-schedule", { facility_id: id, invoices: rows });
    await setting.do("check-schedule", { schedule_id });
    await setting.do("approve-schedule", { schedule_id });
    await setting.do("offer-schedule", { schedule_id });
    await setting.do("fund-schedule", { schedule_id });
  }
  await setting.do("change-facility-terms", { facility_id: id, terms: holding, reason: "for the base" });
  await setting.store.asOwner((knex) => knex.raw("vacuum analyze"));
  return id;
}

async function milliseconds(count: number, work: () => Promise<unknown>): Promise<number> {
  const measures: number[] = [];
  for (let k = 0; k < count; k++) {
    const start = performance.now();
    await work();
    measures.push(performance.now() - start);
  }
  return quantile(measures, 0.5);
}

/** The peer of the readings: the columns that a base needs, selected with nothing but the driver, as texts of its own. */
async function bareSelect({ store, url }: Setting, facilityId: string): Promise<number> {
  const portfolioId = facilityId.replace(/^fa_/, "pf_");
  const columns =
    "invoice_no, debtor_id, invoice_on, due_on, open_minor, employed_minor, disputed, country, debtor_type";
  if (url === undefined) {
    const sql = `select ${columns} from invoice where portfolio_id = ? and open_minor > 0`;
    return milliseconds(5, () => store.asOwner((knex) => knex.raw(sql, [portfolioId])));
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`set app.tenant = '${tenantId}'`);
    const sql = `select ${columns} from invoice where portfolio_id = $1 and open_minor > 0`;
    return await milliseconds(5, () => client.query(sql, [portfolioId]));
  } finally {
    await client.end();
  }
}

/** Readings of a facility with so many open invoices, beside what it takes to select the same rows. */
export async function facilityReadings(setting: Setting, invoices: number): Promise<Result[]> {
  const facility_id = await filledFacility(setting, invoices);
  const peer = await bareSelect(setting, facility_id);
  const limit = (1000 * invoices) / 100_000;
  const line = (work: string, measured: number): Result => ({
    work: `${work} of ${thousands(invoices)} open invoices, ${setting.name}`,
    target: "<= 1,000 ms per 100,000",
    measured: `${measured.toFixed(0)} ms; a bare select of the rows ${peer.toFixed(0)} ms`,
    ratio: `${(measured / limit).toFixed(2)} of limit, ${(measured / peer).toFixed(1)} selects`,
  });
  return [
    line("aging", await milliseconds(5, () => setting.do("report-facility-aging", { facility_id }))),
    line("borrowing base", await milliseconds(5, () => setting.do("report-availability", { facility_id }))),
  ];
}
