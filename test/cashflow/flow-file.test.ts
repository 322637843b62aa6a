import { expect } from "chai";
import { isRefusal } from "../../models/refusal.js";
import { formatDay } from "../../src/calendar/day.js";
import { parseFlows } from "../../src/cashflow/flow-file.js";

describe("file of flows", () => {
  const readable: [why: string, text: string][] = [
    ["with its header", "date,amount\n2024-01-01,-100\n2024-06-30,105.5\n"],
    ["without a header", "2024-01-01,-100\n2024-06-30,105.5"],
    [
      "with a byte order mark, CRLF, blanks and quotes",
      '\uFEFFDate, Amount\r\n"2024-01-01" , "-100"\r\n\r\n2024-06-30,+105.50\r\n',
    ],
  ];
  for (const [why, text] of readable) {
    it(`is read ${why}`, () => {
      const flows = parseFlows(text);
      expect(flows.dates.map(formatDay)).to.deep.equal(["2024-01-01", "2024-06-30"]);
      expect(flows.amounts).to.deep.equal([-100, 105.5]);
    });
  }

  const refused: [why: string, text: string, code: string, said: string][] = [
    ["empty", " \n", "file_empty", "no text"],
    ["header only", "date,amount\n", "file_without_rows", "header"],
    ["a date that does not exist", "2024-02-30,1", "file_unreadable", 'row 1, date: "2024-02-30"'],
    [
      "a date written otherwise",
      "date,amount\n2024-01-01,1\n01/02/2024,5",
      "file_unreadable",
      'row 2, date: "01/02/2024"',
    ],
    ["no amount", "2024-01-01,", "file_unreadable", 'row 1, amount: ""'],
    ["an amount in words", "2024-01-01,ten", "file_unreadable", '"ten"'],
    ["an infinite amount", `2024-01-01,${"9".repeat(400)}`, "file_unreadable", "not a plain decimal"],
    ["a thousands separator", '2024-01-01,"1,500.00"', "file_unreadable", "row 1: 3 fields"],
    ["another delimiter", "2024-01-01;5", "file_unreadable", "row 1: 1 fields"],
  ];
  for (const [why, text, code, said] of refused) {
    it(`is refused: ${why}`, () => {
      expect(() => parseFlows(text))
        .to.throw()
        .that.satisfies((error: unknown) => isRefusal(error) && error.code === code && error.detail.includes(said));
    });
  }

  it("names every bad row, not only the first", () => {
    try {
      parseFlows("date,amount\n2024-13-01,1\n2024-01-01,2\n2024-01-02,x");
      expect.fail("read");
    } catch (error) {
      if (!isRefusal(error)) throw error;
      expect(error.items.map((item) => [item.pointer, item.code, item.value])).to.deep.equal([
        ["row 1, date", "date_invalid", "2024-13-01"],
        ["row 3, amount", "amount_invalid", "x"],
      ]);
    }
  });
});
