import type { ModelCard, ModelDocument, ModelKind } from "../../models/model-version.js";
import { Refusal } from "../../models/refusal.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { mapDatabaseError } from "./database-error.js";
import type { Tx } from "./transaction.js";

interface ModelRow {
  model_id: string;
  kind: ModelKind;
  name: string;
  version: number;
  hash: string;
  fitted_on: string | null;
  registered_at: string;
  actor: string;
  retired_at: string | null;
  retired_reason: string | null;
}

const columns = `m.model_id, m.kind, m.name, m.version, m.hash, m.fitted_on, m.registered_at, m.actor,
  r.recorded_at as retired_at, r.reason as retired_reason`;
const source = "model_version m left join model_retirement r on r.tenant_id = m.tenant_id and r.model_id = m.model_id";

function documentOf({ model_id, ...row }: ModelRow): ModelDocument {
  return {
    id: model_id,
    kind: row.kind,
    name: row.name,
    version: row.version,
    state: row.retired_at === null ? "active" : "retired",
    hash: row.hash,
    fitted_on: row.fitted_on,
    registered_at: row.registered_at,
    actor: row.actor,
    retired_at: row.retired_at,
    retired_reason: row.retired_reason,
  };
}

export interface NewModel {
  readonly id: string;
  readonly kind: ModelKind;
  readonly name: string;
  readonly hash: string;
  readonly card: unknown;
  readonly fittedOn: string | null;
  readonly registeredAt: string;
}

/** Puts a version behind the last one of its kind and name; refuses `conflict` when another was put there at the same time. */
export async function insertModel(tx: Tx, model: NewModel): Promise<void> {
  try {
    await tx.execute(
      `insert into model_version (tenant_id, model_id, kind, name, version, hash, card, fitted_on, actor, registered_at)
       select cast(:tenant as text), :id, :kind, :name,
              coalesce((select max(version) from model_version
                         where tenant_id = cast(:tenant as text) and kind = :kind and name = :name), 0) + 1,
              :hash, cast(:card as jsonb), cast(:fittedOn as date), :actor, cast(:registeredAt as timestamptz)`,
      {
        tenant: tx.tenantId,
        id: model.id,
        kind: model.kind,
        name: model.name,
        hash: model.hash,
        card: JSON.stringify(model.card),
        fittedOn: model.fittedOn,
        actor: tx.actor ?? "unknown",
        registeredAt: model.registeredAt,
      },
    );
  } catch (error) {
    throw mapDatabaseError(error, {
      model_version_once: ["conflict", `another version of "${model.name}" was registered at the same time; try again`],
    });
  }
}

/** The latest version of the kind and name, if there is one. */
export async function findLatestModel(
  tx: Tx,
  { kind, name }: { kind: ModelKind; name: string },
): Promise<ModelDocument | undefined> {
  const [row] = await tx.query<ModelRow>(
    `select ${columns} from ${source} where m.kind = ? and m.name = ? order by m.version desc limit 1`,
    [kind, name],
  );
  return row === undefined ? undefined : documentOf(row);
}

/** Throws `not_found`, also for a model of another kind than is asked for. */
export async function findModel(
  tx: Tx,
  modelId: string,
  kind?: ModelKind,
): Promise<ModelDocument & { readonly card: ModelCard }> {
  const [row] = await tx.query<ModelRow & { card: ModelCard }>(
    `select ${columns}, m.card from ${source} where m.model_id = ?`,
    [modelId],
  );
  if (row === undefined || (kind !== undefined && row.kind !== kind)) {
    throw new Refusal("not_found", `there is no ${kind ?? "model"} ${modelId}`);
  }
  return { ...documentOf(row), card: row.card };
}

export async function listModels(
  tx: Tx,
  request: PageRequest & { kind?: ModelKind | undefined; state?: ModelDocument["state"] | undefined },
): Promise<Page<ModelDocument & { readonly card: ModelCard }>> {
  const after = readCursor(request, ["instant", "number", "text"]);
  const where = new Where()
    .add("m.kind = ?", request.kind)
    .add("case when r.model_id is null then 'active' else 'retired' end = ?", request.state)
    .add("(m.registered_at, m.version, m.model_id) < (?::timestamptz, ?, ?)", after?.[0], after?.[1], after?.[2]);
  const rows = await tx.query<ModelRow & { card: ModelCard }>(
    `select ${columns}, ${request.kind === "curve" ? "m.card" : "'{}'::jsonb as card"} from ${source} ${where.sql}
      order by m.registered_at desc, m.version desc, m.model_id desc limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: ({ card, ...row }) => ({ ...documentOf(row), card }),
    key: (row) => [row.registered_at, row.version, row.model_id],
  });
}

/** Says that a version is not to be used any more. Refuses `conflict` when that was said before. */
export async function retireModel(
  tx: Tx,
  { modelId, reason, recordedAt }: { modelId: string; reason: string; recordedAt: string },
): Promise<void> {
  try {
    await tx.execute(
      "insert into model_retirement (tenant_id, model_id, reason, actor, recorded_at) values (?, ?, ?, ?, ?)",
      [tx.tenantId, modelId, reason, tx.actor ?? "unknown", recordedAt],
    );
  } catch (error) {
    throw mapDatabaseError(error, { model_retired_once: ["conflict", `${modelId} is retired already`] });
  }
}
