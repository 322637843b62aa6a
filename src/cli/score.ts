import type { CommandContext, Program } from "./context.js";
import { addScorePayment } from "./payment-commands.js";

/** `netback score ...`: applies a model to a file. Each kind of model brings its own command. */
export function addScoreCommands(program: Program, context: CommandContext): Program {
  return program.command("score", "Score the rows of a file by a fitted model", async (command) => {
    const { addScoreRecovery } = await import("./score-recovery.js");
    addScoreRecovery(command, context);
    addScorePayment(command, context);
    return command.demandCommand(1, "Name what to score: recovery or payment.");
  });
}
