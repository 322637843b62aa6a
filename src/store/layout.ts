import { Refusal } from "../../models/refusal.js";
import type { Layout } from "../../models/tape.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import type { Tx } from "./transaction.js";

export interface SavedLayout {
  readonly seller: string;
  readonly saved_at: string;
  readonly layout: Layout;
}

/** Keeps the layout under its name for the seller; one by that name is replaced. */
export async function saveLayout(tx: Tx, { seller, layout, saved_at }: SavedLayout): Promise<void> {
  await tx.execute(
    `insert into layout (tenant_id, seller, name, layout, saved_at) values (?, ?, ?, ?, ?)
     on conflict (tenant_id, seller, name) do update set layout = excluded.layout, saved_at = excluded.saved_at`,
    [tx.tenantId, seller, layout.name, JSON.stringify(layout), saved_at],
  );
}

/** Throws `not_found`. */
export async function findLayout(tx: Tx, by: { seller: string; name: string }): Promise<Layout> {
  const [row] = await tx.query<{ layout: Layout }>("select layout from layout where seller = ? and name = ?", [
    by.seller,
    by.name,
  ]);
  if (row === undefined) throw new Refusal("not_found", `no layout "${by.name}" is kept for the seller "${by.seller}"`);
  return row.layout;
}

export async function listLayouts(
  tx: Tx,
  request: PageRequest & { seller?: string | undefined },
): Promise<Page<SavedLayout>> {
  const after = readCursor(request, ["text", "text"]);
  const where = new Where()
    .add("tenant_id = ?", tx.tenantId)
    .add("seller = ?", request.seller)
    .add("(seller, name) > (?, ?)", after?.[0], after?.[1]);
  const rows = await tx.query<SavedLayout & { name: string }>(
    `select seller, name, layout, saved_at from layout ${where.sql} order by seller, name limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: ({ seller, saved_at, layout }) => ({ seller, saved_at, layout }),
    key: (row) => [row.seller, row.name],
  });
}
