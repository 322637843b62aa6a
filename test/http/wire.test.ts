import { expect } from "chai";
import fc from "fast-check";
import { isRefusal } from "../../models/refusal.js";
import { decodeParameter, maxNesting, parseJsonBody, parseQuery } from "../../src/http/wire.js";

function refusalOf(work: () => unknown): { code: string; items: readonly { code: string; pointer: string }[] } {
  try {
    work();
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

describe("the wire", () => {
  const bodies = [
    { why: "not JSON", bytes: "{", code: "malformed_request" },
    { why: "empty text is no JSON", bytes: "", code: "malformed_request" },
    { why: "an array is no object", bytes: "[1]", code: "malformed_request" },
    { why: "a text is no object", bytes: '"a"', code: "malformed_request" },
    { why: "null is no object", bytes: "null", code: "malformed_request" },
    { why: "bytes that are not UTF-8", bytes: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), code: "malformed_request" },
    {
      why: "a NUL in a text",
      bytes: '{"a":"x\\u0000y"}',
      code: "invalid_request",
      item: "text_invalid",
      pointer: "/a",
    },
    { why: "a NUL in a key", bytes: '{"a\\u0000":1}', code: "invalid_request", item: "key_invalid", pointer: "" },
    {
      why: "half a surrogate pair",
      bytes: '{"a":["\\ud800"]}',
      code: "invalid_request",
      item: "text_invalid",
      pointer: "/a/0",
    },
    {
      why: "a key that reaches the prototype",
      bytes: '{"b/c":{"__proto__":1}}',
      code: "invalid_request",
      item: "key_invalid",
      pointer: "/b~1c",
    },
    {
      why: "one level too deep",
      bytes: nested(maxNesting + 1),
      code: "invalid_request",
      item: "nesting_too_deep",
      pointer: "",
    },
    {
      why: "a hundred thousand levels",
      bytes: nested(100_000),
      code: "invalid_request",
      item: "nesting_too_deep",
      pointer: "",
    },
  ];
  for (const { why, bytes, code, item, pointer } of bodies) {
    it(`refuses a body: ${why}`, () => {
      const refusal = refusalOf(() => parseJsonBody(Buffer.from(bytes)));
      expect(refusal.code).to.equal(code);
      if (item !== undefined) expect(refusal.items[0]).to.include({ code: item, pointer });
    });
  }

  it("takes what is just deep enough, a whole surrogate pair and a byte order mark", () => {
    expect(parseJsonBody(Buffer.from(nested(maxNesting)))).to.have.property("a");
    expect(parseJsonBody(Buffer.from('\ufeff{"a":"😀"}'))).to.deep.equal({ a: "😀" });
  });

  it("never throws anything but a refusal, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(Buffer.from)), (bytes) => {
        try {
          parseJsonBody(Buffer.from(bytes));
        } catch (error) {
          expect(isRefusal(error)).to.equal(true);
        }
      }),
    );
  });

  const queries = [
    { why: "a name twice", target: "/v1/x?a=1&a=2", code: "malformed_request" },
    { why: "the same name, once percent-encoded", target: "/v1/x?a=1&%61=2", code: "malformed_request" },
    { why: "bytes that are not UTF-8", target: "/v1/x?a=%ff", code: "malformed_request" },
    { why: "a NUL", target: "/v1/x?a=%00", code: "malformed_request" },
    { why: "a broken escape", target: "/v1/x?a=%2", code: "malformed_request" },
  ];
  for (const { why, target, code } of queries) {
    it(`refuses a query: ${why}`, () => {
      expect(refusalOf(() => parseQuery(target)).code).to.equal(code);
    });
  }

  it("reads a query", () => {
    expect([...parseQuery("/v1/x?a=1&b=x+y%2Bz&c&&d=a=b")]).to.deep.equal([
      ["a", "1"],
      ["b", "x y+z"],
      ["c", ""],
      ["d", "a=b"],
    ]);
    expect(parseQuery("/v1/x").size).to.equal(0);
  });

  it("leaves a parameter that is not of its kind to the schema", () => {
    expect(decodeParameter("12", "number")).to.equal(12);
    expect(decodeParameter("0x10", "number")).to.equal("0x10");
    expect(decodeParameter("1e999", "number")).to.equal("1e999");
    expect(decodeParameter("true", "boolean")).to.equal(true);
    expect(decodeParameter("yes", "boolean")).to.equal("yes");
    expect(decodeParameter("a,b", "list")).to.deep.equal(["a", "b"]);
    expect(decodeParameter('{"a":1}', "object")).to.deep.equal({ a: 1 });
  });
});
