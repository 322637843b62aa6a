import { listQuotes as readPage } from "../store/quote.js";
import { implement } from "./act.js";

export const listQuotes = implement("list-quotes", ({ tx, now }, input) => readPage(tx, { ...input, now }));
