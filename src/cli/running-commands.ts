import { roles } from "../../models/act.js";
import type { CommandContext, Program } from "./context.js";

const tenantOption = {
  tenant: { type: "string", demandOption: true, describe: "Whose data the key opens" },
} as const;

/** The commands that run and look after an installation. */
export function addRunningCommands(program: Program, context: CommandContext): Program {
  return program
    .command(
      "serve",
      "Run the server, the worker and the web page",
      (command) =>
        command.options({
          port: { type: "number", describe: "Port (PORT; 0 picks a free one); 3000 when left out" },
          host: { type: "string", describe: "Address to listen on; this machine only when left out" },
        }),
      async (args) => context.serve(args),
    )
    .command(
      "migrate",
      "Bring the database up to date",
      (command) => command,
      async (args) => (await import("./running.js")).migrate(args, context),
    )
    .command(
      "demo",
      "Load a fictional portfolio with a year of collections, and show the tour",
      (command) =>
        command.option("tape", { type: "string", describe: "Only write the fictional seller's file there, as CSV" }),
      async (args) => (await import("./demo.js")).demo(args, context),
    )
    .command(
      "doctor",
      "Look whether everything that is needed is there and well",
      (command) => command,
      async (args) => (await import("./running.js")).doctor(args, context),
    )
    .command("keys", "API keys (PostgreSQL only; the embedded database needs none)", (command) =>
      command
        .command(
          "create",
          "Make an API key; it is shown once and kept only as a hash",
          (create) =>
            create.options({
              ...tenantOption,
              label: { type: "string", default: "made on the command line", describe: "What the key is for" },
              role: { type: "string", array: true, demandOption: true, choices: roles, describe: "What it may do" },
              "expires-on": { type: "string", describe: "Last day of the key (YYYY-MM-DD)" },
            }),
          async (args) => (await import("./running.js")).createKey(args, context),
        )
        .command(
          "list",
          "Keys of a tenant: who has one, what for, until when",
          (list) => list.options(tenantOption),
          async (args) => (await import("./running.js")).listKeys(args, context),
        )
        .command(
          "revoke <key>",
          "End a key at once (ak_...)",
          (revoke) =>
            revoke
              .options(tenantOption)
              .positional("key", { type: "string", demandOption: true, describe: "Id of the key (ak_...)" }),
          async (args) => (await import("./running.js")).revokeKey(args, context),
        )
        .demandCommand(1, "Name what to do with keys: create, list, revoke."),
    );
}
