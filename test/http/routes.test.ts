import { expect } from "chai";
import { roles } from "../../models/act.js";
import { actNames } from "../../models/acts.js";
import { openapiDocument } from "../../src/http/openapi.js";
import { declarationOf, fieldPlaces, inputFields, pathFields } from "../../src/http/route.js";
import { routes } from "../../src/http/routes.js";

/** The resources of the contract that this part of the product has. */
const contract = [
  "GET /v1/portfolios",
  "POST /v1/portfolios",
  "POST /v1/portfolios/{portfolio_id}/tape",
  "GET /v1/portfolios/{portfolio_id}/findings",
  "GET /v1/portfolios/{portfolio_id}/strata",
  "GET /v1/portfolios/{portfolio_id}/forecast",
  "GET /v1/portfolios/{portfolio_id}/quotes",
  "POST /v1/portfolios/{portfolio_id}/quotes",
  "GET /v1/portfolios/{portfolio_id}/receivables",
  "GET /v1/portfolios/{portfolio_id}/netback",
  "GET /v1/portfolios/{portfolio_id}/ledger",
  "GET /v1/quotes/{quote_id}",
  "POST /v1/quotes/{quote_id}/accept",
  "POST /v1/quotes/{quote_id}/decline",
  "GET /v1/purchases",
  "POST /v1/purchases/{purchase_id}/putbacks",
  "POST /v1/payments",
  "POST /v1/payments/batch",
  "GET /v1/agencies",
  "POST /v1/agencies",
  "GET /v1/placements",
  "POST /v1/placements",
  "GET /v1/ledger/entries",
  "GET /v1/ledger/trial-balance",
  "GET /v1/ledger/accounts/{account}/statement",
  "GET /v1/reports/netback",
  "GET /v1/reports/trial-balance",
  "GET /v1/reports/roll-forward",
  "GET /v1/reports/vintage",
  "GET /v1/reports/erc",
  "GET /v1/jobs/{job_id}",
  "GET /v1/periods/{month}",
  "POST /v1/periods/{month}/close",
  "POST /v1/periods/{month}/reopen",
  "GET /v1/layouts",
  "POST /v1/layouts",
];

const named = routes.map((route) => ({ name: `${route.method.toUpperCase()} ${route.path}`, route }));

describe("the routes table", () => {
  it("has every resource of the contract", () => {
    expect(named.map(({ name }) => name)).to.include.members(contract);
  });

  it("has no resource twice", () => {
    expect(new Set(named.map(({ name }) => name)).size).to.equal(routes.length);
  });

  it("reaches every act", () => {
    expect([...new Set(routes.map(({ act }) => act))]).to.have.members([...actNames]);
  });

  for (const { name, route } of named) {
    it(`${name}: is for named roles, reads with GET and writes with POST, and feeds its act`, () => {
      const declaration = declarationOf(route);
      const fields = inputFields(declaration);
      expect(declaration.roles.length).to.be.greaterThan(0);
      expect(roles).to.include.members([...declaration.roles]);
      if (declaration.effect === "writes") expect(route.method).to.equal("post");
      if (route.upload !== undefined)
        expect(declaration.long, "what takes a file is answered with a job").to.equal(true);
      if (declaration.long) expect(route.status, "a long act is answered with 202").to.equal(undefined);
      expect([...fields.keys()]).to.include.members([...pathFields(route.path), ...(route.without ?? [])]);
      const places = fieldPlaces(route);
      for (const [field, { required }] of fields) {
        if (required) expect(places.has(field), `${field} is required, so it must come from somewhere`).to.equal(true);
      }
    });
  }
});

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: unknown;
  readonly content?: unknown;
}

interface Body {
  readonly properties: Readonly<Record<string, { readonly description?: string }>>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { content: Record<string, unknown> };
  readonly responses: Record<string, unknown>;
}

describe("the OpenAPI document", () => {
  const document = openapiDocument(routes, "1.2.3");
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation: operation as unknown as Operation })),
  );

  it("is of version 3.1 and has an operation for every route", () => {
    expect(document.openapi).to.equal("3.1.0");
    expect(document.info.version).to.equal("1.2.3");
    expect(operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`)).to.have.members(
      named.map(({ name }) => name),
    );
  });

  it("names every operation once", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const id of ids) expect(id).to.match(/^[a-zA-Z][a-zA-Z0-9]*$/);
  });

  it("has each name of a path as a required parameter, and no parameter twice", () => {
    for (const { path, operation } of operations) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === "path");
      expect(inPath.map(({ name }) => name)).to.have.members(pathFields(path));
      expect(inPath.every(({ required }) => required === true)).to.equal(true);
      const keys = operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(keys).size, path).to.equal(keys.length);
      for (const { schema, content } of operation.parameters)
        expect((schema === undefined) !== (content === undefined)).to.equal(true);
    }
  });

  it("points at nothing that is not there", () => {
    const text = JSON.stringify(document);
    const targets = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!);
    expect(targets.length).to.be.greaterThan(0);
    for (const target of new Set(targets)) {
      let part: unknown = document;
      for (const step of target.split("/")) part = (part as Record<string, unknown>)[step];
      expect(part, target).to.be.an("object");
    }
    expect(text).not.to.contain("#/$defs/");
  });

  it("says of every operation how it fails", () => {
    for (const { operation } of operations) {
      expect(operation.responses.default).to.deep.equal({ $ref: "#/components/responses/Problem" });
      expect(Object.keys(operation.responses).some((status) => /^20[012]$/.test(status))).to.equal(true);
    }
  });

  it("says in words what every operation does, and what every parameter and field is", () => {
    for (const { path, method, operation } of operations) {
      expect(operation.summary, `${method} ${path}`).to.match(/^[A-Z].+[^.]$/);
      const body = operation.requestBody?.content["application/json"] as { schema: Body } | undefined;
      const described = [...operation.parameters, ...Object.values(body?.schema.properties ?? {})];
      for (const { description } of described)
        expect(description, `${method} ${path}`).to.be.a("string").and.not.be.empty;
    }
  });

  it("never asks the wire for the path of a file", () => {
    for (const { operation } of operations) {
      expect(operation.parameters.map(({ name }) => name)).not.to.include("file");
      const body = operation.requestBody?.content["application/json"] as { schema: { properties: object } } | undefined;
      expect(Object.keys(body?.schema.properties ?? {})).not.to.include("file");
    }
  });
});
