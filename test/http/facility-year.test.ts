import { expect } from "chai";
import type { ActName } from "../../models/acts.js";
import { facilityRoutes } from "../../src/http/facility-routes.js";
import type { Route } from "../../src/http/route.js";
import { routes } from "../../src/http/routes.js";
import { eachDatabase } from "../harness/database.js";
import { type DoAct, FacilityYear } from "../harness/facility-year.js";
import { openServer, type TestServer } from "./open-server.js";

/** `NETBACK_FACILITY_YEAR=whole`: 50 debtors and 2,000 invoices over 52 weeks, as it is measured; a short one otherwise. */
const isWhole = process.env.NETBACK_FACILITY_YEAR === "whole";
const size = isWhole
  ? { debtors: 50, invoices: 2000, weeks: 52, seed: 2026 }
  : { debtors: 8, invoices: 24, weeks: 4, seed: 2026 };

const byAct = new Map<ActName, Route>([...routes, ...facilityRoutes].map((route) => [route.act, route]));

/** Sends an act's input to its route: what the path names goes there, the rest into the query or the body. */
function through(server: TestServer): DoAct {
  let orders = 0;
  return async (name, input, by) => {
    const route = byAct.get(name)!;
    const rest: Record<string, unknown> = { ...(input as object) };
    const path = route.path.replace(/\{(\w+)\}/g, (_, field: string) => {
      const value = String(rest[field]);
      delete rest[field];
      return encodeURIComponent(value);
    });
    const isRead = route.method === "get";
    const query = isRead ? `?${new URLSearchParams(rest as Record<string, string>)}` : "";
    const answer = await server.ask(route.method.toUpperCase(), path + query, {
      as: by === "second" ? "finance" : "admin",
      ...(isRead ? {} : { body: rest, headers: { "idempotency-key": `year-${++orders}` } }),
    });
    if (answer.status >= 400) throw new Error(`${name}: ${answer.text}`);
    return answer.status === 202 ? (await server.finished(answer.json.id)).result : answer.json;
  };
}

eachDatabase("a facility's year through HTTP", (open) => {
  it(`${size.debtors} debtors, ${size.invoices} invoices: the books agree to the cent`, async function () {
    this.timeout(1_800_000);
    let clockMs = Date.parse("2026-01-05T09:00:00Z");
    const server = await openServer(await open(), { clock: () => clockMs });
    const started = performance.now();
    const year = new FacilityYear(
      { ...size, presentation: "sale", reserve: "per_invoice" },
      { act: through(server), setDay: (day) => (clockMs = Date.parse(`${day}T09:00:00Z`)) },
    );
    const figures = await year.live();
    const seconds = (performance.now() - started) / 1000;
    if (isWhole) process.stdout.write(`      ${JSON.stringify({ seconds: Math.round(seconds), ...figures })}\n`);
    expect(figures.invoices).to.be.at.least(size.invoices);
    await server.close();
  });
});
