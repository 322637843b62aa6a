import { expect } from "chai";
import { CallerLimit } from "../../src/http/caller-limit.js";
import type { ExchangeHandler } from "../../src/http/request-context.js";
import { allowedMethods, ResourceTable } from "../../src/http/resource-table.js";

const handler: ExchangeHandler = async () => undefined;

describe("the table of resources", () => {
  const table = new ResourceTable([
    { template: "/v1/things", method: "GET", handler },
    { template: "/v1/things", method: "POST", handler },
    { template: "/v1/things/open", method: "GET", handler },
    { template: "/v1/things/{thing_id}", method: "GET", handler },
    { template: "/v1/things/{thing_id}/parts/{part_id}", method: "POST", handler },
  ]);
  const cases = [
    { path: "/v1/things", template: "/v1/things", params: {}, why: "a path without a field" },
    { path: "/v1/THINGS/", template: "/v1/things", params: {}, why: "capitals and a slash do not matter" },
    { path: "/v1/things/open", template: "/v1/things/open", params: {}, why: "a word goes before a field" },
    { path: "/v1/things/t%2F1", template: "/v1/things/{thing_id}", params: { thing_id: "t/1" }, why: "decoded" },
    {
      path: "/v1/things/T1/parts/2/",
      template: "/v1/things/{thing_id}/parts/{part_id}",
      params: { thing_id: "T1", part_id: "2" },
      why: "two fields, as they are written",
    },
    { path: "/v1/things/1/parts", template: undefined, params: undefined, why: "not to its end" },
    { path: "/v1/thingsx", template: undefined, params: undefined, why: "only begins alike" },
  ];
  for (const { path, template, params, why } of cases) {
    it(`finds ${path}: ${why}`, () => {
      const found = table.find(path);
      expect(found?.resource.template).to.equal(template);
      expect(found?.params).to.deep.equal(params);
    });
  }

  it("refuses a field that is not UTF-8, and knows the methods", () => {
    expect(() => table.find("/v1/things/%ff"))
      .to.throw()
      .with.property("code", "malformed_request");
    expect(allowedMethods(table.find("/v1/things")!.resource)).to.equal("GET, HEAD, OPTIONS, POST");
  });
});

describe("the limit of requests a minute", () => {
  it("counts each caller alone, and begins anew with the next minute", () => {
    let now = 1_000_000;
    const limit = new CallerLimit(2, () => now);
    expect(limit.count("a")).to.deep.equal({ remaining: 1, resetSeconds: 60 });
    now += 59_001;
    expect(limit.count("a")).to.deep.equal({ remaining: 0, resetSeconds: 1 });
    expect(limit.count("a").remaining).to.equal(-1);
    expect(limit.count("b").remaining).to.equal(1);
    now += 999;
    expect(limit.count("a").remaining).to.equal(1);
  });
});
