import { listLayouts as readPage } from "../store/layout.js";
import { implement } from "./act.js";

export const listLayouts = implement("list-layouts", ({ tx }, input) => readPage(tx, input));
