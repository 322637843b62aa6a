/**
 * A program for the tests of the embedded folder: opens it, and writes numbers one transaction each, and prints each
 * number once the database has acknowledged it. It ends when it is killed. `argv`: folder, then the word `hold` for one
 * that only keeps the folder open.
 */
import { isRefusal } from "../../models/refusal.js";
import { openStore, type Store } from "../../src/store/store.js";

const [, , home, mode] = process.argv;

async function writeForEver(store: Store): Promise<void> {
  await store.asOwner(async (knex) => {
    await knex.raw("create table if not exists probe (n int8 primary key, filler text)");
    await knex.raw("grant select, insert on probe to netback_app");
  });
  for (;;) {
    const [row] = await store.transaction({ tenantId: "local" }, (tx) =>
      tx.query<{ n: bigint }>(
        "insert into probe (n, filler) select coalesce(max(n), 0) + 1, repeat('x', 2000) from probe returning n",
      ),
    );
    process.stdout.write(`${row!.n}\n`);
  }
}

try {
  const store = await openStore({ kind: "embedded", home: home! });
  process.stdout.write("open\n");
  if (mode === "hold") setInterval(() => {}, 60_000);
  else {
    await store.migrate();
    await writeForEver(store);
  }
} catch (error) {
  process.stdout.write(`${isRefusal(error) ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
