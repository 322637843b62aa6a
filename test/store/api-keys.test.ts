import { expect } from "chai";
import { createApiKey, findApiKey, listApiKeys, revokeApiKey, tenantOfApiKey } from "../../src/store/api-keys.js";
import { RootKey } from "../../src/store/root-key.js";
import type { Store } from "../../src/store/store.js";
import { createTenant, findTenantName } from "../../src/store/tenants.js";
import { openVault } from "../../src/store/vault.js";
import { eachDatabase } from "../harness/database.js";
import { sweepTenants } from "../harness/tenant-sweep.js";

const secret43 = "A".repeat(43);

describe("api key form", () => {
  const cases = [
    { secret: `nbk_alpha_${secret43}`, tenant: "alpha", why: "plain" },
    { secret: `nbk_a_b_${secret43.slice(0, 41)}_-`, tenant: "a_b", why: "underscores on both sides of the last" },
    { secret: `nbk_alpha_${secret43}A`, tenant: undefined, why: "too long" },
    { secret: `nbk_Alpha_${secret43}`, tenant: undefined, why: "no such tenant id" },
    { secret: `nbk__${secret43}`, tenant: undefined, why: "no tenant" },
    { secret: "", tenant: undefined, why: "empty" },
  ];
  for (const { secret, tenant, why } of cases) {
    it(`${why}: ${tenant ?? "no key"}`, () => {
      expect(tenantOfApiKey(secret)).to.equal(tenant);
    });
  }
});

eachDatabase("api keys and tenants", (open) => {
  let store: Store;
  const createdAt = "2026-01-01T00:00:00Z";
  const scope = { tenantId: "alpha" };

  before(async () => {
    store = await open();
  });

  const find = (secret: string, at: string, tenantId = tenantOfApiKey(secret)!) =>
    store.transaction({ tenantId }, (tx) => findApiKey(tx, secret, at), { readOnly: true });

  it("is found by its secret until it expires or is revoked, and kept as a hash alone", async () => {
    const { secret, keyId } = await store.transaction(scope, (tx) =>
      createApiKey(tx, {
        label: "import job",
        roles: ["seller", "analyst"],
        createdAt,
        expiresAt: "2026-06-01T00:00:00Z",
      }),
    );
    expect(tenantOfApiKey(secret)).to.equal("alpha");
    expect(await find(secret, "2026-05-31T23:59:59Z")).to.deep.equal({
      tenantId: "alpha",
      keyId,
      label: "import job",
      roles: ["seller", "analyst"],
      createdAt,
      expiresAt: "2026-06-01T00:00:00Z",
      revokedAt: null,
    });
    expect(await find(secret, "2026-06-01T00:00:00Z"), "expired").to.equal(undefined);
    expect(await find(secret, "2026-02-01T00:00:00Z", "beta"), "under another tenant").to.equal(undefined);
    const swapped = secret.slice(0, -1) + (secret.endsWith("A") ? "B" : "A");
    expect(await find(swapped, "2026-02-01T00:00:00Z"), "one character off").to.equal(undefined);
    const { rows } = await store.asOwner(async (knex) => knex.raw("select k::text as row from api_key k"));
    expect(rows[0].row).not.to.contain(secret.slice(-43));

    const revoke = () => store.transaction(scope, (tx) => revokeApiKey(tx, keyId, "2026-03-01T00:00:00Z"));
    expect(await store.transaction({ tenantId: "beta" }, (tx) => revokeApiKey(tx, keyId, createdAt))).to.equal(false);
    expect(await revoke()).to.equal(true);
    expect(await find(secret, "2026-02-01T00:00:00Z"), "revoked").to.equal(undefined);
    const [listed] = await store.transaction(scope, (tx) => listApiKeys(tx));
    expect(listed).to.include({ keyId, revokedAt: "2026-03-01T00:00:00Z" });
  });

  it("makes a tenant once, in its own scope", async () => {
    const make = () => store.transaction({ tenantId: "gamma" }, (tx) => createTenant(tx, { name: "Gamma", createdAt }));
    await make();
    expect(await store.transaction({ tenantId: "gamma" }, (tx) => findTenantName(tx))).to.equal("Gamma");
    expect(await make().catch((error: unknown) => error)).to.have.property("code", "already_exists");
  });

  it("keeps two tenants apart in every table that the store fills", async () => {
    const vault = openVault(new RootKey(Buffer.alloc(32, 3).toString("base64")));
    for (const tenantId of ["alpha", "beta"]) {
      await store.transaction({ tenantId }, async (tx) => {
        await createApiKey(tx, { label: "sweep", roles: ["admin"], createdAt });
        const persons = [{ personNo: 0, fields: { debtor_name: "Jane Doe" } }];
        const batches = (async function* () {
          yield persons;
        })();
        await vault.putPersons(tx, `pf_${tenantId}`, batches);
      });
    }
    const filled = ["api_key", "tenant", "vault_blob", "vault_lookup", "vault_portfolio_key", "vault_tenant_key"];
    expect(await sweepTenants(store, "alpha", "beta")).to.include.members(filled);
    expect(await sweepTenants(store, "beta", "alpha")).to.include.members(filled);
  });
});
