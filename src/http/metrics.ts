import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  /** Counts one answered request. `route` is the template, so that ids never become labels. */
  observe(request: { method: string; route: string; status: number; seconds: number }): void;
  /** The page in the text format of Prometheus. */
  render(): Promise<{ type: string; text: string }>;
}

/**
 * Metrics of one server, in a registry of their own: the process-wide default would mix the servers of a test run.
 *
 * @param queueLength jobs that wait or run, asked for when the page is read
 */
export function createMetrics(queueLength: () => { waiting: number; running: number }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: "netback_http_request_duration_seconds",
    help: "Time from the first byte of a request to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  new Gauge({
    name: "netback_jobs",
    help: "Jobs of this process by state",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      const { waiting, running } = queueLength();
      this.set({ state: "waiting" }, waiting);
      this.set({ state: "running" }, running);
    },
  });
  return {
    observe: ({ method, route, status, seconds }) =>
      duration.observe({ method, route, status: String(status) }, seconds),
    render: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}
