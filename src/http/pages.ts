import { fileURLToPath } from "node:url";
import express, { type Express } from "express";
import helmet, { type HelmetOptions } from "helmet";
import swaggerUi from "swagger-ui-express";
import type { OpenapiDocument } from "./openapi.js";

/** The folder of the start page, from the compiled file's own place (dist/src/http). */
const webFolder = fileURLToPath(new URL("../../../web/", import.meta.url));

/** Everything that a page needs comes from this server, and no script or style stands in a page. */
export const contentPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    objectSrc: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
} satisfies HelmetOptions["contentSecurityPolicy"];

/** Swagger UI sets styles on its elements. */
const docsPolicy = {
  ...contentPolicy,
  directives: { ...contentPolicy.directives, styleSrc: ["'self'", "'unsafe-inline'"] },
};

/** The OpenAPI document, Swagger UI over it (from our own disk, nothing from the network), and the start page. */
export function mountPages(app: Express, document: OpenapiDocument): void {
  const text = JSON.stringify(document);
  app.get("/openapi.json", (_request, response) => {
    response.type("application/json").send(text);
  });
  const options = { swaggerUrl: "/openapi.json", customSiteTitle: "netback API" };
  app.use(
    "/docs",
    helmet.contentSecurityPolicy(docsPolicy),
    swaggerUi.serveFiles(undefined, options),
    swaggerUi.setup(undefined, options),
  );
  app.use(express.static(webFolder, { index: "index.html", redirect: false }));
}
