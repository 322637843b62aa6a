import type { FindingCode } from "../../models/finding.js";
import { protectedAttribute } from "../../models/protected.js";
import type { Transform } from "../../models/recovery-card.js";
import { type CanonicalColumn, missing, type TapeColumns } from "../../models/tape.js";
import { daysOf, type Feature, FeatureMaker, type FeatureName } from "./score-features.js";

/** A feature that may enter the score, with the rows of the history that the fit rests on. */
export interface Candidate extends FeatureName {
  readonly feature: Feature;
}

/** What was done with a column, and whether the score may use it. */
export interface Verdict {
  readonly column: string;
  readonly used: boolean;
  readonly done: string;
  /** the finding that says so to the user, where one does */
  readonly code?: FindingCode;
}

/** What is made of each canonical column that may be a feature. */
const canonicalFeatures: Readonly<Partial<Record<CanonicalColumn, readonly Transform[]>>> = {
  product_type: ["category"],
  original_creditor: ["category"],
  state: ["category"],
  documents: ["category"],
  open_date: ["months_before_charge_off"],
  delinquency_date: ["months_before_charge_off"],
  last_payment_date: ["months_before_charge_off"],
  last_payment_amount: ["share_of_balance"],
  original_balance: ["as_is"],
  charge_off_balance: ["as_is", "share_of_original"],
  interest_rate: ["as_is"],
  prior_placements: ["as_is"],
};

const afterwards = "what it says may have become known after the charge-off";
const screened = `${afterwards}; the screen decides on it`;

/** Why the other canonical columns are no features. */
const canonicalRefusals: Readonly<Partial<Record<CanonicalColumn, string>>> = {
  recovered_amount: "the outcome",
  collection_fee: "post-outcome: a fee is paid on what was recovered",
  observed_on: "exposure: recoveries are known up to this day",
  charge_off_date: "exposure: months since charge-off",
  current_balance: "post-outcome: recoveries lower it",
  principal: "post-outcome: a part of the current balance",
  interest: "post-outcome: a part of the current balance",
  fees: "post-outcome: a part of the current balance",
  account_number: "an identifier",
  postal_code: "so fine a place stands in for protected attributes",
  country: "stands in for national origin",
  bankruptcy: screened,
  deceased: screened,
  disputed: screened,
  fraud: screened,
  military: screened,
  judgment: screened,
  settled: "post-outcome: it says that the debt was paid",
};

/** Words of a header that name what is only known once collection has begun; between them stands an underscore. */
const outcomeWords = new RegExp(
  [
    "recover|collected|liquidat|remit|settle|promise|write_?back|outcome|later_pay|subsequent|commission|agency_fee",
    "(?:^|_)(?:gross|net|total|cash)_collections?|^collections?$|collections?_(?:to|total|amount|amt|fee|cost)",
    "(?:post|after|since)_?(?:charge|co(?:_|$))|_after$|paid_in_full|(?:^|_)target(?:_|$)",
    "total_?py?mnt|total_?rec_|last_?py?mnt|out_?prncp",
  ].join("|"),
);
const identifierWords = /(?:^|_)(?:id|no|num|number|key|ref|reference|uuid|guid|index|row)(?:$|_)/;

const mostLabels = 250;

/**
 * The columns of a history parted into those that may become features and those that may not, with the reason.
 *
 * Nothing that was not known at the charge-off may be used, because it would not be known of an account being scored:
 * outcome columns go by their name here, and by their behaviour in `leakage`. Protected attributes, persons and
 * identifiers never become features.
 *
 * @param rows rows of the history that the fit rests on
 */
export function candidatesOf(columns: TapeColumns, rows: Int32Array): { candidates: Candidate[]; verdicts: Verdict[] } {
  const maker = new FeatureMaker(columns);
  const candidates: Candidate[] = [];
  const verdicts: Verdict[] = [];
  for (const name of columns.columns.keys()) {
    const refused = refusalOf(columns, name);
    if (refused !== undefined) {
      verdicts.push(refused);
      continue;
    }
    const found = namesOf(columns, name).flatMap((at): Candidate[] => {
      const feature = maker.feature(at);
      return feature === undefined ? [] : [{ ...at, feature: picked(feature, rows) }];
    });
    const faults = found.map((candidate) => faultOf(candidate));
    const kept = found.filter((_, k) => faults[k] === undefined);
    if (kept.length === 0)
      verdicts.push(faults[0] ?? { column: name, used: false, done: "cannot be read as a feature" });
    candidates.push(...kept.flatMap((candidate) => [candidate, ...wholeDistance(candidate)]));
  }
  return { candidates, verdicts };
}

