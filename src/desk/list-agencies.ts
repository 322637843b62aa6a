import { listAgencies as readPage } from "../store/agency.js";
import { implement } from "./act.js";

export const listAgencies = implement("list-agencies", ({ tx }, input) => readPage(tx, input));
