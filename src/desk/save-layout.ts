import { saveLayout as keepLayout } from "../store/layout.js";
import { implement } from "./act.js";

export const saveLayout = implement("save-layout", async ({ tx, now }, { seller, layout }) => {
  const saved = { seller, saved_at: now, layout };
  await keepLayout(tx, saved);
  return saved;
});
