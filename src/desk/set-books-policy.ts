import { implement } from "./act.js";
import { addPeriodEvent, openBooks } from "./period-book.js";

/** Decides how late items are handled and whether two people close a month; who decided it and why stays in the chain. */
export const setBooksPolicy = implement("set-books-policy", async (context, input) => {
  const open = await openBooks(context);
  const { late_items = open.books.lateItems, second_person = open.books.secondPerson, reason } = input;
  open.books = { ...open.books, lateItems: late_items, secondPerson: second_person };
  const policy = { late_items, second_person };
  await addPeriodEvent(context, open, { event: "policy", month: null, version: 0, reason, details: policy });
  return policy;
});
