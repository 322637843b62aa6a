import { expect } from "chai";
import fc from "fast-check";
import { cancelReversed, type LinkedMovement, movementKey, OpenItems } from "../../src/ledger/open-items.js";

/** "day party amount [takes back nth]", in the order of entries. */
function movementsOf(lines: readonly string[]): LinkedMovement[] {
  return lines.map((line, i) => {
    const [day, party, amount, reverses] = line.split(" ");
    return {
      sequence: BigInt(i + 1),
      effectiveOn: `2026-01-${day!.padStart(2, "0")}`,
      party: party === "-" ? "" : party!,
      amountMinor: BigInt(amount!),
      reversesSequence: reverses === undefined ? null : BigInt(reverses),
    };
  });
}

function openOf(movements: readonly LinkedMovement[]): string[] {
  const linked = new Set(
    movements.flatMap((m) => (m.reversesSequence === null ? [] : [m.sequence, m.reversesSequence])),
  );
  const left = cancelReversed(movements.filter(({ sequence }) => linked.has(sequence)));
  const items = new OpenItems();
  const inOrder = [...movements].sort((a, b) =>
    a.effectiveOn < b.effectiveOn ? -1 : Number(a.effectiveOn > b.effectiveOn),
  );
  for (const movement of inOrder) {
    items.add({ ...movement, amountMinor: left.get(movementKey(movement)) ?? movement.amountMinor });
  }
  return items.list().map((item) => `${item.sequence} ${item.openMinor}`);
}

// biome-ignore format: a table
const cases: { why: string; lines: string[]; open: string[] }[] = [
  { why: "what nobody has settled is open", lines: ["1 a 100", "2 a 50"], open: ["1 100", "2 50"] },
  { why: "a receipt settles the oldest first, and the next in part", lines: ["1 a 100", "2 a 50", "3 a -120"], open: ["2 30"] },
  { why: "a receipt settles its own agency's items", lines: ["1 a 100", "2 b 50", "3 b -50"], open: ["1 100"] },
  { why: "a receipt that names no agency settles nobody's", lines: ["1 a 100", "2 - -40"], open: ["1 100", "2 -40"] },
  { why: "what is over stays open with the other sign", lines: ["1 a 100", "2 a -130"], open: ["2 -30"] },
  { why: "an advance payment settles what comes after it", lines: ["1 a -130", "2 a 100", "3 a 50"], open: ["3 20"] },
  { why: "the order is that of days, not of recording", lines: ["5 a 100", "2 a 50", "6 a -60"], open: ["1 90"] },
  { why: "a return cancels its own payment, not the oldest", lines: ["1 a 100", "2 a 50", "3 a -50 2"], open: ["1 100"] },
  { why: "a return in part leaves the rest", lines: ["1 a 100", "2 a 50", "3 a -20 2"], open: ["1 100", "2 30"] },
  { why: "a return of what was remitted is owed back", lines: ["1 a 100", "2 a -100", "3 a -100 1"], open: ["2 -100"] },
  { why: "a receipt that is taken back opens what it had settled", lines: ["1 a 100", "2 a -100", "3 a 100 2"], open: ["1 100"] },
  { why: "a reversal that is reversed brings its original back", lines: ["1 a 100", "2 a -100 1", "3 a 100 2"], open: ["1 100"] },
  { why: "two returns in part take no more than there was", lines: ["1 a 100", "2 a -60 1", "3 a -60 1"], open: ["2 -20"] },
  { why: "a return cancels its own counterparty's share alone", lines: ["1 a 100", "2 b -100 1"], open: ["1 100", "2 -100"] },
  { why: "nothing moved, nothing open", lines: ["1 a 100", "2 a -100"], open: [] },
];

describe("open items", () => {
  for (const { why, lines, open } of cases) {
    it(why, () => expect(openOf(movementsOf(lines))).to.deep.equal(open));
  }

  it("always sum to the balance of each counterparty, and have one sign", () => {
    const line = fc.record({
      day: fc.integer({ min: 1, max: 28 }),
      party: fc.constantFrom("", "a", "b"),
      amount: fc.integer({ min: -50, max: 50 }),
      back: fc.option(fc.nat({ max: 30 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const movements = lines.map(({ day, party, amount, back }, i): LinkedMovement => {
          const target = back === undefined || i === 0 ? null : BigInt((back % i) + 1);
          const effectiveOn = `2026-01-${String(day).padStart(2, "0")}`;
          return { sequence: BigInt(i + 1), effectiveOn, party, amountMinor: BigInt(amount), reversesSequence: target };
        });
        const parties = new Map(movements.map(({ sequence, party }) => [sequence, party]));
        const open = openOf(movements).map((text) => text.split(" ").map(BigInt) as [bigint, bigint]);
        for (const party of ["", "a", "b"]) {
          const own = open.filter(([sequence]) => parties.get(sequence) === party).map(([, amount]) => amount);
          const balance = movements.filter((m) => m.party === party).reduce((sum, m) => sum + m.amountMinor, 0n);
          expect(own.reduce((sum, amount) => sum + amount, 0n)).to.equal(balance);
          expect(new Set(own.map((amount) => amount > 0n)).size).to.be.at.most(1);
        }
      }),
    );
  });
});
