import type { ActParsed } from "../../models/acts.js";
import { isCurrency } from "../../models/currency.js";
import { Refusal } from "../../models/refusal.js";
import { parseMinor } from "../money/money.js";
import { type DebtorNaming, factorsOwn, forgetNames, readNamings, saveNamings } from "../store/debtor-naming.js";
import { listDebtors as readPage, saveDebtor as save } from "../store/facility.js";
import { implement } from "./act.js";
import { debtorsMeant, sellerKey } from "./debtor-naming.js";
import type { Context } from "./desk.js";

/**
 * Makes a debtor of invoices known, or changes what is known of it. Its limit holds over all facilities of the factor. What it is
 * called goes to the vault, and is not part of the answer. Refuses `currency_unknown`, `already_exists` for another debtor's number.
 */
export const saveDebtor = implement("save-debtor", async (context, input) => {
  const { tx, now } = context;
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
  if (input.forget_names) await forgetNames(tx, debtor_id);
  await keepNaming(context, input);
  const { data } = await readPage(tx, { debtor_id, limit: 1 });
  return data[0]!;
});

async function keepNaming({ tx, desk, now }: Context, input: ActParsed<"save-debtor">): Promise<void> {
  const { debtor_id: debtorId, debtor_name: name, customer_number: customerNumber, seller } = input;
  const namings: DebtorNaming[] = [];
  if (name !== undefined) namings.push({ debtorId, sellerKey: factorsOwn, name });
  if (seller !== undefined) namings.push({ debtorId, sellerKey: sellerKey(seller), customerNumber });
  if (namings.length > 0) await saveNamings(tx, await desk.vault.makeNames(tx), { namings, at: now });
}

/** The factor's debtors with what is open of them over all facilities, and what they are called. */
export const listDebtors = implement("list-debtors", async (context, input) => {
  const { tx, desk } = context;
  const page = await readPage(tx, { ...input, debtorIds: await debtorsMeant(context, input) });
  const ids = page.data.map(({ debtor_id }) => debtor_id);
  const namings = await readNamings(tx, await desk.vault.findNames(tx), ids);
  return {
    ...page,
    data: page.data.map((debtor) => {
      const known = namings.filter(({ debtorId }) => debtorId === debtor.debtor_id);
      return {
        ...debtor,
        debtor_name: known.find(({ name }) => name !== null)?.name ?? null,
        customer_numbers: known.flatMap(({ sellerKey: seller, customerNumber }) =>
          customerNumber === null ? [] : [{ seller, customer_number: customerNumber }],
        ),
      };
    }),
  };
});
