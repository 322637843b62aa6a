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

/** The effects of a term and where they apply, laid out for a loop over a million rows. */
interface Part {
  readonly effects: Float64Array;
  readonly levels: Int32Array | null;
  readonly multiplier: Float64Array | null;
}

/** Terms about one thing, whose effects are told together: a debtor's usual days, and those of late. */
interface Subject {
  readonly days: Part[];
  readonly disputes: Part[];
  /** the term whose level names the thing */
  readonly named: number;
}

const farthest = 2000;
const leastDays = 0.5;

/**
 * The three things that move each forecast most, in days against the usual invoice, with the words for them. Effects
 * of less than half a day are none.
 */
export function reasonsOf(model: PaymentModel, facts: InvoiceFacts, outlook: Outlook): Reasons {
  const subjects = subjectsOf(model, outlook);
  const book = new WordBook(model, facts, subjects);
  const debtor = subjects.findIndex(({ named }) => model.terms[named]!.name === "debtor");
  const debtorLevels = debtor < 0 ? null : outlook.terms[subjects[debtor]!.named]!.levels;
  const ranks = [new Int32Array(facts.rows), new Int32Array(facts.rows), new Int32Array(facts.rows)] as const;
  const strongest = new Strongest();
  for (let row = 0; row < facts.rows; row++) {
    rankSubjects(model, outlook, { subjects, strongest }, row);
    let rank = 0;
    const open = outlook.openDays[row]!;
    if (open > 0) ranks[rank++]![row] = book.open(open);
    for (let k = 0; k < strongest.count && rank < 3; k++) {
      ranks[rank++]![row] = book.moved(strongest.subjects[k]!, row, outlook, Math.round(strongest.days[k]!));
    }
    // That nothing is known of the debtor moves nothing and says much.
    if (rank < 3 && debtorLevels !== null && debtorLevels[row]! < 0) {
      ranks[rank]![row] = book.moved(debtor, row, outlook, 0);
    }
  }
  return { words: book.words, first: ranks[0], second: ranks[1], third: ranks[2] };
}

/** The three subjects that move a row most, the strongest first. */
class Strongest {
  readonly subjects = new Int32Array(3);
  readonly days = new Float64Array(3);
  count = 0;

  offer(subject: number, days: number): void {
    let at = Math.min(this.count, 3);
    while (at > 0 && Math.abs(days) > Math.abs(this.days[at - 1]!)) at--;
    if (at === 3) return;
    for (let below = 2; below > at; below--) {
      this.subjects[below] = this.subjects[below - 1]!;
      this.days[below] = this.days[below - 1]!;
    }
    this.subjects[at] = subject;
    this.days[at] = days;
    this.count = Math.min(this.count + 1, 3);
  }
}

function rankSubjects(
  model: PaymentModel,
  outlook: Outlook,
  to: { readonly subjects: readonly Subject[]; readonly strongest: Strongest },
  row: number,
): void {
  const { power, dispute_effect: effect } = model;
  const chance = outlook.disputeChance[row]!;
  const place = outlook.middle[row]! + chance * effect;
  const whole = offScale(place, power);
  const slope = power === 1 ? 1 : power === 0 ? whole + 1 : Math.sqrt(whole + 1);
  const perLogOdds = chance * (1 - chance) * effect;
  to.strongest.count = 0;
  for (let s = 0; s < to.subjects.length; s++) {
    const { days: parts, disputes } = to.subjects[s]!;
    let moved = 0;
    for (let k = 0; k < parts.length; k++) moved += effectAt(parts[k]!, row);
    for (let k = 0; k < disputes.length; k++) moved += perLogOdds * effectAt(disputes[k]!, row);
    // By the slope of the scale: nearly all of it is too little to be told, and needs no exponential.
    if (Math.abs(moved) * slope < 0.8 * leastDays) continue;
    const days = power === 1 ? moved : whole - offScale(place - moved, power);
    if (Math.abs(days) >= leastDays) to.strongest.offer(s, days);
  }
}

function effectAt({ effects, levels, multiplier }: Part, row: number): number {
  const level = levels === null ? 0 : levels[row]!;
  if (level < 0) return 0;
  return multiplier === null ? effects[level]! : effects[level]! * multiplier[row]!;
}

const aboutDebtor = new Set(["debtor", "debtor_recent"]);

function subjectsOf(model: PaymentModel, outlook: Outlook): Subject[] {
  const subjects = new Map<string, Subject>();
  const partOf = ({ effects }: PaymentTerm, { levels, multiplier }: Term): Part => {
    return { effects: Float64Array.from(effects), levels, multiplier };
  };
  model.terms.forEach((term, k) => {
    if (term.shape === "one") return;
    const name = aboutDebtor.has(term.name) ? "debtor" : term.name === "recent" ? "recent" : term.source!;
    const subject = subjects.get(name) ?? { days: [], disputes: [], named: k };
    subject.days.push(partOf(term, outlook.terms[k]!));
    model.dispute_terms.forEach((other, at) => {
      if (other.name === term.name) subject.disputes.push(partOf(other, outlook.disputeTerms[at]!));
    });
    subjects.set(name, subject);
  });
  return [...subjects.values()];
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
