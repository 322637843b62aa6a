import type { CarryingMethod } from "../../models/portfolio.js";
import type { forecastSources } from "../../models/revenue.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import type { Tx } from "./transaction.js";

/** Since when a portfolio is carried by a method, and at what it began. */
export interface StoredBasis {
  readonly basisNo: number;
  readonly method: CarryingMethod;
  readonly startsOn: string;
  readonly carryingMinor: bigint;
  /** null under cost recovery */
  readonly eirMonthly: number | null;
  readonly forecastVersion: number | null;
  readonly reason: string | null;
  readonly recordedAt: string;
  /** of the entry of the change; null for the first method */
  readonly sequence: bigint | null;
}

export interface StoredForecast {
  readonly version: number;
  readonly source: (typeof forecastSources)[number];
  /** first day of the month at whose end it is first used */
  readonly usedFrom: string;
  readonly firstMonth: string;
  readonly amountsMinor: readonly bigint[];
  /** the curve it was made with; null where it was made without one */
  readonly curveId: string | null;
  readonly reason: string | null;
  readonly actor: string;
  readonly recordedAt: string;
}

export interface StoredRevenueMonth {
  /** first day of the month */
  readonly month: string;
  readonly revision: number;
  readonly basisNo: number;
  readonly forecastVersion: number;
  readonly eirMonthly: number;
  readonly share: number;
  readonly openingMinor: bigint;
  readonly revenueMinor: bigint;
  readonly cashMinor: bigint;
  readonly forecastCashMinor: bigint;
  readonly changeCurrentMinor: bigint;
  readonly changeFutureMinor: bigint;
  readonly otherMinor: bigint;
  readonly closingMinor: bigint;
  readonly sequences: readonly bigint[];
  readonly recordedAt: string;
}

const always = "infinity";

/** The bases of a portfolio, first to last, as they were known at an instant. */
export async function readBases(tx: Tx, portfolioId: string, knownAt?: string): Promise<StoredBasis[]> {
  const rows = await tx.query<{
    basis_no: number;
    method: CarryingMethod;
    starts_on: string;
    carrying_minor: bigint;
    eir_monthly: number | null;
    forecast_version: number | null;
    reason: string | null;
    recorded_at: string;
    sequence: bigint | null;
  }>(
    `select basis_no, method, starts_on, carrying_minor, eir_monthly, forecast_version, reason, recorded_at, sequence
       from carrying_basis where portfolio_id = ? and recorded_at <= ?::timestamptz order by basis_no`,
    [portfolioId, knownAt ?? always],
  );
  return rows.map((r) => ({
    basisNo: r.basis_no,
    method: r.method,
    startsOn: r.starts_on,
    carryingMinor: r.carrying_minor,
    eirMonthly: r.eir_monthly,
    forecastVersion: r.forecast_version,
    reason: r.reason,
    recordedAt: r.recorded_at,
    sequence: r.sequence,
  }));
}

export async function insertBasis(tx: Tx, portfolioId: string, basis: StoredBasis): Promise<void> {
  await tx.execute(
    `insert into carrying_basis (portfolio_id, tenant_id, basis_no, method, starts_on, carrying_minor, eir_monthly,
                                 forecast_version, reason, actor, recorded_at, sequence)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      portfolioId,
      tx.tenantId,
      basis.basisNo,
      basis.method,
      basis.startsOn,
      basis.carryingMinor,
      basis.eirMonthly,
      basis.forecastVersion,
      basis.reason,
      tx.actor ?? "unknown",
      basis.recordedAt,
      basis.sequence,
    ],
  );
}

interface ForecastRow {
  version: number;
  source: StoredForecast["source"];
  used_from: string;
  first_month: string;
  amounts_minor: bigint[];
  curve_id: string | null;
  reason: string | null;
  actor: string;
  recorded_at: string;
}

const forecastColumns = "version, source, used_from, first_month, amounts_minor, curve_id, reason, actor, recorded_at";

function forecastOf(row: ForecastRow): StoredForecast {
  return {
    version: row.version,
    source: row.source,
    usedFrom: row.used_from,
    firstMonth: row.first_month,
    amountsMinor: row.amounts_minor,
    curveId: row.curve_id,
    reason: row.reason,
    actor: row.actor,
    recordedAt: row.recorded_at,
  };
}

/** Every forecast of the portfolio, first to last, as they were known at an instant. */
export async function readForecasts(tx: Tx, portfolioId: string, knownAt?: string): Promise<StoredForecast[]> {
  const rows = await tx.query<ForecastRow>(
    `select ${forecastColumns} from recovery_forecast
      where portfolio_id = ? and recorded_at <= ?::timestamptz order by version`,
    [portfolioId, knownAt ?? always],
  );
  return rows.map(forecastOf);
}

export async function listForecasts(tx: Tx, portfolioId: string, request: PageRequest): Promise<Page<StoredForecast>> {
  const after = readCursor(request, ["number"]);
  const where = new Where().add("portfolio_id = ?", portfolioId).add("version > ?", after?.[0]);
  const rows = await tx.query<ForecastRow>(
    `select ${forecastColumns} from recovery_forecast ${where.sql} order by version limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, { document: forecastOf, key: (row) => [row.version] });
}

