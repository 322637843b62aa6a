import { benchFactoring } from "./factoring.js";
import { benchLedger } from "./ledger.js";
import { benchPayment } from "./payment.js";
import { benchPrice } from "./price.js";
import { benchScore } from "./score.js";
import { benchScoreDraws } from "./score-draws.js";
import { benchStart } from "./start.js";
import { benchTape } from "./tape.js";

await benchTape();
await benchPrice();
benchScore();
await benchScoreDraws();
await benchPayment();
await benchStart();
await benchLedger();
await benchFactoring();
