import type { CommandContext, Program } from "./context.js";
import { addFitPayment } from "./payment-commands.js";
import { addFitTriangle } from "./triangle-command.js";

/** `netback fit ...`: learns from own data, and writes a model. Each kind of model brings its own command. */
export function addFitCommands(program: Program, context: CommandContext): Program {
  return program.command("fit", "Learn a model from own data, as a readable JSON card", async (command) => {
    const { addFitRecovery } = await import("./fit-recovery.js");
    addFitRecovery(command, context);
    addFitPayment(command, context);
    addFitTriangle(command, context);
    return command.demandCommand(1, "Name what to fit: recovery, payment or triangle.");
  });
}
