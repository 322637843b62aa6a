import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { nameBits } from "./name-search.js";
import type { RootKey } from "./root-key.js";
import type { Tx } from "./transaction.js";
import { deriveKey, keyBytes, keyedHash, seal, unseal } from "./vault-crypto.js";

/** One person as the tape gave them: the columns that identify, by name. A field that is empty is left out. */
export interface Person {
  /** the number that the receivable keeps; 0 or more, unique in the portfolio */
  readonly personNo: number;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Personal data, apart from the receivables. 256 persons are one sealed blob (a call of the cipher costs more than its
 * bytes). Each blob has its own key, wrapped by the portfolio's, wrapped by the tenant's, wrapped by the root key.
 * A person is found by a keyed hash of a field's normal form, so that the database holds no readable word of them.
 */
export interface Vault {
  /** Keeps the persons, in ascending order of their numbers, in blobs that are new; returns how many. */
  putPersons(tx: Tx, portfolioId: string, batches: AsyncIterable<readonly Person[]>): Promise<number>;
  /** Where the next `putPersons` of the portfolio may begin: the first number of a new blob. */
  nextPersonNo(tx: Tx, portfolioId: string): Promise<number>;
  /** Numbers of the persons whose field has this value (in normal form), ascending. */
  findPersons(tx: Tx, portfolioId: string, wanted: { field: string; value: string }): Promise<number[]>;
  readPerson(tx: Tx, portfolioId: string, personNo: number): Promise<Person | undefined>;
  /** Forgets a person: their blob is sealed anew without them under a new key, and the old key is gone. */
  erasePerson(tx: Tx, portfolioId: string, personNo: number): Promise<boolean>;
  /** Names that stand by themselves, under keys of the tenant, which are made where there are none. */
  makeNames(tx: Tx): Promise<Names>;
  /** The same for a reader: undefined where the tenant has kept nothing yet. */
  findNames(tx: Tx): Promise<Names | undefined>;
  /** Tells one value from another without giving away either: keyed, so that it cannot be guessed at. */
  fingerprint(value: string): string;
}

/** Seals and finds the names of one tenant. A place is what the sealed name is bound to: it opens nowhere else. */
export interface Names {
  seal(name: string, place: readonly string[]): Buffer;
  open(sealed: Uint8Array, place: readonly string[]): string;
  /** what a name, or a part of one, is found by: see `name-search.ts` */
  bits(name: string): bigint;
}

const personsPerBlob = 256;
/** Rows of a statement. Blobs are about 30 KB each. */
const blobsPerInsert = 64;
const lookupsPerInsert = 20_000;
/** Half of the hash: 128 bits are plenty against chance, and the index is smaller. */
const digestBytes = 16;

/** Fields written with all manner of signs, of which only the digits tell. */
const digitFields = new Set(["phone", "national_id", "ssn"]);

/** The form in which two spellings of a value are the same: digits of a number, else NFKC, one space, lower case. */
export function normalForm(field: string, value: string): string {
  if (digitFields.has(field)) return value.replace(/\D/g, "");
  return value.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}

interface Keys {
  readonly wrapping: Buffer;
  readonly digest: (field: string, value: string) => Buffer | undefined;
}

function keysOf(portfolioKey: Buffer): Keys {
  const hash = keyedHash(deriveKey(portfolioKey, "lookup"));
  return {
    wrapping: deriveKey(portfolioKey, "wrap"),
    digest(field, value) {
      const normal = normalForm(field, value);
      return normal === "" ? undefined : hash(`${field}\0${normal}`).subarray(0, digestBytes);
    },
  };
}

async function findTenantKey(tx: Tx, root: RootKey): Promise<Buffer | undefined> {
  const sql = "select wrapped_key from vault_tenant_key where tenant_id = ?";
  const [row] = await tx.query<{ wrapped_key: Buffer }>(sql, [tx.tenantId]);
  return row === undefined ? undefined : unseal(root.reveal(), row.wrapped_key, ["tenant", tx.tenantId]);
}

async function tenantKey(tx: Tx, root: RootKey): Promise<Buffer> {
  const known = await findTenantKey(tx, root);
  if (known !== undefined) return known;
  // of two that make it at once, one is kept, and both read that one
  await tx.execute("insert into vault_tenant_key (tenant_id, wrapped_key) values (?, ?) on conflict do nothing", [
    tx.tenantId,
    seal(root.reveal(), randomBytes(keyBytes), ["tenant", tx.tenantId]),
  ]);
  return (await findTenantKey(tx, root))!;
}

function namesUnder(key: Buffer, tenantId: string): Names {
  const sealing = deriveKey(key, "names");
  const hash = keyedHash(deriveKey(key, "parts of names"));
  const bound = (place: readonly string[]) => ["name", tenantId, ...place];
  return {
    seal: (name, place) => seal(sealing, Buffer.from(name), bound(place)),
    open: (sealed, place) => unseal(sealing, sealed, bound(place)).toString(),
    bits: (name) => nameBits(name, hash),
  };
}

async function findKeys(tx: Tx, root: RootKey, portfolioId: string): Promise<Keys | undefined> {
  const [row] = await tx.query<{ wrapped_key: Buffer }>(
    "select wrapped_key from vault_portfolio_key where portfolio_id = ?",
    [portfolioId],
  );
  if (row === undefined) return undefined;
  const key = await tenantKey(tx, root);
  return keysOf(unseal(key, row.wrapped_key, ["portfolio", tx.tenantId, portfolioId]));
}

async function makeKeys(tx: Tx, root: RootKey, portfolioId: string): Promise<Keys> {
  const key = await tenantKey(tx, root);
  await tx.execute(
    "insert into vault_portfolio_key (portfolio_id, tenant_id, wrapped_key) values (?, ?, ?) on conflict do nothing",
    [portfolioId, tx.tenantId, seal(key, randomBytes(keyBytes), ["portfolio", tx.tenantId, portfolioId])],
  );
  const keys = await findKeys(tx, root, portfolioId);
  assert(keys !== undefined, "the portfolio's key is another tenant's");
  return keys;
}

interface BlobRow {
  blob_no: number;
  generation: number;
  wrapped_key: Buffer;
  sealed: Buffer;
}

interface BlobPlace {
  readonly tenantId: string;
  readonly portfolioId: string;
  readonly blobNo: number;
  readonly generation: number;
}

function placeOf(at: BlobPlace): (string | number)[] {
  return [at.tenantId, at.portfolioId, at.blobNo, at.generation];
}

function sealBlob(keys: Keys, persons: readonly Person[], at: BlobPlace): BlobRow {
  const key = randomBytes(keyBytes);
  const plain = Buffer.from(JSON.stringify(persons.map((person) => [person.personNo, person.fields])));
  return {
    blob_no: at.blobNo,
    generation: at.generation,
    wrapped_key: seal(keys.wrapping, key, ["blob key", ...placeOf(at)]),
    sealed: seal(key, plain, ["blob", ...placeOf(at)]),
  };
}

function openBlob(keys: Keys, row: BlobRow, at: BlobPlace): Person[] {
  const key = unseal(keys.wrapping, row.wrapped_key, ["blob key", ...placeOf(at)]);
  const rows = JSON.parse(unseal(key, row.sealed, ["blob", ...placeOf(at)]).toString()) as [number, Person["fields"]][];
  return rows.map(([personNo, fields]) => ({ personNo, fields }));
}

/** Collects rows for statements of a bounded size. */
class VaultWriter {
  #blobs: BlobRow[] = [];
  #digests: Buffer[] = [];
  #numbers: number[] = [];

