import type { CommandContext, Program } from "./context.js";
import { addScoreRecovery } from "./score-recovery.js";

/** `netback score ...`: applies a model to a file. Each kind of model brings its own command. */
export function addScoreCommands(program: Program, context: CommandContext): Program {
  return program.command("score", "Score the rows of a file by a fitted model", (command) => {
    addScoreRecovery(command, context);
    return command.demandCommand(1, "Name what to score: recovery.");
  });
}