function namesOf(columns: TapeColumns, column: string): FeatureName[] {
  const known = canonicalFeatures[column as CanonicalColumn];
  if (known !== undefined) {
    const hasOriginal = columns.columns.has("original_balance");
    return known
      .filter((transform) => transform !== "share_of_original" || hasOriginal)
      .map((transform) => ({ column, transform }));
  }
  return [{ column, transform: columns.columns.get(column)!.kind === "code" ? "category" : "as_is" }];
}

function refusalOf(columns: TapeColumns, name: string): Verdict | undefined {
  const known = canonicalRefusals[name as CanonicalColumn];
  if (known !== undefined) return { column: name, used: false, done: known };
  if (!name.startsWith("extra.")) {
    if (canonicalFeatures[name as CanonicalColumn] === undefined) {
      return { column: name, used: false, done: "not a feature" };
    }
    return name === "last_payment_amount" && daysOf(columns, "last_payment_date") === undefined
      ? { column: name, used: false, done: "no day says whether it came before the charge-off" }
      : undefined;
  }
  const header = name.slice("extra.".length);
  const attribute = protectedAttribute(header);
  if (attribute !== undefined) {
    return { column: name, used: false, done: `a protected attribute (${attribute})`, code: "column_protected" };
  }
  if (outcomeWords.test(keyOf(header))) {
    return {
      column: name,
      used: false,
      done: "post-outcome by its name: known only after the charge-off",
      code: "column_leaks",
    };
  }
  return undefined;
}

/** A header in small letters with an underscore between its words: "CashCollected To-Date" is cash_collected_to_date. */
function keyOf(header: string): string {
  return header
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_|_$/g, "");
}

function picked(feature: Feature, rows: Int32Array): Feature {
  if (feature.kind === "number") {
    const values = new Float64Array(rows.length);
    for (let k = 0; k < rows.length; k++) values[k] = feature.values[rows[k]!]!;
    return { kind: "number", values };
  }
  const values = new Int32Array(rows.length);
  for (let k = 0; k < rows.length; k++) values[k] = feature.values[rows[k]!]!;
  return { ...feature, values };
}

/** A column that says nothing, or that only names the row. */
function faultOf({ column, feature }: Candidate): Verdict | undefined {
  const rows = feature.values.length;
  const isKnown =
    feature.kind === "number"
      ? (i: number) => Number.isFinite(feature.values[i]!)
      : (i: number) => feature.values[i] !== missing.code && feature.labels[feature.values[i]!]!.trim() !== "";
  const different = new Set<number>();
  let known = 0;
  for (let i = 0; i < rows; i++) {
    if (!isKnown(i)) continue;
    known++;
    if (different.size <= rows / 2) different.add(feature.values[i]!);
  }
  if (known === 0) return { column, used: false, done: "missing in every row", code: "column_empty" };
  if (different.size === 1 && known === rows) {
    return { column, used: false, done: "the same in every row", code: "column_constant" };
  }
  const isEachOther = different.size > known / 2 && known > 20;
  const isWhole = () => feature.values.every((value) => !Number.isFinite(value) || Number.isInteger(value));
  const namesRows =
    feature.kind === "category"
      ? (isEachOther && different.size > 50) || different.size > Math.max(mostLabels * 4, rows / 4)
      : isEachOther &&
        column.startsWith("extra.") &&
        identifierWords.test(keyOf(column.slice("extra.".length))) &&
        isWhole();
  return namesRows ? { column, used: false, done: "an identifier or free text", code: "column_identifier" } : undefined;
}

/**
 * Where nearly all numbers stand close to a whole one without being it, the distance tells the regular from the
 * irregular: 11.98 months paid are twelve instalments, 11.6 are instalments paid in part.
 */
function wholeDistance({ column, transform, feature }: Candidate): Candidate[] {
  if (transform !== "as_is" || feature.kind !== "number" || column === "charge_off_balance") return [];
  const values = feature.values.map((value) => Math.abs(value - Math.round(value)));
  let [known, near, off] = [0, 0, 0];
  for (const [i, distance] of values.entries()) {
    if (!Number.isFinite(feature.values[i]!)) continue;
    known++;
    if (distance < 0.05) near++;
    if (distance > 0.0005) off++;
  }
  if (known === 0 || near < known / 2 || off < known / 10) return [];
  return [{ column, transform: "distance_from_whole", feature: { kind: "number", values } }];
}

/** Labels that get a bin of their own: those with enough rows, the most frequent first, at most as many as fit. */
export function labelsOf(feature: Extract<Feature, { kind: "category" }>): string[] {
  const counts = new Float64Array(feature.labels.length);
  for (let i = 0; i < feature.values.length; i++) if (feature.values[i]! >= 0) counts[feature.values[i]!]!++;
  return feature.labels
    .map((label, code) => ({ label, count: counts[code]! }))
    .filter(({ label, count }) => count >= 5 && label.trim() !== "" && label.length <= 300)
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1))
    .slice(0, mostLabels)
    .map(({ label }) => label)
    .sort();
}
