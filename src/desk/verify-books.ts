import type { VerificationDocument } from "../../models/period.js";
import { Refusal } from "../../models/refusal.js";
import { findPortfolio } from "../store/portfolio.js";
import {
  findVerification,
  insertVerification,
  type LastGreen,
  nextVerificationNo,
  readLastGreen,
  listVerifications as readPage,
} from "../store/verification-record.js";
import { implement, implementPrepared } from "./act.js";
import { type Checked, checkBooks } from "./check-books.js";

const shownDifferences = 1000;
const idOf = (verificationNo: number) => `vf_${verificationNo}`;

interface Prepared {
  readonly checked: Checked;
  readonly since: LastGreen | undefined;
}

/**
 * Proves the books, and keeps what was found. The looking is a transaction of its own that sees one moment throughout
 * and keeps nobody from writing; only the record of it is written in the act's.
 */
export const verifyBooks = implementPrepared("verify-books", {
  async prepare(desk, input, call): Promise<Prepared> {
    const scope = { tenantId: call.actor.tenantId, actor: call.actor.actorId };
    const moment = { readOnly: true, isolation: "repeatable read" } as const;
    return desk.store.transaction(
      scope,
      async (tx) => {
        const { portfolio_id: portfolioId } = input;
        if (portfolioId !== undefined) await findPortfolio(tx, portfolioId);
        const since = input.since_last ? await readLastGreen(tx) : undefined;
        return { checked: await checkBooks(tx, { portfolioId, since, report: call.onProgress }), since };
      },
      moment,
    );
  },
  async run({ tx, now, call }, input, { checked, since }) {
    const verificationNo = await nextVerificationNo(tx);
    const document: VerificationDocument = {
      id: idOf(verificationNo),
      green: checked.differences.length === 0,
      verified_at: now,
      verified_by: call.actor.actorId,
      portfolio_id: input.portfolio_id ?? null,
      since: since === undefined ? null : idOf(since.verificationNo),
      portfolios: checked.portfolios,
      checks: checked.checks,
      differences: checked.differences.slice(0, shownDifferences),
    };
    // what was not proved in full is nothing to go on from
    const ledgers = document.green && document.portfolio_id === null ? checked.ledgers : [];
    await insertVerification(tx, { verificationNo, sinceNo: since?.verificationNo ?? null, document }, ledgers);
    return document;
  },
});

export const listVerifications = implement("list-verifications", async ({ tx }, input) => readPage(tx, input));

export const showVerification = implement("show-verification", async ({ tx }, input) => {
  const number = Number(/^vf_([1-9]\d{0,8})$/.exec(input.verification_id)?.[1] ?? "0");
  if (number === 0) throw new Refusal("not_found", `there is no verification ${input.verification_id}`);
  return findVerification(tx, number);
});
