/** Where a figure of a report comes from: the resource that lists it, with the question of the report in its query. */

export interface Asked {
  readonly portfolioId: string;
  readonly asOf: string;
  /** as the caller gave it; left out where all that is recorded was asked for */
  readonly knownAt?: string | undefined;
}

function query(fields: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** The statement of a ledger account: its postings, each with its entry, which has its source document. */
export function statementPath(account: string, { portfolioId, asOf, knownAt }: Asked): string {
  const fields = query({ portfolio_id: portfolioId, as_of: asOf, known_at: knownAt });
  return `/v1/ledger/accounts/${account}/statement?${fields}`;
}

/** The open items of a clearing account. */
export function explanationPath(account: string, { portfolioId, asOf, knownAt }: Asked): string {
  const fields = query({ portfolio_id: portfolioId, as_of: asOf, known_at: knownAt });
  return `/v1/ledger/accounts/${account}/explanation?${fields}`;
}

/** One ledger account, portfolio by portfolio. */
export function byPortfolioPath(account: string, { asOf, knownAt }: Omit<Asked, "portfolioId">): string {
  return `/v1/ledger/trial-balance?${query({ account, by_portfolio: "true", as_of: asOf, known_at: knownAt })}`;
}
