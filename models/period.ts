import { z } from "zod";
import { dayText, id, instantText, pageFields, portfolioId, text } from "./document.js";

/**
 * open: takes entries. soft_closed: somebody has proposed to close it; it takes adjustments alone. closed: takes none,
 * and is sealed. reopened: it had been closed; it takes entries until it is closed again.
 */
export const periodStates = ["open", "soft_closed", "closed", "reopened"] as const;
export type PeriodState = (typeof periodStates)[number];

/** What comes too late for its month: it is refused, or booked on the first open day with its own day kept. */
export const lateItemPolicies = ["refuse", "first_open_day"] as const;
export type LateItems = (typeof lateItemPolicies)[number];

/** Whether who closes a month must be another than who proposed it, and who reopens it another than who closed it. */
export const secondPersonPolicies = ["required", "waived"] as const;
export type SecondPerson = (typeof secondPersonPolicies)[number];

/** What happened to a month. withdrawn: a proposal to close it was taken back. policy: how late items or closing are handled was changed. */
export const periodEvents = ["soft_closed", "closed", "reopened", "withdrawn", "policy"] as const;
export type PeriodEventName = (typeof periodEvents)[number];

export const monthText = z
  .string()
  .regex(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, "must be a month from 1900-01 to 2199-12, written YYYY-MM");

/**
 * met, unmet: as it says. waived: an administrator has decided that it does not apply here. not_applicable: there is
 * nothing of the kind in these books.
 */
export const checkStates = ["met", "unmet", "waived", "not_applicable"] as const;

export const checklistItem = z.object({
  item: z.string().describe("What is asked for"),
  state: z.enum(checkStates),
  detail: z.string().describe("What was found"),
});
export type ChecklistItem = z.infer<typeof checklistItem>;

const hashText = z.string().regex(/^[0-9a-f]{64}$/);

/** The seal that a report stands under. */
export const sealMark = z.object({
  month: monthText,
  version: z.number().describe("How often the month has been closed"),
  hash: hashText.describe("SHA-256, chained to the seal before"),
  sealed_at: instantText,
});
export type SealMark = z.infer<typeof sealMark>;

export const periodSummary = z.object({
  month: monthText,
  state: z.enum(periodStates),
  version: z.number().describe("How often the month has been closed"),
  proposed_by: z.string().nullable().describe("Who soft-closed it, where it stands soft-closed or closed"),
  closed_by: z.string().nullable(),
  closed_at: instantText.nullable(),
  seal: hashText.nullable().describe("SHA-256 over the seals of all portfolios, chained to the event before"),
});

export const booksPolicy = z.object({
  late_items: z.enum(lateItemPolicies),
  second_person: z.enum(secondPersonPolicies),
});

export const listPeriodsInput = z.strictObject({
  from: monthText.optional().describe("First month listed (YYYY-MM); the first with an entry when left out"),
  to: monthText.optional().describe("Last month listed (YYYY-MM); the current one when left out"),
});
export const listPeriodsOutput = z.object({
  closed_through: dayText.nullable().describe("Last day of the last closed month: nothing is booked up to it"),
  policy: booksPolicy,
  data: z.array(periodSummary),
  next_cursor: z.null(),
});

export const showPeriodInput = z.strictObject({ month: monthText.describe("The month (YYYY-MM)") });

export const periodDocument = periodSummary.extend({
  from: dayText,
  to: dayText,
  checklist: z.array(checklistItem).describe("What stands between the month and its close, as computed now"),
  seals: z
    .array(
      z.object({
        portfolio_id: portfolioId,
        entries: z.number(),
        postings: z.number(),
        through_sequence: z.number().describe("Number of the portfolio's last entry when it was sealed"),
        hash: hashText,
        previous_hash: hashText,
      }),
    )
    .describe("Of the last close, by portfolio; empty when it is not closed"),
  events: z.array(
    z.object({
      event: z.enum(periodEvents),
      actor: z.string(),
      reason: z.string().nullable(),
      recorded_at: instantText,
      hash: hashText,
    }),
  ),
});
export type PeriodDocument = z.infer<typeof periodDocument>;

const monthField = { month: monthText.describe("The month (YYYY-MM)") };

export const softClosePeriodInput = z.strictObject({
  ...monthField,
  reason: text(500).optional().describe("A remark on the proposal, at most 500 characters"),
});
export const closePeriodInput = z.strictObject({
  ...monthField,
  reason: text(500).optional().describe("A remark on the close, at most 500 characters"),
});
export const reopenPeriodInput = z.strictObject({
  ...monthField,
  reason: text(500).describe("Why the month is opened again, at most 500 characters"),
});

export const setBooksPolicyInput = z
  .strictObject({
    late_items: z
      .enum(lateItemPolicies)
      .optional()
      .describe(
        "What comes too late for its month: refuse; first_open_day: booked on the first open day, its own day kept",
      ),
    second_person: z
      .enum(secondPersonPolicies)
      .optional()
      .describe(
        "Whether a month is closed by another than proposed it, and a schedule approved by another than checked it: required, or waived where one person keeps the books",
      ),
    reason: text(500).describe("Why it is so decided, at most 500 characters"),
  })
  .refine((input) => input.late_items !== undefined || input.second_person !== undefined, {
    message: "give late_items or second_person",
  });

export const verificationId = id("vf", "verification");

/** One thing that does not agree, named as closely as it can be. */
export const difference = z.object({
  check: z.string(),
  portfolio_id: z.string().nullable(),
  where: z.string().describe("The entry, the account and day, the receivable, the month, ..."),
  expected: z.string(),
  found: z.string(),
});
export type Difference = z.infer<typeof difference>;

export const verificationDocument = z.object({
  id: verificationId,
  green: z.boolean().describe("True when everything agrees"),
  verified_at: instantText,
  verified_by: z.string(),
  portfolio_id: portfolioId.nullable().describe("The only portfolio that was looked at; null for all"),
  since: verificationId
    .nullable()
    .describe("The last green verification that this one goes on from; null when all was replayed"),
  portfolios: z.number(),
  checks: z.array(
    z.object({
      check: z.string(),
      about: z.string(),
      compared: z.number().describe("Rows, balances or seals that were compared"),
      differences: z.number(),
    }),
  ),
  differences: z.array(difference).describe("The first 1,000"),
});
export type VerificationDocument = z.infer<typeof verificationDocument>;

export const verifyBooksInput = z.strictObject({
  portfolio_id: portfolioId.optional().describe("Only this portfolio (pf_...); all of them when left out"),
  since_last: z
    .boolean()
    .default(false)
    .describe("Replay only what was recorded since the last green verification; the sub-ledgers are compared in full"),
});

export const listVerificationsInput = z.strictObject(pageFields);
export const showVerificationInput = z.strictObject({ verification_id: verificationId });
