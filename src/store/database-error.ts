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
 * Turns an error from a statement into what may be thrown further: a refusal when the connection was lost, or when the
 * broken constraint is one that the act expected (by name, never by the database's words), a DatabaseFault for any other
 * database error, and anything else as it is.
 * Use: `catch (error) { throw mapDatabaseError(error, { quote_pkey: ["already_exists", "…"] }) }`.
 */
export function mapDatabaseError(error: unknown, expected: ConstraintRefusals = {}): unknown {
  if (isConnectionLost(error)) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "ended";
    const advice = "send the request again, a write under the same idempotency key";
    return new Refusal("database_unreachable", `the connection failed (${code}); ${advice}`);
  }
  if (error instanceof Error && error.name === "KnexTimeoutError") {
    return new Refusal("not_ready", "no connection to the database became free in time");
  }
  if (!(error instanceof DatabaseFault) && !isDriverError(error)) return error;
  const refusal = error.constraint === undefined ? undefined : expected[error.constraint];
  if (refusal !== undefined) return new Refusal(refusal[0], refusal[1]);
  return error instanceof DatabaseFault ? error : new DatabaseFault(error);
}

const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "EPIPE"]);
/** The server shuts down, has crashed, is starting, or has no connection left; class 08 is the connection's own. */
const lostStates = /^(08...|57P0[123]|53300)$/;
/** The driver's own words; knex writes the statement before them. */
const lostWords = /(Connection terminated( unexpectedly)?|timeout expired|is not queryable)$/;

/** True when the connection, and not the statement, is at fault: then nobody knows whether a commit came through. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  // a socket that is not there; any other ENOENT is about a file
  if (code === "ENOENT") return "syscall" in error && error.syscall === "connect";
  return unreachable.has(code) || lostStates.test(code) || lostWords.test(error.message);
}
