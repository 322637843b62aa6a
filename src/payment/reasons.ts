import type { PaymentModel, PaymentTerm } from "../../models/payment-card.js";
import type { Term } from "./additive.js";
import { offScale } from "./days.js";
import { recentDays } from "./design.js";
import type { InvoiceFacts } from "./facts.js";
import type { Outlook } from "./predict.js";

/** Reasons by rank: for each row a code into the words, which are few. Code 0 is none. */
export interface Reasons {
  readonly words: readonly string[];
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly third: Int32Array;
}

/** Terms about one thing, whose effects are told together: a debtor's usual days, and those of late. */
interface Subject {
  readonly days: readonly number[];
  readonly disputes: readonly number[];
  /** the term whose level names the thing */
  readonly named: number;
}

const farthest = 2000;

/**
 * The three things that move each forecast most, in days against the usual invoice, with the words for them. Effects
 * of less than half a day are none.
 */
export function reasonsOf(model: PaymentModel, facts: InvoiceFacts, outlook: Outlook): Reasons {
  const subjects = subjectsOf(model);
  const book = new WordBook(model, facts, subjects);
  const debtor = subjects.findIndex(({ named }) => model.terms[named]!.name === "debtor");
  const debtorLevels = debtor < 0 ? new Int32Array(0) : outlook.terms[subjects[debtor]!.named]!.levels!;
  const ranks = [new Int32Array(facts.rows), new Int32Array(facts.rows), new Int32Array(facts.rows)] as const;
  const size = new Float64Array(3);
  for (let row = 0; row < facts.rows; row++) {
    size.fill(0.5);
    const open = outlook.openDays[row]!;
    if (open > 0) {
      ranks[0][row] = book.open(open);
      size[0] = Number.POSITIVE_INFINITY;
    }
    const place = outlook.middle[row]! + outlook.disputeChance[row]! * model.dispute_effect;
    const whole = offScale(place, model.power);
    const slope = model.power === 1 ? 1 : model.power === 0 ? whole + 1 : Math.sqrt(whole + 1);
    for (let s = 0; s < subjects.length; s++) {
      const moved = movedPlace(model, outlook, subjects[s]!, row);
      // By the slope of the scale: nearly all of it is too little to be told, and needs no exponential.
      if (Math.abs(moved) * slope < 0.4) continue;
      const days = model.power === 1 ? moved : whole - offScale(place - moved, model.power);
      const weight = Math.abs(days);
      if (weight < size[2]!) continue;
      const code = book.moved(s, row, outlook, Math.round(days));
      const at = weight >= size[0]! ? 0 : weight >= size[1]! ? 1 : 2;
      for (let below = 2; below > at; below--) {
        size[below] = size[below - 1]!;
        ranks[below]![row] = ranks[below - 1]![row]!;
      }
      size[at] = weight;
      ranks[at]![row] = code;
    }
    // That nothing is known of the debtor moves nothing and says much.
    const free = debtor < 0 || debtorLevels[row]! >= 0 ? -1 : ranks.findIndex((codes) => codes[row] === 0);
    if (free >= 0) ranks[free]![row] = book.moved(debtor, row, outlook, 0);
  }
  return { words: book.words, first: ranks[0], second: ranks[1], third: ranks[2] };
}

const aboutDebtor = new Set(["debtor", "debtor_recent"]);

function subjectsOf(model: PaymentModel): Subject[] {
  const subjects = new Map<string, { days: number[]; disputes: number[]; named: number }>();
  model.terms.forEach((term, k) => {
    if (term.shape === "one") return;
    const name = aboutDebtor.has(term.name) ? "debtor" : term.name === "recent" ? "recent" : term.source!;
    const subject = subjects.get(name) ?? { days: [], disputes: [], named: k };
    subject.days.push(k);
    model.dispute_terms.forEach((other, at) => {
      if (other.name === term.name) subject.disputes.push(at);
    });
    subjects.set(name, subject);
  });
  return [...subjects.values()];
}