export async function insertForecast(tx: Tx, portfolioId: string, forecast: StoredForecast): Promise<void> {
  await tx.execute(
    `insert into recovery_forecast (portfolio_id, tenant_id, version, source, used_from, first_month, amounts_minor, curve_id,
                                    reason, actor, recorded_at)
     values (?, ?, ?, ?, ?, ?, ?::bigint[], ?, ?, ?, ?)`,
    [
      portfolioId,
      tx.tenantId,
      forecast.version,
      forecast.source,
      forecast.usedFrom,
      forecast.firstMonth,
      forecast.amountsMinor,
      forecast.curveId,
      forecast.reason,
      forecast.actor,
      forecast.recordedAt,
    ],
  );
}

interface MonthRow {
  month: string;
  revision: number;
  basis_no: number;
  forecast_version: number;
  eir_monthly: number;
  share: number;
  opening_minor: bigint;
  revenue_minor: bigint;
  cash_minor: bigint;
  forecast_cash_minor: bigint;
  change_current_minor: bigint;
  change_future_minor: bigint;
  other_minor: bigint;
  closing_minor: bigint;
  sequences: bigint[];
  recorded_at: string;
}

/** The last revision of every month that was accrued, as they were known at an instant. */
export async function readRevenueMonths(tx: Tx, portfolioId: string, knownAt?: string): Promise<StoredRevenueMonth[]> {
  const rows = await tx.query<MonthRow>(
    `select distinct on (month) month, revision, basis_no, forecast_version, eir_monthly, share, opening_minor,
            revenue_minor, cash_minor, forecast_cash_minor, change_current_minor, change_future_minor, other_minor,
            closing_minor, sequences, recorded_at
       from revenue_month where portfolio_id = ? and recorded_at <= ?::timestamptz order by month, revision desc`,
    [portfolioId, knownAt ?? always],
  );
  return rows.map((r) => ({
    month: r.month,
    revision: r.revision,
    basisNo: r.basis_no,
    forecastVersion: r.forecast_version,
    eirMonthly: r.eir_monthly,
    share: r.share,
    openingMinor: r.opening_minor,
    revenueMinor: r.revenue_minor,
    cashMinor: r.cash_minor,
    forecastCashMinor: r.forecast_cash_minor,
    changeCurrentMinor: r.change_current_minor,
    changeFutureMinor: r.change_future_minor,
    otherMinor: r.other_minor,
    closingMinor: r.closing_minor,
    sequences: r.sequences,
    recordedAt: r.recorded_at,
  }));
}

export async function insertRevenueMonths(
  tx: Tx,
  portfolioId: string,
  months: readonly StoredRevenueMonth[],
): Promise<void> {
  const columns = `portfolio_id, tenant_id, month, revision, basis_no, forecast_version, eir_monthly, share, opening_minor,
    revenue_minor, cash_minor, forecast_cash_minor, change_current_minor, change_future_minor, other_minor, closing_minor,
    sequences, actor, recorded_at`;
  for (const m of months) {
    await tx.execute(
      `insert into revenue_month (${columns})
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::bigint[], ?, ?)`,
      [
        portfolioId,
        tx.tenantId,
        m.month,
        m.revision,
        m.basisNo,
        m.forecastVersion,
        m.eirMonthly,
        m.share,
        m.openingMinor,
        m.revenueMinor,
        m.cashMinor,
        m.forecastCashMinor,
        m.changeCurrentMinor,
        m.changeFutureMinor,
        m.otherMinor,
        m.closingMinor,
        m.sequences,
        tx.actor ?? "unknown",
        m.recordedAt,
      ],
    );
  }
}

/** Portfolios that are bought and carried by effective interest, in sorted order: locks are taken in it. */
export async function portfoliosBearingInterest(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ portfolio_id: string }>(
    `select f.portfolio_id from portfolio f join ledger_head h on h.portfolio_id = f.portfolio_id
      where f.carrying_method = 'effective_interest' order by 1`,
  );
  return rows.map((row) => row.portfolio_id);
}

export async function setPortfolioMethod(tx: Tx, portfolioId: string, method: CarryingMethod): Promise<void> {
  await tx.execute("update portfolio set carrying_method = ? where portfolio_id = ?", [method, portfolioId]);
}
