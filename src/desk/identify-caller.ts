import { createHash } from "node:crypto";
import { instantText } from "../calendar/day.js";
import { findApiKey, tenantOfApiKey } from "../store/api-keys.js";
import type { Store } from "../store/store.js";
import type { Actor } from "./desk.js";

/** How long a caller is known by what was read last: a key that is revoked opens nothing after so long. */
const knownMs = 1000;
/** So many keys are remembered at most; a server with more busy callers reads some of them more often. */
const mostKnown = 10_000;

interface Known {
  readonly actor: Promise<Actor | null>;
  readonly readAt: number;
}

/**
 * Who a presented API key stands for, or null: unknown, ended and expired keys are told apart from nobody. The key names its
 * tenant, so that its row is read under that tenant's own policy.
 *
 * A key is looked up once a second, however many requests come with it; only its hash is remembered for that, and only
 * for keys that are good.
 *
 * @param clock milliseconds since 1970-01-01 UTC
 */
export function identifyCaller(store: Store, clock: () => number): (key: string) => Promise<Actor | null> {
  const known = new Map<string, Known>();

  async function lookUp(tenantId: string, key: string, now: number): Promise<Actor | null> {
    const work = (tx: Parameters<typeof findApiKey>[0]) => findApiKey(tx, key, instantText(now));
    const found = await store.transaction({ tenantId }, work, { readOnly: true });
    return found === undefined ? null : { tenantId: found.tenantId, actorId: found.keyId, roles: found.roles };
  }

  return async (key) => {
    const tenantId = tenantOfApiKey(key);
    if (tenantId === undefined) return null;
    const digest = createHash("sha256").update(key).digest("base64");
    const now = clock();
    const earlier = known.get(digest);
    if (earlier !== undefined && now - earlier.readAt < knownMs) return earlier.actor;
    if (known.size >= mostKnown) known.clear();
    const actor = lookUp(tenantId, key, now);
    known.set(digest, { actor, readAt: now });
    const forget = () => void (known.get(digest)?.actor === actor && known.delete(digest));
    const found = await actor.catch((error: unknown) => {
      forget();
      throw error;
    });
    if (found === null) forget();
    return found;
  };
}