/** What a subject adds on the scale, directly and by making a dispute more or less likely. */
function movedPlace(model: PaymentModel, outlook: Outlook, subject: Subject, row: number): number {
  let moved = 0;
  for (const k of subject.days) moved += effectAt(model.terms[k]!, outlook.terms[k]!, row);
  if (subject.disputes.length === 0) return moved;
  const chance = outlook.disputeChance[row]!;
  const perLogOdds = chance * (1 - chance) * model.dispute_effect;
  for (const k of subject.disputes)
    moved += perLogOdds * effectAt(model.dispute_terms[k]!, outlook.disputeTerms[k]!, row);
  return moved;
}

function effectAt({ effects }: PaymentTerm, { levels, multiplier }: Term, row: number): number {
  const level = levels === null ? 0 : levels[row]!;
  if (level < 0) return 0;
  return effects[level]! * (multiplier === null ? 1 : multiplier[row]!);
}

/** Words by what they say, each made once. */
class WordBook {
  readonly words: string[] = [""];
  readonly #model: PaymentModel;
  readonly #facts: InvoiceFacts;
  readonly #subjects: readonly Subject[];
  readonly #codes: Map<number, number>[];
  readonly #open = new Map<number, number>();
  readonly #byWords = new Map<string, number>();

  constructor(model: PaymentModel, facts: InvoiceFacts, subjects: readonly Subject[]) {
    this.#model = model;
    this.#facts = facts;
    this.#subjects = subjects;
    this.#codes = subjects.map(() => new Map<number, number>());
  }

  open(days: number): number {
    return this.#learn(this.#open, days, () => `it has been open for ${days} days`);
  }

  moved(subject: number, row: number, outlook: Outlook, days: number): number {
    const k = this.#subjects[subject]!.named;
    const term = this.#model.terms[k]!;
    const { levels } = outlook.terms[k]!;
    const level = term.shape === "line" ? Math.round(outlook.termsDays[row]!) : levels![row]!;
    const bounded = Math.max(-farthest, Math.min(farthest, days));
    const key = (level + 1) * (2 * farthest + 1) + bounded + farthest;
    const codes = this.#codes[subject]!;
    return this.#learn(codes, key, () => `${this.#what(term, level, row)}: ${shiftInWords(bounded)}`);
  }

  #learn(codes: Map<number, number>, key: number, say: () => string): number {
    const known = codes.get(key);
    if (known !== undefined) return known;
    const words = say();
    const code = this.#byWords.get(words) ?? this.words.push(words) - 1;
    this.#byWords.set(words, code);
    codes.set(key, code);
    return code;
  }

  #what(term: PaymentTerm, level: number, row: number): string {
    if (term.name === "recent") return `invoices of the last ${recentDays} days`;
    if (term.shape === "line") return `terms of ${level} days`;
    if (term.source === "debtor") {
      if (level < 0) return "a debtor not seen before";
      const seen = term.counts[level]!;
      return `the debtor, by ${seen} ${seen === 1 ? "invoice" : "invoices"}`;
    }
    const name = term.source!.replace(/^extra\./, "").replaceAll("_", " ");
    if (level < 0) return name;
    if (term.shape === "codes") {
      const source = this.#facts.sources.get(term.source!)!;
      const label = source.kind === "code" ? source.labels[source.values[row]!]! : "";
      return `${name} ${label}`;
    }
    const [from, to] = [term.bounds[level - 1], term.bounds[level]];
    if (from === undefined) return `${name} below ${shown(to!)}`;
    return to === undefined ? `${name} of ${shown(from)} or more` : `${name} of ${shown(from)} to ${shown(to)}`;
  }
}

function shown(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function shiftInWords(days: number): string {
  const size = Math.abs(days);
  if (size === 0) return "about as usual";
  return `${size} ${size === 1 ? "day" : "days"} ${days > 0 ? "later" : "sooner"} than usual`;
}
