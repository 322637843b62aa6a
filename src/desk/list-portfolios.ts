import { listPortfolios as readPage } from "../store/portfolio.js";
import { implement } from "./act.js";

export const listPortfolios = implement("list-portfolios", ({ tx }, input) => readPage(tx, input));
