import { findModel } from "../store/model-version.js";
import { implement } from "./act.js";

export const showModel = implement("show-model", ({ tx }, input) => findModel(tx, input.model_id));
