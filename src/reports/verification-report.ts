import type { Difference, VerificationDocument } from "../../models/period.js";
import type { SealedFileDocument } from "../../models/sealed-file.js";
import { type Fact, factSheet, type Sheet } from "./sheet.js";

function differencesSheet(differences: readonly Difference[]): Sheet[] {
  if (differences.length === 0) return [];
  return [
    {
      name: "differences",
      title: "What does not agree",
      columns: [
        { key: "check", title: "check", kind: "text" },
        { key: "portfolio_id", title: "portfolio", kind: "text" },
        { key: "where", title: "where", kind: "text" },
        { key: "expected", title: "expected", kind: "text" },
        { key: "found", title: "found", kind: "text" },
      ],
      rows: differences.map((one) => [one.check, one.portfolio_id, one.where, one.expected, one.found]),
    },
  ];
}

/** A verification of the books: what was compared, and what does not agree. */
export function verificationSheets(document: VerificationDocument): Sheet[] {
  const { green, checks, differences, portfolios, since, verified_at, id } = document;
  const found = checks.reduce((sum, check) => sum + check.differences, 0);
  const span = since === null ? "all that is recorded" : `what was recorded since ${since}`;
  return [
    {
      name: "verification",
      title: green ? `The books are proved (${id})` : `${found} differences (${id})`,
      columns: [
        { key: "check", title: "check", kind: "text" },
        { key: "about", title: "what is proved", kind: "text" },
        { key: "compared", title: "compared", kind: "integer" },
        { key: "differences", title: "differences", kind: "integer" },
      ],
      rows: checks.map((check) => [check.check, check.about, check.compared, check.differences]),
      notes: [`${portfolios} portfolios, ${span}; at ${verified_at}.`],
    },
    ...differencesSheet(differences),
  ];
}

/** A check of a sealed file. */
export function sealedFileSheets(document: SealedFileDocument): Sheet[] {
  const { green, file, seal, differences } = document;
  const count = (label: string, value: number): Fact => [label, { value, kind: "integer" }];
  return [
    factSheet(
      {
        name: "sealed-file",
        title: green ? `${file} is as it was sealed` : `${file} is not as it was sealed`,
        notes: ["Compare the last seal with the one that a report has printed, or name that one with --seal."],
      },
      [
        ["books of", { value: document.tenant_id, kind: "text" }],
        count("portfolios", document.portfolios),
        count("closed months", document.months),
        count("entries", document.entries),
        count("postings", document.postings),
        ["last seal", { value: seal, kind: "text" }],
      ],
    ),
    ...differencesSheet(differences),
  ];
}
