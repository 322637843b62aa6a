import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { isRefusal, type Refusal } from "../../models/refusal.js";
import { lockFolder } from "../../src/store/folder-lock.js";
import { openStore } from "../../src/store/store.js";

const program = fileURLToPath(new URL("../harness/write-until-killed.js", import.meta.url));

async function refusalOf(work: () => Promise<unknown>): Promise<Refusal> {
  try {
    await work();
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("embedded folder", function () {
  this.timeout(60_000);
  let folder: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "netback-folder-"));
  });

  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.stdout?.destroy();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    }
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts the program, and gives its lines as they come. */
  function start(mode: string): { child: ChildProcess; lines: AsyncIterator<string> } {
    const child = spawn(process.execPath, [program, folder, mode], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    return { child, lines: createInterface({ input: child.stdout! })[Symbol.asyncIterator]() };
  }

  it("is refused to a second opener in the same process, by any name, until it is released", async () => {
    const lock = await lockFolder(folder);
    const alias = `${folder}-alias`;
    symlinkSync(folder, alias);
    try {
      const refusal = await refusalOf(() => lockFolder(alias));
      expect(refusal.code).to.equal("folder_in_use");
      expect(refusal.detail).to.contain(folder).and.to.contain(`process ${process.pid}`);
    } finally {
      rmSync(alias);
    }
    await lock.release();
    await (await lockFolder(folder)).release();
  });

  it("is refused to a second process, naming the folder and the holder, and to nobody once that one is killed", async () => {
    const { child, lines } = start("hold");
    expect((await lines.next()).value).to.equal("open");
    const refusal = await refusalOf(() => openStore({ kind: "embedded", home: folder }));
    expect(refusal.code).to.equal("folder_in_use");
    expect(refusal.detail).to.contain(folder).and.to.contain(`process ${child.pid}`);
    const second = start("hold");
    expect((await second.lines.next()).value).to.match(/^folder_in_use: /);
    expect((await refusalOf(() => openStore({ kind: "embedded", home: folder }))).code).to.equal("folder_in_use");

    child.kill("SIGKILL");
    await once(child, "exit");
    const store = await openStore({ kind: "embedded", home: folder });
    await store.close();
  });

  it("syncs to the disk: a loss of power is no excuse", async () => {
    const store = await openStore({ kind: "embedded", home: folder });
    const settings = await store.asOwner(async (knex) =>
      knex.raw("select current_setting('fsync') as fsync, current_setting('synchronous_commit') as on_commit"),
    );
    await store.close();
    expect(settings.rows[0]).to.deep.equal({ fsync: "on", on_commit: "on" });
  });

  it("keeps every acknowledged write when the process is killed in mid-write, three times over", async () => {
    let acknowledged = 0n;
    for (let round = 1; round <= 3; round++) {
      const { child, lines } = start("write");
      for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
        if (line.value === "open") continue;
        acknowledged = BigInt(line.value);
        if (acknowledged >= BigInt(150 * round) && child.signalCode === null) child.kill("SIGKILL");
      }
      const store = await openStore({ kind: "embedded", home: folder });
      const [row] = await store.transaction({ tenantId: "local" }, (tx) =>
        tx.query<{ rows: bigint; last: bigint }>("select count(*) as rows, max(n) as last from probe"),
      );
      await store.close();
      // one more may have been written than was heard of; none may be missing
      expect(row!.rows).to.equal(row!.last);
      expect(Number(row!.last - acknowledged)).to.be.within(0, 1);
    }
    expect(existsSync(join(folder, "pgdata", "PG_VERSION"))).to.equal(true);
  });
});
