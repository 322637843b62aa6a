import type { ScoreTerm } from "../../models/recovery-card.js";
import { missingBin } from "./binning.js";

/** Ages beyond this many months are told, and scored, as this one. */
export const oldestTold = 600;

/** How many reasons a score carries. */
const told = 3;

/** A column with what each of its bins adds to either stage of the score. */
interface Weighed {
  readonly term: ScoreTerm;
  readonly bins: Uint8Array;
  readonly probability: Float64Array;
  readonly amount: Float64Array;
}

/**
 * The three weightiest reasons of every score, in words.
 *
 * What a column adds to the logarithm of the expected rate is its effect on the amount, and its effect on the odds
 * times the chance of not paying (the derivative of log p). Every effect is zero in the mean of the history, so a
 * reason says how the account differs from that. The words of every bin are made once, for a tape has a million rows.
 *
 * @param unpaid by row: the chance of not paying at all
 * @param pull   by row: what its age adds
 * @param months by row: months since charge-off
 * @returns three places in the texts a row, the weightiest first; the first text is empty, for no reason
 */
export function reasonsOf(rows: {
  readonly columns: readonly Weighed[];
  readonly unpaid: Float64Array;
  readonly pull: Float64Array;
  readonly months: Float64Array;
}): { reasons: Uint32Array; reasonTexts: string[] } {
  const { columns, unpaid, pull, months } = rows;
  const texts = ["", ...ageTexts()];
  const firstText = columns.map(({ term }) => texts.push(...binTexts(term)) - 2 * term.effects.length);
  const reasons = new Uint32Array(unpaid.length * told);
  const weight = new Float64Array(told);
  const place = new Uint32Array(told);
  const consider = (adds: number, text: number) => {
    const size = Math.abs(adds);
    if (!(size > faint) || size <= weight[told - 1]!) return;
    let at = told - 1;
    for (; at > 0 && weight[at - 1]! < size; at--) {
      weight[at] = weight[at - 1]!;
      place[at] = place[at - 1]!;
    }
    weight[at] = size;
    place[at] = text + (adds > 0 ? 1 : 0);
  };
  for (let i = 0; i < unpaid.length; i++) {
    weight.fill(0);
    place.fill(0);
    consider(pull[i]!, 1 + 2 * Math.min(oldestTold, Math.floor(months[i]!)));
    for (let j = 0; j < columns.length; j++) {
      const { bins, probability, amount } = columns[j]!;
      const bin = bins[i]!;
      consider(probability[bin]! * unpaid[i]! + amount[bin]!, firstText[j]! + 2 * bin);
    }
    reasons.set(place, i * told);
  }
  return { reasons, reasonTexts: texts };
}

/** What changes the expected amount by less than this share is no reason. */
const faint = 0.001;

const ways = ["lowers the score", "raises the score"] as const;

function ageTexts(): string[] {
  return Array.from({ length: oldestTold + 1 }, (_, months) => months).flatMap((months) =>
    ways.map((way) => `charged off ${months} ${months === 1 ? "month" : "months"} ago: ${way}`),
  );
}

/** Two texts a bin: that it lowers the score, and that it raises it. */
function binTexts(term: ScoreTerm): string[] {
  return term.effects.map((_, bin) => wordsOf(term, bin)).flatMap((words) => ways.map((way) => `${words}: ${way}`));
}

function wordsOf(term: ScoreTerm, bin: number): string {
  const name = nameOf(term);
  if (bin === missingBin) return `${name} is not known`;
  if (term.transform === "category") return `${name} is ${term.labels[bin - 1]}`;
  const [low, high] = [term.bounds[bin - 2], term.bounds[bin - 1]];
  const range =
    low === undefined
      ? high === undefined
        ? "is known"
        : `up to ${shown(high)}`
      : high === undefined
        ? `above ${shown(low)}`
        : `${shown(low)} to ${shown(high)}`;
  return `${name} ${range}, in the ${fifthOf(term, bin)}`;
}

const transformWords: Readonly<Partial<Record<ScoreTerm["transform"], (name: string) => string>>> = {
  months_before_charge_off: (name) => `months from ${name.replace(/ date$/, "")} to charge-off`,
  share_of_balance: (name) => `${name} over the balance`,
  share_of_original: () => "balance at charge-off over the original balance",
  distance_from_whole: (name) => `distance of ${name} from a whole number`,
};

/** A column as people say it: `extra.months_paid` is "months paid". */
export function nameOf({ column, transform }: Pick<ScoreTerm, "column" | "transform">): string {
  const plain =
    column === "charge_off_balance"
      ? "balance"
      : column
          .replace(/^extra\./, "")
          .replaceAll(/[_\s]+/g, " ")
          .trim();
  return transformWords[transform]?.(plain) ?? plain;
}

/** Which fifth of the history's accounts the middle of a bin falls into. */
function fifthOf({ shares }: ScoreTerm, bin: number): string {
  const known = shares.reduce((sum, share, at) => (at === missingBin ? sum : sum + share), 0) || 1;
  let below = 0;
  for (let at = 1; at < bin; at++) below += shares[at]!;
  const fifth = Math.min(4, Math.floor(((below + shares[bin]! / 2) / known) * 5));
  return ["lowest fifth", "second fifth", "middle fifth", "fourth fifth", "highest fifth"][fifth]!;
}

function shown(value: number): string {
  const text = Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  return Math.abs(value) >= 1000 ? text.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",") : text;
}
