import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { PriceDocument } from "../../models/valuation.js";

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer]);

/** Dark enough for print, told apart without colour vision too (Okabe and Ito). */
const palette = { gross: "#0072b2", net: "#009e73", price: "#d55e00", down: "#d55e00", up: "#0072b2" } as const;
const font = "system-ui, -apple-system, 'Segoe UI', sans-serif";
/** The width of words is only guessed outside a browser, so that names need room between them. */
const legend = { top: 0, itemGap: 48, textStyle: { color: "#333" } };
const axis = { axisLabel: { color: "#333", fontFamily: font }, nameTextStyle: { color: "#333", fontFamily: font } };

/** Draws a chart on the server: an SVG that stands in the page itself and needs no script and no network. */
function draw(option: EChartsCoreOption, size: { width: number; height: number }): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, ...size });
  chart.setOption({ animation: false, textStyle: { fontFamily: font }, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // A fixed size would break out of a narrow window or a sheet of paper.
  return svg.replace(/width="\d+" height="\d+"/, `viewBox="0 0 ${size.width} ${size.height}" role="img"`);
}

/** Axis labels as people say amounts: 1.2m, 350k. */
export function shortAmount(value: number): string {
  const size = Math.abs(value);
  const steps = [
    [1e9, "bn"],
    [1e6, "m"],
    [1e3, "k"],
  ] as const;
  const step = steps.find(([least]) => size >= least);
  if (step === undefined) return String(Math.round(value));
  const scaled = value / step[0];
  return `${Math.abs(scaled) >= 100 ? Math.round(scaled) : Number(scaled.toFixed(1))}${step[1]}`;
}

const amountAxis = (name: string) => ({
  type: "value",
  name,
  ...axis,
  axisLabel: { ...axis.axisLabel, formatter: shortAmount },
});

/** Gross and net cash by month as bars, and net cash after the price, running up from minus the price, as a line. */
export function cashChart({ forecast, bid, currency }: PriceDocument): string {
  const months = forecast.monthly;
  let running = -Number(bid.price);
  const after = months.map((month) => {
    running += Number(month.net);
    return Math.round(running);
  });
  const bar = (name: string, of: "gross" | "net", color: string) => ({
    name,
    type: "bar",
    data: months.map((month) => Math.round(Number(month[of]))),
    itemStyle: { color },
    barGap: "-100%",
  });
  return draw(
    {
      legend,
      grid: { left: 70, right: 75, top: 50, bottom: 45 },
      xAxis: {
        type: "category",
        name: "month",
        nameLocation: "middle",
        nameGap: 28,
        data: months.map((m) => m.month),
        ...axis,
      },
      yAxis: [amountAxis(`a month (${currency})`), { ...amountAxis("running"), splitLine: { show: false } }],
      series: [
        bar("gross collections", "gross", "#9ecae1"),
        bar("net cash", "net", palette.net),
        {
          name: "running net cash after the price",
          type: "line",
          yAxisIndex: 1,
          data: after,
          showSymbol: false,
          lineStyle: { color: palette.price, width: 2.5 },
          itemStyle: { color: palette.price },
          markLine: {
            silent: true,
            symbol: "none",
            label: { show: false },
            data: [{ yAxis: 0 }],
            lineStyle: { color: "#888" },
          },
        },
      ],
    },
    { width: 900, height: 360 },
  );
}

type Cut = PriceDocument["strata"][number]["by"];

/** Face and expected recovery of one way of cutting the portfolio. */
export function strataChart({ strata, currency }: PriceDocument, by: Cut): string {
  const rows = strata.filter((row) => row.by === by).slice(0, 15);
  const shown = [...rows].reverse();
  const bar = (name: string, of: "face" | "expected_recovery", color: string) => ({
    name,
    type: "bar",
    data: shown.map((row) => Math.round(Number(row[of]))),
    itemStyle: { color },
    label: {
      show: true,
      position: "right",
      color: "#333",
      formatter: ({ value }: { value: number }) => shortAmount(value),
    },
  });
  return draw(
    {
      legend,
      grid: { left: 130, right: 60, top: 34, bottom: 40 },
      yAxis: { type: "category", data: shown.map((row) => row.key), ...axis },
      xAxis: { ...amountAxis(currency), nameLocation: "middle", nameGap: 26 },
      series: [bar("face", "face", "#bdbdbd"), bar("expected recovery", "expected_recovery", palette.gross)],
    },
    { width: 900, height: 110 + shown.length * 42 },
  );
}

/** Every one-way shock as a bar from the bid to the price it would lead to, the widest first: a tornado. */
export function sensitivityChart({ sensitivity, bid, currency }: PriceDocument): string {
  const base = Number(bid.price);
  const moves = sensitivity
    .map((row) => ({ shock: row.shock, move: Math.round(Number(row.price) - base) }))
    .sort((a, b) => Math.abs(a.move) - Math.abs(b.move));
  const label = ({ value }: { value: number }) => (value > 0 ? `+${shortAmount(value)}` : shortAmount(value));
  return draw(
    {
      grid: { left: 150, right: 60, top: 10, bottom: 45 },
      yAxis: { type: "category", data: moves.map((row) => row.shock), ...axis, axisLine: { onZero: false } },
      xAxis: { ...amountAxis(`change of the price (${currency})`), nameLocation: "middle", nameGap: 28 },
      series: [
        {
          type: "bar",
          data: moves.map(({ move }) => ({
            value: move,
            itemStyle: { color: move < 0 ? palette.down : palette.up },
            label: { show: true, position: move < 0 ? "left" : "right", color: "#333", formatter: label },
          })),
        },
      ],
    },
    { width: 900, height: 70 + moves.length * 26 },
  );
}

/** What an offer costs by the day on which debtors pay, and the same as a yearly rate on the cash received. */
export function costChart(
  rows: readonly { day: number; cost: string; apr_of_advance: string | null }[],
  currency: string,
): string {
  const line = (name: string, data: readonly (number | null)[], more: Record<string, unknown>) => ({
    name,
    type: "line",
    data,
    showSymbol: false,
    ...more,
  });
  const percent = { ...axis.axisLabel, formatter: (value: number) => `${value}%` };
  // in the first days the yearly rate of a whole block runs off the page
  const rates = rows.map(({ day, apr_of_advance: apr }) => (apr === null || day < 7 ? null : Number(apr) * 100));
  return draw(
    {
      legend,
      grid: { left: 70, right: 75, top: 50, bottom: 45 },
      xAxis: {
        type: "category",
        name: "debtors pay on day",
        nameLocation: "middle",
        nameGap: 28,
        data: rows.map(({ day }) => day),
        ...axis,
      },
      yAxis: [
        amountAxis(`cost (${currency})`),
        { type: "value", name: "a year", ...axis, axisLabel: percent, splitLine: { show: false } },
      ],
      series: [
        line(
          "cost in all",
          rows.map(({ cost }) => Number(cost)),
          {
            step: "end",
            itemStyle: { color: palette.price },
            lineStyle: { color: palette.price, width: 2.5 },
          },
        ),
        line("as a yearly rate on the cash you receive", rates, {
          yAxisIndex: 1,
          itemStyle: { color: palette.gross },
          lineStyle: { color: palette.gross, width: 2 },
        }),
      ],
    },
    { width: 900, height: 340 },
  );
}
