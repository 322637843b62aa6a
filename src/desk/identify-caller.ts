import { instantText } from "../calendar/day.js";
import { findApiKey, tenantOfApiKey } from "../store/api-keys.js";
import type { Store } from "../store/store.js";
import type { Actor } from "./desk.js";

/**
 * Who a presented API key stands for, or null: unknown, ended and expired keys are told apart from nobody. The key names its
 * tenant, so that its row is read under that tenant's own policy.
 *
 * @param clock milliseconds since 1970-01-01 UTC
 */
export function identifyCaller(store: Store, clock: () => number): (key: string) => Promise<Actor | null> {
  return async (key) => {
    const tenantId = tenantOfApiKey(key);
    if (tenantId === undefined) return null;
    const at = instantText(clock());
    const found = await store.transaction({ tenantId }, (tx) => findApiKey(tx, key, at), { readOnly: true });
    return found === undefined ? null : { tenantId: found.tenantId, actorId: found.keyId, roles: found.roles };
  };
}
