import { Refusal } from "../../models/refusal.js";
import { appRole } from "./copy.js";
import { sqlStateOf } from "./database-error.js";

/** In whose name a transaction runs. */
export interface Scope {
  /** `^[a-z0-9_]{1,40}$`; row security shows this tenant's rows and no other */
  readonly tenantId: string;
  /** who acts, for the books: a key's id, "cli", "demo" */
  readonly actor?: string;
}

export const tenantPattern = /^[a-z0-9_]{1,40}$/;

/** What enters a scope. Statements, not set_config(): that would not reach the workers of a distributed database. */
export function scopeStatements({ tenantId }: Scope): readonly string[] {
  return [`set local role ${appRole}`, `set local app.tenant = '${tenantId}'`];
}

/** Why a scope could not be entered, where that is known. */
export function scopeRefusal(error: unknown): unknown {
  const state = sqlStateOf(error);
  if (state === "22023") {
    return new Refusal("database_schema_outdated", `the role ${appRole} is missing; run: netback migrate`);
  }
  if (state === "42501")
    return new Refusal("not_ready", `the login role may not enter ${appRole}; run: netback doctor`);
  return error;
}
