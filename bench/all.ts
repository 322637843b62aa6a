import { benchFactoring } from "./factoring.js";
import { benchLedger } from "./ledger.js";
import { benchPayment } from "./payment.js";
import { benchPrice } from "./price.js";
import { benchStart } from "./start.js";
import { benchTape } from "./tape.js";

await benchTape();
await benchPrice();
await benchPayment();
await benchStart();
await benchLedger();
await benchFactoring();
