import { benchLedger } from "./ledger.js";
import { benchPrice } from "./price.js";
import { benchScore } from "./score.js";
import { benchStart } from "./start.js";
import { benchTape } from "./tape.js";

await benchTape();
await benchPrice();
benchScore();
await benchStart();
await benchLedger();
