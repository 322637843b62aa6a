import { expect } from "chai";
import fc from "fast-check";
import { Refusal } from "../../models/refusal.js";
import { ageSteps, projectMack } from "../../src/recovery/chain-ladder.js";
import { knownThrough, latestValues, type Triangle } from "../../src/recovery/triangle.js";
import { actualToExpected, backTest } from "../../src/recovery/triangle-checks.js";
import { readTriangle, type TriangleForm } from "../../src/recovery/triangle-file.js";

const read = (text: string, form: Partial<TriangleForm> = {}) => readTriangle(text, { incremental: false, ...form });
const codes = (text: string, form: Partial<TriangleForm> = {}) => read(text, form).findings.map(({ code }) => code);
const square = "origin,development,value\n2001,1,10\n2001,2,15\n2002,1,20\n";

describe("triangle files", () => {
  const forms = [
    { why: "ages", text: square },
    { why: "calendar years", text: "origin,development,value\n2001,2001,10\n2001,2002,15\n2002,2002,20\n" },
    { why: "ages from zero", text: "origin,development,value\n2001,0,10\n2001,1,15\n2002,0,20\n" },
    { why: "wide", text: "vintage,1,2\n2001,10,15\n2002,20,\n" },
    { why: "wide, with words", text: "vintage;dev 1;dev 2\n2001;10;15\n2002;20;NA\n" },
    { why: "wide, calendar years", text: "origin,2001,2002\n2001,10,15\n2002,,20\n" },
    { why: "columns in another order", text: "value,origin,development\n10,2001,1\n15,2001,2\n20,2002,1\n" },
    { why: "three columns without known names", text: "a,b,c\n2001,1,10\n2001,2,15\n2002,1,20\n" },
    { why: "month ends", text: "origin,valuation,paid\n2001,2001-12-31,10\n2001,2002-12-31,15\n2002,2002-12-31,20\n" },
    { why: "amounts as people write them", text: 'origin,age,paid\n2001,1,$10.00\n2001,2,"15"\n2002,1,20.0\n' },
    { why: "newest first", text: "origin,development,value\n2002,1,20\n2001,2,15\n2001,1,10\n" },
  ];
  for (const { why, text } of forms) {
    it(`reads the same triangle: ${why}`, () => {
      const { triangle, findings } = read(text);
      expect(triangle.origins).to.deep.equal(["2001", "2002"]);
      expect(triangle.ages).to.deep.equal([1, 2]);
      expect([...triangle.cumulative]).to.deep.equal([10, 15, 20, Number.NaN]);
      expect(findings).to.deep.equal([]);
      expect(triangle.starts[1]! - triangle.starts[0]!).to.equal(1);
    });
  }

  it("adds up values that are declared by period, and takes a period that is left out as nothing", () => {
    const { triangle, findings } = read("origin,age,paid\n2001,1,10\n2001,3,5\n2002,1,20\n2002,2,4\n", {
      incremental: true,
    });
    expect([...triangle.cumulative]).to.deep.equal([10, 10, 15, 20, 24, Number.NaN]);
    expect(findings.map(({ code }) => code)).to.deep.equal(["triangle_cell_missing"]);
  });

  it("leaves what follows unknown where a period cannot be read", () => {
    const { triangle } = read("origin,age,paid\n2001,1,10\n2001,2,x\n2001,3,5\n2002,1,20\n", { incremental: true });
    expect([...triangle.cumulative].slice(0, 3)).to.deep.equal([10, Number.NaN, Number.NaN]);
  });

  const bad = [
    { why: "no number", text: `${square}2002,2,abc\n`, code: "number_invalid" },
    { why: "no origin", text: `${square},2,5\n`, code: "number_invalid" },
    { why: "infinite", text: `${square}2002,2,Infinity\n`, code: "number_invalid" },
    { why: "twice", text: `${square}2002,1,21\n`, code: "triangle_cell_duplicate" },
    { why: "too few fields", text: `${square}2002,1\n`, code: "row_ragged" },
    { why: "falls", text: `${square}2002,2,19\n`, code: "triangle_values_fall" },
    { why: "nothing yet", text: `${square}2003,1,0\n`, code: "triangle_origin_without_cash" },
    {
      why: "a gap",
      text: "origin,age,paid\n2001,1,1\n2001,2,2\n2001,3,3\n2002,1,1\n2002,3,3\n",
      code: "triangle_cell_missing",
    },
    {
      why: "before its origin",
      text: "origin,development,v\n2001,2001,1\n2001,2002,2\n2002,2001,9\n",
      code: "triangle_development_before_origin",
    },
    { why: "two columns of values", text: "origin,age,paid,incurred\n2001,1,1,2\n", code: "triangle_value_chosen" },
  ];
  for (const { why, text, code } of bad) {
    it(`finds a bad row: ${why}`, () => {
      expect(codes(text)).to.include(code);
    });
  }

  const refused = [
    { why: "empty", text: " \n", code: "file_empty" },
    { why: "header only", text: "origin,age,paid\n", code: "file_without_rows" },
    { why: "no columns to tell", text: "a,b,c,d\n1,2,3,4\n", code: "layout_unresolved" },
    { why: "a development that is no time", text: "origin,development,v\n2001,soon,1\n", code: "layout_unresolved" },
    { why: "nothing readable", text: "origin,age,v\n2001,1,x\n", code: "triangle_unusable" },
    { why: "an open quote", text: 'origin,age,v\n2001,1,"1\n', code: "file_unreadable" },
  ];
  for (const { why, text, code } of refused) {
    it(`refuses a file: ${why}`, () => {
      expect(() => read(text)).to.throw(Refusal, code);
    });
  }

  it("reads the size of each origin, and refuses one that has two", () => {
    const text = "origin,age,paid,face\n2001,1,1,100\n2001,2,2,100\n2002,1,1,50\n";
    expect(read(text, { exposureColumn: "face" }).exposures).to.deep.equal([100, 50]);
    expect(() => read(`${text}2002,2,3,60\n`, { exposureColumn: "face" })).to.throw(Refusal, "layout_unresolved");
  });
});

