import { Refusal, type RefusalCode } from "../../models/refusal.js";

/** What a caller may hear of a broken constraint: a refusal's code and a sentence of ours. */
export type ConstraintRefusals = Readonly<Record<string, readonly [code: RefusalCode, detail: string]>>;

/**
 * A statement that the database did not accept, and that no act expected: our bug, or an outage.
 *
 * It keeps the names (SQLSTATE, constraint, table, column) and leaves behind what the driver adds, because `detail`,
 * `where`, the bindings and the messages of data exceptions (class 22) quote values, and values may be a person's.
 */
export class DatabaseFault extends Error {
  readonly sqlState: string;
  readonly constraint: string | undefined;

  constructor(error: DriverError) {
    const names = [error.table, error.column, error.constraint].filter((name) => name !== undefined).join(", ");
    const quotesValues = error.code.startsWith("22") || error.code.startsWith("P0");
    super(`${error.code}${quotesValues ? "" : ` ${error.message}`}${names === "" ? "" : ` (${names})`}`);
    this.name = "DatabaseFault";
    this.sqlState = error.code;
    this.constraint = error.constraint;
  }
}

interface DriverError extends Error {
  code: string;
  constraint?: string;
  table?: string;
  column?: string;
}

function isDriverError(error: unknown): error is DriverError {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code)
  );
}

/** The SQLSTATE of a database error in either of its forms, else undefined. */
export function sqlStateOf(error: unknown): string | undefined {
  if (error instanceof DatabaseFault) return error.sqlState;
  return isDriverError(error) ? error.code : undefined;
}

/**
 * Turns an error from a statement into what may be thrown further: a refusal when the broken constraint is one that
 * the act expected (by name, never by the database's words), a DatabaseFault for any other database error, and
 * anything else as it is. Use: `catch (error) { throw mapDatabaseError(error, { quote_pkey: ["already_exists", "…"] }) }`.
 */
export function mapDatabaseError(error: unknown, expected: ConstraintRefusals = {}): unknown {
  if (!(error instanceof DatabaseFault) && !isDriverError(error)) return mapConnectionError(error);
  const refusal = error.constraint === undefined ? undefined : expected[error.constraint];
  if (refusal !== undefined) return new Refusal(refusal[0], refusal[1]);
  return error instanceof DatabaseFault ? error : new DatabaseFault(error);
}

const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "ECONNRESET", "ETIMEDOUT", "ENOENT", "EAI_AGAIN", "EPIPE"]);

function mapConnectionError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === "KnexTimeoutError") {
    return new Refusal("not_ready", "no connection to the database became free in time");
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const isLost = unreachable.has(code) || /^(Connection terminated|timeout expired)/.test(error.message);
  return isLost ? new Refusal("database_unreachable", `the connection failed (${code || "ended"})`) : error;
}
