import { recordId } from "../../models/record-id.js";
import { insertAgency } from "../store/agency.js";
import { implement } from "./act.js";

export const registerAgency = implement("register-agency", async ({ tx, desk, now }, input) => {
  const agency = {
    id: recordId("ag", desk.clock(), desk.randomBytes(10)),
    name: input.name,
    external_id: input.external_id ?? null,
    created_at: now,
  };
  await insertAgency(tx, agency);
  return agency;
});
