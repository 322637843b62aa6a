import { findServerPrograms, startCluster } from "../../scripts/postgres-cluster.js";
import { cutConnections } from "./cut-connections.js";
import { installEmbedded, installPostgres } from "./installation.js";
import { killDatabase } from "./kill-database.js";
import { killServer } from "./kill-server.js";

const t0 = performance.now();
const said = (x: unknown) => console.log(JSON.stringify(x, null, 1).slice(0, 3000), performance.now() - t0);
const cluster = await startCluster(findServerPrograms()!, { durable: true });
process.env.TEST_DATABASE_URL = cluster.url;
try {
  const which = process.argv[2];
  const p = which === "e" ? await installEmbedded() : await installPostgres(6);
  if (process.argv[3] === "kill") said(await killServer(p, { seed: 1, rounds: 2, callers: 6 }));
  if (process.argv[3] === "cut") said(await cutConnections(p, { seed: 1, rounds: 2, callers: 6 }));
  if (process.argv[3] === "db") said(await killDatabase(p, cluster, { seed: 1, rounds: 2, callers: 6 }));
  await p.remove();
} finally {
  await cluster.stop();
}
