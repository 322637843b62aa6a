import { isCurrency } from "../../models/currency.js";
import { Refusal } from "../../models/refusal.js";
import { parseMinor } from "../money/money.js";
import { listDebtors as readPage, saveDebtor as save } from "../store/facility.js";
import { implement } from "./act.js";

/** Makes a debtor of invoices known, or changes what is known of it. Its limit holds over all facilities of the factor. */
export const saveDebtor = implement("save-debtor", async ({ tx, now }, input) => {
  const { currency, debtor_id } = input;
  if (!isCurrency(currency)) throw new Refusal("currency_unknown", `"${currency}"`);
  await save(tx, {
    debtorId: debtor_id,
    currency,
    creditLimitMinor: input.credit_limit === undefined ? null : parseMinor(input.credit_limit, currency),
    payableMinor: parseMinor(input.payable, currency),
    debtorType: input.debtor_type ?? null,
    country: input.country ?? null,
    savedAt: now,
  });
  const { data } = await readPage(tx, { debtor_id, limit: 1 });
  return data[0]!;
});

/** The factor's debtors with what is open of them over all facilities. */
export const listDebtors = implement("list-debtors", async ({ tx }, input) => readPage(tx, input));
