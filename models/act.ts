import type { z } from "zod";

/** Who may do what. A key may carry several. `admin` may do every act. */
export const roles = ["seller", "analyst", "finance", "admin"] as const;
export type Role = (typeof roles)[number];

/**
 * What is known of an act without doing it: enough to route, document, authorise and parse it. Doors read this; the
 * desk implements it (`src/desk/<name>.ts`).
 */
export interface ActDeclaration<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** one sentence for the caller */
  readonly summary: string;
  readonly roles: readonly Role[];
  readonly effect: "reads" | "writes";
  /** `required`: changes money, so a door that cannot tell a retry from a second order must send a key */
  readonly idempotency: "none" | "accepted" | "required";
  /** may run for minutes on a big file: a door answers with a job */
  readonly long: boolean;
  readonly input: Input;
  readonly output: Output;
}

export function reads<Input extends z.ZodType, Output extends z.ZodType>(
  summary: string,
  allowed: readonly Role[],
  input: Input,
  output: Output,
): ActDeclaration<Input, Output> {
  return { summary, roles: allowed, effect: "reads", idempotency: "none", long: false, input, output };
}

export function writes<Input extends z.ZodType, Output extends z.ZodType>(
  summary: string,
  how: { roles: readonly Role[]; idempotency: "accepted" | "required"; long?: boolean },
  input: Input,
  output: Output,
): ActDeclaration<Input, Output> {
  const { roles: allowed, idempotency, long = false } = how;
  return { summary, roles: allowed, effect: "writes", idempotency, long, input, output };
}
