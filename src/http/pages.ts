import express, { type Express } from "express";
import swaggerUi from "swagger-ui-express";
import type { OpenapiDocument } from "./openapi.js";

/** The folder of the start page, from the compiled file's own place (dist/src/http). */
const webFolder = new URL("../../../web/", import.meta.url).pathname;

/** The OpenAPI document, Swagger UI over it (from our own disk, nothing from the network), and the start page. */
export function mountPages(app: Express, document: OpenapiDocument): void {
  const text = JSON.stringify(document);
  app.get("/openapi.json", (_request, response) => {
    response.type("application/json").send(text);
  });
  const options = { swaggerUrl: "/openapi.json", customSiteTitle: "netback API" };
  app.use("/docs", swaggerUi.serveFiles(undefined, options), swaggerUi.setup(undefined, options));
  app.use(express.static(webFolder, { index: "index.html", redirect: false }));
}
