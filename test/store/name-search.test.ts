import { hash } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { chance } from "../../seeds/random-numbers.js";
import { isMeant, nameBits, wordsOf } from "../../src/store/name-search.js";

const keyed = (text: string) => hash("sha256", `key ${text}`, "buffer");
const passes = (name: string, asked: string) => {
  const bits = nameBits(asked, keyed);
  return (nameBits(name, keyed) & bits) === bits;
};

describe("finding a name by a part of it", () => {
  // biome-ignore format: a table
  const cases: readonly [name: string, asked: string, is: boolean, why: string][] = [
    ["Able Goods Inc.", "able goods inc", true, "the whole name, without its signs"],
    ["Able Goods Inc.", "goods ABLE", true, "words in any order"],
    ["Able Goods Inc.", "goo", true, "three letters that begin a word"],
    ["Able Goods Inc.", "go", false, "two letters begin nothing"],
    ["Able Goods Co", "co", true, "a word of two letters, whole"],
    ["3M Company", "3m", true, "digits are letters"],
    ["Able Goods Inc.", "oods", false, "not from within a word"],
    ["Able Goods Inc.", "able bodies", false, "every word has to be there"],
    ["Jürgen Müller-Lüdenscheidt", "muller ludens", true, "accents do not matter, a hyphen divides"],
    ["Muller", "Müller", true, "accents of the search do not either"],
    ["Able", "", false, "nothing asked for is nobody"],
    ["Able", " -- ", false, "signs alone are nothing"],
    ["", "able", false, "no name"],
  ];
  for (const [name, asked, is, why] of cases) {
    it(`"${asked}" in "${name}": ${why}`, () => {
      expect(isMeant(name, asked)).to.equal(is);
      if (is) expect(passes(name, asked), "its bits let it through").to.equal(true);
    });
  }

  it("lets through every name that is meant, whatever its words and whichever of them are asked for", () => {
    const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 9 }), fc.infiniteStream(fc.nat(20)), (words, stream) => {
        const name = words.join(" ");
        const some = wordsOf(name).filter(() => stream.next().value! % 2 === 0);
        const asked = some.map((one) => [...one].slice(0, 3 + (stream.next().value as number)).join("")).join(" ");
        if (wordsOf(asked).length > 0) expect(isMeant(name, asked)).to.equal(true);
        expect(passes(name, asked)).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });

  it("opens few names for nothing, and does not tell how often a beginning occurs", () => {
    const { pick, between } = chance(4);
    const letter = () => "abcdefghijklmnopqrstuvwxyz"[between(0, 25)]!;
    const words = Array.from({ length: 900 }, () => Array.from({ length: between(4, 9) }, letter).join(""));
    const names = Array.from({ length: 4000 }, () => `${pick(words)} ${pick(words)} ${pick(words)}`);
    const through = names.filter((name) => passes(name, words[0]!)).length / names.length;
    expect(through).to.be.within(0.02, 0.09);
    const shared = new Map<bigint, number>();
    for (const beginning of new Set(words.map((one) => one.slice(0, 3)))) {
      const bits = nameBits(beginning, keyed);
      shared.set(bits, (shared.get(bits) ?? 0) + 1);
    }
    expect(Math.min(...shared.values()), "beginnings that share a bit, where fewest do").to.be.at.least(3);
  });
});