/** Cumulative triangles with positive cash, four origins of four ages. */
const triangles = fc
  .array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 16, maxLength: 16 })
  .map((cash): Triangle => {
    const cumulative = Float64Array.from(cash);
    for (let i = 0; i < 16; i++) {
      if (i % 4 > 0) cumulative[i]! += cumulative[i - 1]!;
    }
    for (let row = 0; row < 4; row++) cumulative.fill(Number.NaN, row * 4 + 4 - row, row * 4 + 4);
    const origins = ["a", "b", "c", "d"];
    const starts = [-4, -3, -2, -1];
    return {
      origins,
      ages: [1, 2, 3, 4],
      cumulative,
      starts,
      unit: "period",
      agesFrom: "age",
      calendarNames: new Map(),
    };
  });

describe("chain ladder laws", () => {
  it("scales with the values and leaves the factors", () => {
    fc.assert(
      fc.property(triangles, fc.double({ min: 0.01, max: 100, noNaN: true }), (triangle, scale) => {
        const larger = { ...triangle, cumulative: triangle.cumulative.map((value) => value * scale) };
        const [small, large] = [projectMack(triangle, ageSteps(triangle)), projectMack(larger, ageSteps(larger))];
        expect(large.total.ultimate).to.be.closeTo(small.total.ultimate * scale, 1e-6 * large.total.ultimate);
        expect(large.total.standardError).to.be.closeTo(small.total.standardError * scale, 1e-6 * large.total.ultimate);
      }),
    );
  });

  it("expects by age exactly what came in", () => {
    fc.assert(
      fc.property(triangles, (triangle) => {
        for (const { ratio } of actualToExpected(triangle, ageSteps(triangle)).age)
          expect(ratio).to.be.closeTo(1, 1e-9);
      }),
    );
  });

  it("knows at the last calendar period all there is, and before it less", () => {
    fc.assert(
      fc.property(triangles, (triangle) => {
        expect(latestValues(knownThrough(triangle, 0))).to.deep.equal(latestValues(triangle));
        expect(knownThrough(triangle, -1).origins).to.deep.equal(["a", "b", "c"]);
      }),
    );
  });

  it("back-tests with what was known, and with nothing that came later", () => {
    fc.assert(
      fc.property(triangles, fc.double({ min: 1, max: 1000, noNaN: true }), (triangle, more) => {
        const changed = {
          ...triangle,
          cumulative: triangle.cumulative.map((value, i) => (i === 6 ? value + more : value)),
        };
        const expectedOf = (of: Triangle) => backTest(of, -1).calendar.map(({ expected }) => expected);
        expect(expectedOf(changed)).to.deep.equal(expectedOf(triangle));
      }),
    );
  });

  it("by hand: three origins, two steps", () => {
    const { triangle } = read("origin,1,2,3\na,10,20,25\nb,12,21,\nc,9,,\n");
    const steps = ageSteps(triangle);
    // 41/22; its sigma from the two links, which the second step, of one link, takes over
    expect(steps[0]!.factor).to.be.closeTo(41 / 22, 1e-12);
    const sigma = Math.sqrt(10 * (2 - 41 / 22) ** 2 + 12 * (1.75 - 41 / 22) ** 2);
    expect(steps[0]!.sigma).to.be.closeTo(sigma, 1e-12);
    expect(steps[1]).to.include({ factor: 1.25, links: 1 });
    expect(steps[1]!.sigma).to.equal(steps[0]!.sigma);
    const { origins } = projectMack(triangle, steps);
    const [, b] = origins;
    expect(b!.ultimate).to.equal(26.25);
    expect(b!.standardError).to.be.closeTo(Math.sqrt(sigma ** 2 * 21 + (21 * sigma) ** 2 / 20), 1e-9);
  });

  it("refuses a step that no origin shows", () => {
    const { triangle } = read("origin,age,paid\n2001,1,1\n2002,2,2\n");
    expect(() => ageSteps(triangle)).to.throw(Refusal, "triangle_unusable");
  });
});
