import { expect } from "chai";
import type { Store } from "../../src/store/store.js";
import { eachDatabase } from "../harness/database.js";

/**
 * What every migration must leave behind, read from the catalog. Each query gives what breaks a rule; none may. The
 * rules hold for the schema that the application uses (`public`), and for tables to come.
 */
const rules: readonly { rule: string; why: string; offenders: string }[] = [
  {
    rule: "every table has a tenant, or is a staging table",
    why: "a row without a tenant is everybody's; COPY needs a place without row security",
    offenders: `
      select c.relname from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'staging\\_%'
         and not exists (select from pg_attribute a
                          where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull
                            and a.atttypid = 'text'::regtype)`,
  },
  {
    rule: "row security is on, for the owner too",
    why: "without force the owner of the table passes by",
    offenders: `
      select c.relname from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'staging\\_%'
         and not (c.relrowsecurity and c.relforcerowsecurity)`,
  },
  {
    rule: "there is one policy a table, with the one text",
    why: "a second permissive policy widens the first; a function or a sub-select is slow or breaks on a cluster",
    offenders: `
      select c.relname || ': ' || coalesce(string_agg(pg_get_expr(p.polqual, p.polrelid), ' | '), 'none')
        from pg_class c left join pg_policy p on p.polrelid = c.oid
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'staging\\_%'
       group by c.relname
      having count(p.oid) <> 1
          or not bool_and(p.polcmd = '*' and p.polpermissive and p.polroles = '{0}' and p.polwithcheck is null
               and pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = current_setting(''app.tenant''::text, true))')`,
  },
  {
    rule: "every unique index starts with portfolio_id or tenant_id",
    why: "a global unique key tells a stranger that a row exists",
    offenders: `
      select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
        left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       where c.relnamespace = 'public'::regnamespace and i.indisunique and c.relname not like 'staging\\_%'
         and coalesce(a.attname, '') not in ('portfolio_id', 'tenant_id')`,
  },
  {
    rule: "every foreign key starts with portfolio_id or tenant_id, on both sides",
    why: "no key may reach from one portfolio or tenant into another",
    offenders: `
      select f.conname from pg_constraint f
        join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
        join pg_attribute b on b.attrelid = f.confrelid and b.attnum = f.confkey[1]
       where f.contype = 'f' and f.connamespace = 'public'::regnamespace
         and not (a.attname = b.attname and a.attname in ('portfolio_id', 'tenant_id'))`,
  },
  {
    rule: "there are no statistics on which portfolios and tenants there are",
    why: "a portfolio that came after the last ANALYZE would be planned as if it were empty",
    offenders: `
      select c.relname || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'portfolio_id'
         and a.attstattarget is distinct from 0`,
  },
  {
    rule: "every table has a primary key",
    why: "a row that cannot be named cannot be proved",
    offenders: `
      select c.relname from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'staging\\_%'
         and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`,
  },
  {
    rule: "there are no sequences",
    why: "ids are made in the application; a sequence tells how many rows others have",
    offenders: "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'",
  },
  {
    rule: "there are no triggers of ours",
    why: "nothing that is right may hang on one",
    offenders: `
      select t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
       where c.relnamespace = 'public'::regnamespace and not t.tgisinternal`,
  },
  {
    rule: "there is no function that runs as its owner",
    why: "SECURITY DEFINER passes row security by",
    offenders: "select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef",
  },
  {
    rule: "views look with the eyes of the caller, and none is materialised",
    why: "a view without security_invoker, or a stored one, shows every tenant's rows",
    offenders: `
      select relname from pg_class
       where relnamespace = 'public'::regnamespace
         and (relkind = 'm' or (relkind = 'v' and not coalesce(reloptions::text[] @> '{security_invoker=true}', false)))`,
  },
  {
    rule: "entries and postings can be read and added to, nothing more",
    why: "money is never edited",
    offenders: `
      select c.relname || ' ' || p.privilege from pg_class c,
             unnest(array['update', 'delete', 'truncate']) as p (privilege)
       where c.relnamespace = 'public'::regnamespace and c.relname in ('entry', 'posting')
         and (has_table_privilege('netback_app', c.oid, p.privilege)
              or (p.privilege = 'update' and has_any_column_privilege('netback_app', c.oid, 'update')))`,
  },
  {
    rule: "the application truncates, owns and makes nothing",
    why: "the owner's role is for migrations",
    offenders: `
      select relname from pg_class c
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         and (has_table_privilege('netback_app', c.oid, 'truncate') or relowner = 'netback_app'::regrole)
      union all
      select 'schema public' where has_schema_privilege('netback_app', 'public', 'create')
      union all
      select 'role' from pg_roles where rolname = 'netback_app' and (rolsuper or rolbypassrls or rolcanlogin)`,
  },
  {
    rule: "nothing is granted to everybody",
    why: "a role that is not the application's has no business here",
    offenders: `
      select c.relname from pg_class c, aclexplode(c.relacl) as acl
       where c.relnamespace = 'public'::regnamespace and acl.grantee = 0`,
  },
];

eachDatabase("catalog after all migrations", (open) => {
  let store: Store;

  before(async () => {
    store = await open();
  });

  async function offenders(sql: string): Promise<string[]> {
    const { rows } = await store.asOwner(async (knex) => knex.raw<{ rows: object[] }>(sql.replaceAll("?", "\\?")));
    return rows.map((row) => String(Object.values(row)[0]));
  }

  for (const { rule, why, offenders: sql } of rules) {
    it(`${rule}: ${why}`, async () => {
      expect(await offenders(sql)).to.deep.equal([]);
    });
  }

  it("finds what breaks the rules: a table that breaks most of them is named", async () => {
    await store.asOwner(async (knex) => {
      await knex.raw("create table broken (id serial unique, note text references tenant)");
      await knex.raw("grant truncate on broken to netback_app");
      await knex.raw("grant select on broken to public");
    });
    const broken: string[] = [];
    for (const { rule, offenders: sql } of rules) if ((await offenders(sql)).length > 0) broken.push(rule);
    await store.asOwner(async (knex) => knex.raw("drop table broken"));
    expect(broken.length).to.equal(9);
  });
});
