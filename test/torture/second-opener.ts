import { netback } from "../cli/run-netback.js";
import { installEmbedded } from "./installation.js";
import { type PartResult, resultOf } from "./report.js";

/** Other processes try to open a folder that a server has open: each is refused, and the server goes on. */
export async function secondOpener(rounds: number): Promise<PartResult> {
  const installation = await installEmbedded();
  const server = await installation.serve();
  const faults: string[] = [];
  try {
    const env = { NETBACK_HOME: installation.folder, PORT: "0", LOG_LEVEL: "silent" };
    const commands = [["serve"], ["portfolios", "list"], ["migrate"]];
    for (let round = 0; round < rounds; round++) {
      for (const command of commands) {
        const { code, err } = await netback(command, { env });
        if (code !== 1 || !err.includes("folder_in_use")) faults.push(`${command.join(" ")} ended ${code}: ${err}`);
      }
    }
    if (!(await fetch(`${server.url}/readyz`)).ok) faults.push("the first is not ready any more");
  } finally {
    await server.stop();
    await installation.remove();
  }
  const note = `${rounds * 3} openers`;
  return resultOf("second opener of a folder [embedded]", { rounds, audits: [], faults, note });
}
