import type { z } from "zod";
import type { ActDeclaration } from "../../models/act.js";
import { Refusal, type RefusalItem } from "../../models/refusal.js";
import type { Actor } from "../desk/perform.js";
import { pointerToken } from "./wire.js";

/**
 * What a job would be refused for at once: said before the file is read (`input` null: the roles alone) and before the
 * job is kept, so that 202 means that the order could be understood.
 *
 * @throws Refusal `forbidden`, `invalid_request`
 */
export function guardOrder(declaration: ActDeclaration, order: { actor: Actor; input: unknown }): void {
  const { roles } = order.actor;
  if (!roles.includes("admin") && !declaration.roles.some((role) => roles.includes(role))) {
    throw new Refusal("forbidden", `this is for the roles ${declaration.roles.join(", ")}`);
  }
  if (order.input === null) return;
  const parsed = declaration.input.safeParse(order.input);
  if (!parsed.success) {
    throw new Refusal("invalid_request", "the fields sent with the file are not as asked for", itemsOf(parsed.error));
  }
}

function itemsOf(error: z.ZodError): RefusalItem[] {
  return error.issues.map((issue) => ({
    pointer: issue.path.map((part) => `/${pointerToken(String(part))}`).join(""),
    code: issue.code,
    detail: issue.message,
  }));
}