  constructor(
    private readonly tx: Tx,
    private readonly portfolioId: string,
    private readonly keys: Keys,
  ) {}

  async add(persons: readonly Person[]): Promise<void> {
    const blobNo = Math.floor(persons[0]!.personNo / personsPerBlob);
    const at = { tenantId: this.tx.tenantId, portfolioId: this.portfolioId, blobNo, generation: 1 };
    this.#blobs.push(sealBlob(this.keys, persons, at));
    for (const { personNo, fields } of persons) {
      for (const [field, value] of Object.entries(fields)) {
        const digest = this.keys.digest(field, value);
        if (digest === undefined) continue;
        this.#digests.push(digest);
        this.#numbers.push(personNo);
      }
    }
    if (this.#blobs.length >= blobsPerInsert) await this.#writeBlobs();
    if (this.#digests.length >= lookupsPerInsert) await this.#writeLookups();
  }

  async end(): Promise<void> {
    if (this.#blobs.length > 0) await this.#writeBlobs();
    if (this.#digests.length > 0) await this.#writeLookups();
  }

  async #writeBlobs(): Promise<void> {
    const blobs = this.#blobs;
    this.#blobs = [];
    await this.tx.execute(
      `insert into vault_blob (portfolio_id, tenant_id, blob_no, generation, wrapped_key, sealed)
       select ?, ?, blob_no, 1, wrapped_key, sealed
         from unnest(?::int4[], ?::bytea[], ?::bytea[]) as blob (blob_no, wrapped_key, sealed)`,
      [
        this.portfolioId,
        this.tx.tenantId,
        blobs.map((blob) => blob.blob_no),
        blobs.map((blob) => blob.wrapped_key),
        blobs.map((blob) => blob.sealed),
      ],
    );
  }

  async #writeLookups(): Promise<void> {
    const [digests, numbers] = [this.#digests, this.#numbers];
    this.#digests = [];
    this.#numbers = [];
    await this.tx.execute(
      `insert into vault_lookup (portfolio_id, tenant_id, digest, person_no)
       select ?, ?, digest, person_no from unnest(?::bytea[], ?::int4[]) as lookup (digest, person_no)
       on conflict do nothing`,
      [this.portfolioId, this.tx.tenantId, digests, numbers],
    );
  }
}

/** The vault under a root key. Every call works in the caller's transaction. */
export function openVault(root: RootKey): Vault {
  async function findBlob(tx: Tx, portfolioId: string, personNo: number, lock = ""): Promise<BlobRow | undefined> {
    const [row] = await tx.query<BlobRow>(
      `select blob_no, generation, wrapped_key, sealed from vault_blob where portfolio_id = ? and blob_no = ? ${lock}`,
      [portfolioId, Math.floor(personNo / personsPerBlob)],
    );
    return row;
  }

  return {
    async makeNames(tx) {
      return namesUnder(await tenantKey(tx, root), tx.tenantId);
    },

    async findNames(tx) {
      const key = await findTenantKey(tx, root);
      return key === undefined ? undefined : namesUnder(key, tx.tenantId);
    },

    fingerprint: (value) => keyedHash(deriveKey(root.reveal(), "fingerprints"))(value).toString("hex"),

    async putPersons(tx, portfolioId, batches) {
      const writer = new VaultWriter(tx, portfolioId, await makeKeys(tx, root, portfolioId));
      let blob: Person[] = [];
      let last = -1;
      let count = 0;
      for await (const batch of batches) {
        for (const person of batch) {
          assert(person.personNo > last, "persons come in ascending order of their numbers");
          const isNextBlob = Math.floor(person.personNo / personsPerBlob) !== Math.floor(last / personsPerBlob);
          if (isNextBlob && blob.length > 0) {
            await writer.add(blob);
            blob = [];
          }
          blob.push(person);
          last = person.personNo;
          count++;
        }
      }
      if (blob.length > 0) await writer.add(blob);
      await writer.end();
      return count;
    },

    async nextPersonNo(tx, portfolioId) {
      const [row] = await tx.query<{ last: number | null }>(
        "select max(blob_no) as last from vault_blob where portfolio_id = ?",
        [portfolioId],
      );
      return ((row?.last ?? -1) + 1) * personsPerBlob;
    },

    async findPersons(tx, portfolioId, { field, value }) {
      const digest = (await findKeys(tx, root, portfolioId))?.digest(field, value);
      if (digest === undefined) return [];
      const rows = await tx.query<{ person_no: number }>(
        "select person_no from vault_lookup where portfolio_id = ? and digest = ? order by person_no",
        [portfolioId, digest],
      );
      return rows.map((row) => row.person_no);
    },

    async readPerson(tx, portfolioId, personNo) {
      const keys = await findKeys(tx, root, portfolioId);
      const row = await findBlob(tx, portfolioId, personNo);
      if (keys === undefined || row === undefined) return undefined;
      const at = { tenantId: tx.tenantId, portfolioId, blobNo: row.blob_no, generation: row.generation };
      return openBlob(keys, row, at).find((person) => person.personNo === personNo);
    },

    async erasePerson(tx, portfolioId, personNo) {
      const keys = await findKeys(tx, root, portfolioId);
      const row = await findBlob(tx, portfolioId, personNo, "for update");
      if (keys === undefined || row === undefined) return false;
      const at = { tenantId: tx.tenantId, portfolioId, blobNo: row.blob_no, generation: row.generation };
      const persons = openBlob(keys, row, at);
      const erased = persons.find((person) => person.personNo === personNo);
      if (erased === undefined) return false;
      const others = persons.filter((person) => person !== erased);
      const next = sealBlob(keys, others, { ...at, generation: row.generation + 1 });
      await tx.execute(
        "update vault_blob set generation = ?, wrapped_key = ?, sealed = ? where portfolio_id = ? and blob_no = ?",
        [next.generation, next.wrapped_key, next.sealed, portfolioId, row.blob_no],
      );
      const digests = Object.entries(erased.fields).map(([field, value]) => keys.digest(field, value));
      await tx.execute(
        "delete from vault_lookup where portfolio_id = ? and digest = any(?::bytea[]) and person_no = ?",
        [portfolioId, digests.filter((digest) => digest !== undefined), personNo],
      );
      return true;
    },
  };
}
