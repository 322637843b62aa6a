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
  const { key, keyId } = await (await context.keys()).create({ tenant, label, roles, expiresOn });
  const document = { key, key_id: keyId, tenant, label, roles };
  const lead = [key, "Keep it now: it is not stored and will not be shown again."];
  await show({ document, sheets: () => [], lead }, formatOf(args), context.streams);
}

export interface KeysArgs extends JsonArgs {
  readonly tenant: string;
}

/** The keys of a tenant, newest first; a key that has ended says so. */
export async function listKeys(args: KeysArgs, context: CommandContext): Promise<void> {
  const keys = await (await context.keys()).list(args.tenant);
  const document = {
    data: keys.map((key) => ({
      key_id: key.keyId,
      label: key.label,
      roles: key.roles,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
      revoked_at: key.revokedAt,
    })),
  };
  const names = ["key_id", "label", "roles", "created_at", "expires_at", "revoked_at"] as const;
  const columns = names.map((key) => ({ key, title: key.replaceAll("_", " "), kind: "text" as const }));
  const rows = document.data.map((key) => names.map((name) => (name === "roles" ? key.roles.join(", ") : key[name])));
  const sheets = () => [{ name: "keys", title: `Keys of ${args.tenant}`, columns, rows }];
  await show({ document, sheets }, formatOf(args), context.streams);
}

export async function revokeKey(args: KeysArgs & { readonly key: string }, context: CommandContext): Promise<void> {
  await (await context.keys()).revoke(args.tenant, args.key);
  const document = { key_id: args.key, revoked: true };
  await show(
    { document, sheets: () => [], lead: [`${args.key} opens nothing any more.`] },
    formatOf(args),
    context.streams,
  );
}
