import { benchFactoring } from "./factoring.js";
import { benchLedger } from "./ledger.js";
import { benchPrice } from "./price.js";
import { benchStart } from "./start.js";
import { benchTape } from "./tape.js";

await benchTape();
await benchPrice();
await benchStart();
await benchLedger();
await benchFactoring();
