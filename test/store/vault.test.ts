import { createHmac } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { isRefusal } from "../../models/refusal.js";
import { RootKey, rootKeyOfHome } from "../../src/store/root-key.js";
import type { Store } from "../../src/store/store.js";
import { openVault, type Person } from "../../src/store/vault.js";
import { keyedHash, seal, unseal } from "../../src/store/vault-crypto.js";
import { eachDatabase } from "../harness/database.js";

const root = new RootKey(Buffer.alloc(32, 7).toString("base64"));
const alpha = { tenantId: "alpha" };
const beta = { tenantId: "beta" };

async function rejection(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("vault crypto", () => {
  it("hashes as HMAC-SHA256 does", () => {
    const key = Buffer.alloc(32, 9);
    for (const message of ["", "phone\x005551234", "ä".repeat(500)]) {
      expect(keyedHash(key)(message)).to.deep.equal(createHmac("sha256", key).update(message).digest());
    }
  });

  const key = Buffer.alloc(32, 1);
  const place = ["blob", "alpha", "pf_1", 0, 1];
  const sealed = seal(key, Buffer.from("Jane Doe"), place);
  const broken: { why: string; open: () => unknown }[] = [
    { why: "another key", open: () => unseal(Buffer.alloc(32, 2), sealed, place) },
    { why: "another tenant", open: () => unseal(key, sealed, ["blob", "beta", "pf_1", 0, 1]) },
    { why: "another blob", open: () => unseal(key, sealed, ["blob", "alpha", "pf_1", 1, 1]) },
    { why: "an older generation", open: () => unseal(key, sealed, ["blob", "alpha", "pf_1", 0, 0]) },
    {
      why: "a flipped bit",
      open: () =>
        unseal(
          key,
          sealed.map((byte, i) => (i === 14 ? byte ^ 1 : byte)),
          place,
        ),
    },
    { why: "a tag cut to four bytes", open: () => unseal(key, sealed.subarray(0, sealed.length - 12), place) },
  ];
  for (const { why, open } of broken) {
    it(`does not open with ${why}`, () => {
      expect(open).to.throw();
    });
  }

  it("opens where it was sealed, and seals the same words differently each time", () => {
    expect(unseal(key, sealed, place).toString()).to.equal("Jane Doe");
    expect(seal(key, Buffer.from("Jane Doe"), place)).not.to.deep.equal(sealed);
  });
});

describe("root key", () => {
  it("is made once, readable by its owner alone, and refused when others may read it", async () => {
    const home = mkdtempSync(join(tmpdir(), "netback-root-"));
    try {
      const first = await rootKeyOfHome(home);
      expect((await rootKeyOfHome(home)).reveal()).to.deep.equal(first.reveal());
      expect(JSON.stringify(first)).to.equal("{}");
      const path = join(home, "root.key");
      expect(statSync(path).mode & 0o777).to.equal(0o600);
      chmodSync(path, 0o644);
      expect(isRefusal(await rejection(() => rootKeyOfHome(home)))).to.equal(true);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it("is 32 bytes", () => {
    expect(() => new RootKey("c2hvcnQ=")).to.throw(/it is 5/);
  });
});

eachDatabase("vault", (open) => {
  let store: Store;
  const vault = openVault(root);
  const portfolio = "pf_vault";

  function person(personNo: number): Person {
    return { personNo, fields: { debtor_name: `Canary Person ${personNo}`, phone: `(555) 010-${1000 + personNo}` } };
  }

  async function* batches(from: number, count: number): AsyncGenerator<Person[]> {
    for (let start = from; start < from + count; start += 100) {
      yield Array.from({ length: Math.min(100, from + count - start) }, (_, i) => person(start + i));
    }
  }

  before(async () => {
    store = await open();
    await store.transaction(alpha, (tx) => vault.putPersons(tx, portfolio, batches(0, 600)));
  });

  it("gives back each person, also beside the edges of blobs, and nobody for a number without one", async () => {
    await store.transaction(alpha, async (tx) => {
      for (const no of [0, 255, 256, 511, 512, 599]) {
        expect(await vault.readPerson(tx, portfolio, no)).to.deep.equal(person(no));
      }
      for (const no of [600, 100_000]) expect(await vault.readPerson(tx, portfolio, no)).to.equal(undefined);
    });
  });

  const searches = [
    { field: "debtor_name", value: "  canary   PERSON 300 ", found: [300], why: "spaces and case do not tell" },
    { field: "phone", value: "555.010.1300", found: [300], why: "only digits tell" },
    { field: "phone", value: "Canary Person 300", found: [], why: "a value of another field" },
    { field: "debtor_name", value: "", found: [], why: "nothing is nobody's name" },
    { field: "debtor_name", value: "Nobody", found: [], why: "not there" },
  ];
  for (const { field, value, found, why } of searches) {
    it(`finds ${JSON.stringify(found)} by ${field} "${value}": ${why}`, async () => {
      const numbers = await store.transaction(alpha, (tx) => vault.findPersons(tx, portfolio, { field, value }));
      expect(numbers).to.deep.equal(found);
    });
  }

  it("adds a second tape in new blobs", async () => {
    await store.transaction(alpha, async (tx) => {
      const from = await vault.nextPersonNo(tx, portfolio);
      expect(from).to.equal(768);
      expect(await vault.putPersons(tx, portfolio, batches(from, 3))).to.equal(3);
      expect(await vault.readPerson(tx, portfolio, 770)).to.deep.equal(person(770));
    });
  });

  it("erases one person under a new key, and leaves the neighbours", async () => {
    const blob = () =>
      store.transaction(alpha, (tx) =>
        tx.query<{ generation: number; wrapped_key: Buffer }>(
          "select generation, wrapped_key from vault_blob where portfolio_id = ? and blob_no = 0",
          [portfolio],
        ),
      );
    const [old] = await blob();
    expect(await store.transaction(alpha, (tx) => vault.erasePerson(tx, portfolio, 5))).to.equal(true);
    const [next] = await blob();
    expect(next!.generation).to.equal(old!.generation + 1);
    expect(next!.wrapped_key).not.to.deep.equal(old!.wrapped_key);
    await store.transaction(alpha, async (tx) => {
      expect(await vault.readPerson(tx, portfolio, 5)).to.equal(undefined);
      expect(await vault.findPersons(tx, portfolio, { field: "debtor_name", value: "Canary Person 5" })).to.deep.equal(
        [],
      );
      expect(await vault.readPerson(tx, portfolio, 6)).to.deep.equal(person(6));
      expect(await vault.erasePerson(tx, portfolio, 5)).to.equal(false);
    });
  });

  it("holds no readable word of a person in any table", async () => {
    for (const table of ["vault_blob", "vault_lookup", "vault_portfolio_key", "vault_tenant_key"]) {
      const { rows } = await store.asOwner(async (knex) =>
        knex.raw(`select count(*) as n from ${table} t where t::text ilike ?`, [
          `%${Buffer.from("Canary").toString("hex")}%`,
        ]),
      );
      expect(rows[0].n).to.equal(0n);
    }
  });

  it("shows another tenant nothing, and opens under no other root key", async () => {
    await store.transaction(beta, async (tx) => {
      expect(await vault.readPerson(tx, portfolio, 0)).to.equal(undefined);
      const wanted = { field: "debtor_name", value: "Canary Person 0" };
      expect(await vault.findPersons(tx, portfolio, wanted)).to.deep.equal([]);
    });
    const into = () => store.transaction(beta, (tx) => vault.putPersons(tx, portfolio, batches(5000, 1)));
    expect(await rejection(into)).to.be.instanceOf(Error);
    const other = openVault(new RootKey(Buffer.alloc(32, 8).toString("base64")));
    expect(
      await rejection(() => store.transaction(alpha, (tx) => other.readPerson(tx, portfolio, 0))),
    ).to.be.instanceOf(Error);
  });
});
