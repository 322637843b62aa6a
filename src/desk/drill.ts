/** Where a figure of a report comes from: the resource that lists it, with the question of the report in its query. */

export interface Asked {
  readonly portfolioId: string;
  readonly asOf: string;
  /** the instant that the report says: what is recorded after it does not change what lies behind the report */
  readonly knownAt: string;
}

function query(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}

/** The statement of a ledger account: its postings, each with its entry, which has its source document. */
export function statementPath(
  account: string,
  { portfolioId, from, asOf, knownAt }: Asked & { from?: string },
): string {
  const since = from === undefined ? {} : { from };
  const fields = query({ portfolio_id: portfolioId, ...since, as_of: asOf, known_at: knownAt });
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
