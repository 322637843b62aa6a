import type { LearnedPaymentDocument, PaymentFitDocument, PaymentScoreDocument } from "../../models/payment-score.js";
import { findingsSheet } from "./price-report.js";
import { factSheet, type Sheet, type SheetColumn } from "./sheet.js";

const text = (key: string, title = key): SheetColumn => ({ key, title, kind: "text" });
const integer = (key: string, title = key): SheetColumn => ({ key, title, kind: "integer" });
const rate = (key: string, title = key, decimals = 1): SheetColumn => ({ key, title, kind: "rate", decimals });
const number = (key: string, title = key, decimals = 2): SheetColumn => ({ key, title, kind: "number", decimals });

/** What a model of payment behaviour was learned from, how good it was found to be, and what it is not for. */
export function paymentFitSheets(document: Omit<PaymentFitDocument, "out" | "seconds">): Sheet[] {
  const { data, limits } = document;
  const facts = factSheet({ name: "history", title: "History", notes: [`sha256 ${data.sha256}`, ...limits] }, [
    ["file", { value: data.file, kind: "text" }],
    ["as of", { value: data.as_of, kind: "day" }],
    ["invoices that could be read", { value: data.rows, kind: "integer" }],
    ["settled before the day", { value: data.settled, kind: "integer" }, "the outcomes"],
    ["open on the day", { value: data.open, kind: "integer" }, "known to take longer than they had been open"],
    ["left out", { value: data.left_out, kind: "integer" }, "issued later, without an amount, or settled before issue"],
    ["debtors", { value: data.debtors, kind: "integer" }],
    ["first issued on", { value: data.first_issued_on, kind: "day" }],
    ["last issued on", { value: data.last_issued_on, kind: "day" }],
  ]);
  return [facts, foldSheet(document), calibrationSheet(document), columnSheet(document), invoiceFindings(document)];
}

/** The same of a model that was learned from the books and kept, with the facilities that it was learned from. */
export function learnedPaymentSheets({ card, findings, ...model }: LearnedPaymentDocument): Sheet[] {
  const [history, ...others] = paymentFitSheets({ ...card, findings });
  const title = `Model "${model.name}", version ${model.version} (${model.id}), as known at ${model.known_at}`;
  const columns = [
    text("facility_id", "facility"),
    integer("entries", "entries known"),
    integer("invoices"),
    integer("settled"),
    integer("open"),
    integer("given_back", "given back"),
  ];
  const rows = (card.data.facilities ?? []).map((one) => columns.map(({ key }) => one[key as keyof typeof one]));
  return [{ ...history!, title }, { name: "facilities", title: "Learned from", columns, rows }, ...others];
}

function foldSheet({ metrics }: Pick<PaymentFitDocument, "metrics">): Sheet {
  const columns = [
    { key: "as_of", title: "as of", kind: "day" } as const,
    integer("learned_from", "learned from"),
    integer("tested_on", "tested on"),
    rate("late_share", "late"),
    rate("late_forecast", "forecast"),
    number("auc", "AUC", 3),
    number("brier", "Brier", 3),
    number("brier_of_constant", "of a constant", 3),
    number("mae_days", "days off"),
    number("mae_days_of_constant", "of a constant"),
    rate("covered_by_p90", "paid by p90"),
  ];
  return {
    name: "out-of-time",
    title: "Out of time: learned until a day, tested on what was issued after it",
    columns,
    rows: metrics.folds.map((fold) => columns.map(({ key }) => fold[key as keyof typeof fold])),
    notes: ["Tested on invoices old enough to be settled; those near the end of the history are not."],
  };
}

function calibrationSheet({ metrics }: Pick<PaymentFitDocument, "metrics">): Sheet {
  return {
    name: "calibration",
    title: "Late, forecast and actual, by decile of the forecast",
    columns: [integer("decile"), integer("invoices"), rate("forecast"), rate("actual")],
    rows: metrics.calibration.map((row) => [row.decile, row.invoices, row.forecast, row.actual]),
  };
}

function columnSheet({ columns }: Pick<PaymentFitDocument, "columns">): Sheet {
  return {
    name: "columns",
    title: "Columns",
    columns: [text("name"), text("use"), text("why")],
    rows: columns.map(({ name, use, why }) => [name, use, why]),
  };
}

function invoiceFindings(document: Pick<PaymentFitDocument, "findings">): Sheet {
  const notes = ["reject: the row cannot be read; exclude: nothing that is paid or dated right; warn: look at it."];
  return { ...findingsSheet(document), title: "Findings", notes };
}

/** What was scored, and how far the file is like the history. */
export function paymentScoreSheets(document: PaymentScoreDocument): Sheet[] {
  const facts = factSheet({ name: "scored", title: "Scored" }, [
    ["rows of the file", { value: document.rows, kind: "integer" }],
    ["invoices with a forecast", { value: document.scored, kind: "integer" }],
    ["rows that cannot be read", { value: document.rejected, kind: "integer" }],
    ["late, on average", { value: document.late_forecast, kind: "rate", decimals: 1 }],
    ["days to pay, on average", { value: document.expected_days_to_pay, kind: "number", decimals: 1 }],
    ["written to", { value: document.out, kind: "text" }],
  ]);
  const stability: Sheet = {
    name: "stability",
    title: "How far the file is like the history",
    columns: [text("column"), number("psi", "stability index"), rate("unseen_share", "never seen")],
    rows: document.stability.map((row) => [row.column, row.psi, row.unseen_share]),
    notes: ["Population stability index: below 0.1 alike, above 0.25 another population."],
  };
  return [facts, stability, invoiceFindings(document)];
}
