/** A line of the chart of accounts. `path` is its name in an exported journal. */
export interface LedgerAccount {
  readonly code: string;
  readonly name: string;
  readonly path: string;
  /** memo accounts balance among themselves and belong to no balance sheet */
  readonly kind: "asset" | "liability" | "equity" | "income" | "expense" | "memo";
}
