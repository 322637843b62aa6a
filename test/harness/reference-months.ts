import { MustRefuse } from "./reference-happening.js";

const dayMs = 86_400_000;
const shifted = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
/** The month after one, YYYY-MM. */
export const nextMonth = (month: string) => shifted(`${month}-28`, 4).slice(0, 7);
export const lastDay = (month: string) => shifted(`${nextMonth(month)}-01`, -1);

/** Which months take entries, as docs/MONTHS.md says; one person keeps these books. */
export class ReferenceMonths {
  closedThrough: string | undefined;
  readonly soft = new Set<string>();
  late: "refuse" | "first_open_day" = "refuse";

  constructor(readonly first: string) {}

  /** The month that is to be closed next. */
  get next(): string {
    return this.closedThrough === undefined ? this.first : nextMonth(this.closedThrough.slice(0, 7));
  }

  softClose(month: string, today: string): void {
    this.#overAndOpen(month, today);
    if (this.soft.has(month)) throw new MustRefuse("conflict");
    this.soft.add(month);
  }

  close(month: string, today: string, isMissing: boolean): void {
    this.#overAndOpen(month, today);
    if (month !== this.next) throw new MustRefuse("period_out_of_order");
    if (isMissing) throw new MustRefuse("period_not_closable");
    this.soft.delete(month);
    this.closedThrough = lastDay(month);
  }

  reopen(month: string): void {
    if (this.soft.delete(month)) return;
    if (!this.#isClosed(lastDay(month)) || month < this.first) throw new MustRefuse("period_not_closed");
    if (this.closedThrough !== lastDay(month)) throw new MustRefuse("period_out_of_order");
    this.closedThrough = shifted(`${month}-01`, -1);
  }

  /** The day that something of a day is booked on: its own, or by the policy the first open one. */
  bookedOn(on: string, isAdjustment: boolean): string {
    if (this.#isOpen(on) || (!this.#isClosed(on) && isAdjustment)) return on;
    if (this.late === "refuse") throw new MustRefuse("period_closed");
    let day = on;
    while (!this.#isOpen(day)) day = `${nextMonth(day.slice(0, 7))}-01`;
    return day;
  }

  #isClosed(day: string): boolean {
    return this.closedThrough !== undefined && day <= this.closedThrough;
  }

  #isOpen(day: string): boolean {
    return !this.#isClosed(day) && !this.soft.has(day.slice(0, 7));
  }

  #overAndOpen(month: string, today: string): void {
    if (lastDay(month) >= today) throw new MustRefuse("effective_date_refused");
    if (this.#isClosed(lastDay(month))) throw new MustRefuse("period_closed");
  }
}
