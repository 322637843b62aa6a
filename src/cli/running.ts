import type { CommandContext } from "./context.js";
import { AnsweredNo } from "./failure.js";
import { show } from "./show.js";

interface JsonArgs {
  readonly json?: boolean | undefined;
}

const formatOf = ({ json }: JsonArgs) => ({ format: json ? ("json" as const) : ("table" as const) });

export async function migrate(args: JsonArgs, context: CommandContext): Promise<void> {
  const document = await context.migrate();
  const { applied, engine } = document;
  const sentence = applied.length === 0 ? "up to date already" : `brought up to date: ${applied.join(", ")}`;
  await show(
    { document, sheets: () => [], lead: [`The ${engine} database is ${sentence}.`] },
    formatOf(args),
    context.streams,
  );
}

/** Looks at what netback needs, one thing a line; exit code 1 when anything is ill. */
export async function doctor(args: JsonArgs, context: CommandContext): Promise<void> {
  const examined = await context.examine();
  const ill = examined.filter(({ state }) => state === "ill");
  const sheets = () => [
    {
      name: "doctor",
      title: ill.length === 0 ? "All is well" : `${ill.length} of ${examined.length} is ill`,
      columns: [
        { key: "what", title: "what", kind: "text" as const },
        { key: "state", title: "state", kind: "text" as const },
        { key: "finding", title: "finding", kind: "text" as const },
      ],
      rows: examined.map((one) => [one.what, one.state, one.finding]),
    },
  ];
  await show({ document: { well: ill.length === 0, examined }, sheets }, formatOf(args), context.streams);
  if (ill.length > 0) throw new AnsweredNo();
}

export interface CreateKeyArgs extends JsonArgs {
  readonly tenant: string;
  readonly label: string;
  readonly role: readonly string[];
  readonly expiresOn?: string | undefined;
}

export async function createKey(args: CreateKeyArgs, context: CommandContext): Promise<void> {
  const { tenant, label, role: roles, expiresOn } = args;
  const { key, keyId } = await context.createKey({ tenant, label, roles, expiresOn });
  const document = { key, key_id: keyId, tenant, label, roles };
  const lead = [key, "Keep it now: it is not stored and will not be shown again."];
  await show({ document, sheets: () => [], lead }, formatOf(args), context.streams);
}
