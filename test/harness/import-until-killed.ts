/**
 * A program for the tests of imports that are killed. `argv`: the store's config as JSON, then `buy ROWS` (makes two
 * portfolios and prints their ids) or `import PORTFOLIO FILE KEY` (prints `rows N` whenever N rows are recorded, and at the
 * end `answer JSON`).
 */
import { perform } from "../../src/desk/perform.js";
import { openStore, type StoreConfig } from "../../src/store/store.js";
import { boughtPortfolio, DeskFixture } from "../desk/desk-fixture.js";

const [, , config, task, ...rest] = process.argv;
const store = await openStore(JSON.parse(config!) as StoreConfig);
await store.migrate();
const fixture = new DeskFixture(store);
try {
  if (task === "buy") {
    await store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.execute(
        "insert into tenant (tenant_id, name, created_at) values ('alpha', 'alpha', now()) on conflict do nothing",
      ),
    );
    for (const name of ["Killed", "Whole"]) {
      const { portfolioId } = await boughtPortfolio(fixture, { rows: Number(rest[0]), name });
      process.stdout.write(`${portfolioId}\n`);
    }
  } else {
    const [portfolio_id, path, idempotencyKey] = rest as [string, string, string];
    const { output } = await perform(
      fixture.desk,
      "record-payments",
      { portfolio_id, file: { path, name: "payments.csv" } },
      {
        actor: { tenantId: "alpha", actorId: "tester", roles: ["finance"] },
        idempotencyKey,
        onProgress: ({ done }) => void process.stdout.write(`rows ${done}\n`),
      },
    );
    process.stdout.write(`answer ${JSON.stringify(output)}\n`);
  }
} finally {
  fixture.remove();
  await store.close();
}
