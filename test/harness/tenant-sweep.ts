import { expect } from "chai";
import { sqlStateOf } from "../../src/store/database-error.js";
import type { Store } from "../../src/store/store.js";

/** Tables under row security, from the catalog: those to come are swept too. */
async function tenantTables(store: Store): Promise<string[]> {
  const { rows } = await store.asOwner(async (knex) =>
    knex.raw<{ rows: { name: string }[] }>(
      `select relname::text as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity order by 1`,
    ),
  );
  return rows.map((row) => row.name);
}

const insufficientPrivilege = "42501";

/**
 * Tries, as one tenant, to read, count, change, delete and insert the rows of another, in every table under row
 * security. Nothing may come of it. Gives the names of the tables in which the other tenant had rows; a test says
 * which it expects, or a table without rows would pass for nothing. The owner must be a superuser, to see all.
 */
export async function sweepTenants(store: Store, owner: string, stranger: string): Promise<string[]> {
  const swept: string[] = [];
  for (const table of await tenantTables(store)) {
    const rows = await rowsOf(store, table, owner);
    if (rows.length === 0) continue;
    swept.push(table);
    const attempt = async (sql: string, bindings: unknown[] = []): Promise<number | string> => {
      try {
        return await store.transaction({ tenantId: stranger }, (tx) => tx.execute(sql, bindings));
      } catch (error) {
        return sqlStateOf(error) ?? String(error);
      }
    };
    expect(await attempt(`select from ${table} where tenant_id = ?`, [owner]), `${table}: read`).to.equal(0);
    expect(await attempt(`select from ${table} where tenant_id <> ?`, [stranger]), `${table}: read`).to.equal(0);
    const changed = await attempt(`update ${table} set tenant_id = ? where tenant_id = ?`, [stranger, owner]);
    expect(changed, `${table}: update`).to.be.oneOf([0, insufficientPrivilege]);
    const deleted = await attempt(`delete from ${table} where tenant_id = ?`, [owner]);
    expect(deleted, `${table}: delete`).to.be.oneOf([0, insufficientPrivilege]);
    const inserted = await attempt(
      `insert into ${table} select * from jsonb_populate_record(null::"${table}", ?::jsonb)`,
      [rows[0]!],
    );
    expect(inserted, `${table}: insert`).to.equal(insufficientPrivilege);
    expect(await rowsOf(store, table, owner), `${table}: afterwards`).to.deep.equal(rows);
  }
  return swept;
}

async function rowsOf(store: Store, table: string, tenantId: string): Promise<string[]> {
  const { rows } = await store.asOwner(async (knex) =>
    knex.raw<{ rows: { row: string }[] }>(
      `select to_jsonb(t)::text as row from ${table} t where tenant_id = ? order by 1 limit 1000`,
      [tenantId],
    ),
  );
  return rows.map((row) => row.row);
}
