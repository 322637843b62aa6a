import type { Knex } from "knex";

/** A forecast that was made with a fitted curve says which version of it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table recovery_forecast
      drop constraint recovery_forecast_source_check,
      add constraint recovery_forecast_source_check
        check (source in ('quote', 'given', 'scaled', 'remaining', 'curve')),
      add column curve_id text,
      add constraint recovery_forecast_curve check ((source = 'curve') = (curve_id is not null)),
      add constraint recovery_forecast_curve_is_ours
        foreign key (tenant_id, curve_id) references model_version (tenant_id, model_id)`);
}
