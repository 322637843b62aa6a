import { expect } from "chai";
import { fileOf, read } from "./work-folder.js";

const cases: readonly { text: string; state: string; isKnown: boolean; why: string }[] = [
  { text: "ca", state: "CA", isKnown: true, why: "codes are read in any case" },
  { text: "US-NY", state: "NY", isKnown: true, why: "ISO 3166-2 writes the country too" },
  { text: "new_york", state: "NY", isKnown: true, why: "names come with underscores" },
  { text: "American Samoa", state: "AS", isKnown: true, why: "a territory is one of the list" },
  { text: "AE", state: "AE", isKnown: false, why: "a military post code is no jurisdiction: no limitation rule holds" },
  { text: "Calif.", state: "CALIF.", isKnown: false, why: "nothing is guessed from abbreviations" },
];

describe("the state of a row", () => {
  for (const { text, state, isKnown, why } of cases) {
    it(`${text}: ${why}`, async () => {
      const tape = await read(fileOf(`ACCT,BAL,ST\nA,1,${text}\n`));
      const column = tape.columns.columns.get("state");
      expect(column?.kind === "code" ? column.labels : null).to.deep.equal([state]);
      expect([...tape.findings].some(({ code }) => code === "state_unknown")).to.equal(!isKnown);
    });
  }
});
