import { z } from "zod";

/** The building blocks of every document on the wire: how money, rates, days, instants, names and pages are written. */

/** Text that a person typed: no control characters (a NUL byte cannot be stored), trimmed, at least one character. */
export function text(maxLength: number) {
  return (
    z
      .string()
      .trim()
      .min(1)
      .max(maxLength)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
      .regex(/^[^\u0000-\u001f\u007f]*$/, "must not hold control characters")
  );
}

/** A decimal amount in the currency of the enclosing object. How many decimals are allowed depends on the currency. */
export const moneyText = z.string().regex(/^-?\d{1,19}(\.\d{1,10})?$/, 'must be a decimal amount such as "1250.00"');

/** The same, not negative. */
export const amountText = z.string().regex(/^\d{1,19}(\.\d{1,10})?$/, 'must be a decimal amount such as "1250.00"');

/** A share from 0 to 1 as a decimal string: "0.2" is 20 %. */
export const shareText = z
  .string()
  .regex(/^(0(\.\d{1,12})?|1(\.0{1,12})?)$/, 'must be a share from 0 to 1 such as "0.25"');

/** Years that books are kept for: reckoning years back or months on from a day must not leave the calendar. */
const isBookable = (text: string): boolean => /^(19|20|21)\d\d-/.test(text);

/** A calendar day that exists, `YYYY-MM-DD`, from 1900 to 2199. */
export const dayText = z.iso.date().refine(isBookable, "must be a day from 1900 to 2199");

/** An instant in UTC, `2026-10-20T12:00:00Z`. */
export const instantText = z.iso.datetime().refine(isBookable, "must be an instant from 1900 to 2199");

export const currencyCode = z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as USD");

/** An opaque id with its prefix; `what` names it in messages. */
export function id(prefix: string, what: string) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-z-]{1,60}$`), `must be the id of a ${what} (${prefix}_...)`)
    .describe(`Id of the ${what} (${prefix}_...)`);
}

export const portfolioId = id("pf", "portfolio");
export const receivableId = id("rc", "receivable");
export const quoteId = id("qt", "quote");
export const purchaseId = id("pu", "purchase");
export const paymentId = id("py", "payment");
export const entryId = id("en", "entry");
export const agencyId = id("ag", "agency");
export const placementId = id("pl", "placement");
export const costId = id("co", "cost");
export const resaleId = id("rs", "resale");
export const batchId = id("ba", "batch");
export const facilityId = id("fa", "facility");
export const scheduleId = id("sc", "schedule");
export const factoredInvoiceId = id("fi", "factored invoice");
export const jobId = id("jb", "job");

export const accountNumber = text(100).describe("The seller's number of the receivable, at most 100 characters");
export const externalId = text(200);

/** What every list takes: where to go on, and how many at most. */
export const pageFields = {
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,400}$/)
    .optional()
    .describe("Where the list goes on: the next_cursor of the page before"),
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe("Rows in one page at most, 1 to 1000"),
};

export function page<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    next_cursor: z.string().nullable().describe("The cursor of the next page; null on the last"),
  });
}

/**
 * A file that a door has put on the disk of this process: the path is the door's own and never comes from the wire.
 * `name` is what the file was called where it came from.
 */
export const fileSchema = z.strictObject({ path: z.string().min(1), name: text(255) });
export type FileReference = z.infer<typeof fileSchema>;
