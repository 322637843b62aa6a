/** What a command writes to. Standard output carries the answer and nothing else; what is said beside it goes to standard error. */
export interface Streams {
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

export type Format = "table" | "csv" | "xlsx" | "json";
export const formats = ["table", "csv", "xlsx", "json"] as const;
