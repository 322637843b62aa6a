import type { ActName } from "../../models/acts.js";
import type { CommandContext, Program } from "./context.js";

/** One command that is one act of the desk. Its options are the fields of the act's input. */
export interface ActCommand {
  /** the words after the group, with the fields that stand without a name: `show <portfolio>` */
  readonly words: string;
  readonly act: ActName;
  /** fields of the act that are not asked for here */
  readonly without?: readonly string[];
}

interface Group {
  readonly name: string;
  readonly describe: string;
  readonly commands: readonly ActCommand[];
  /** what is usually done one after the other, over several groups: shown below the list */
  readonly path?: readonly string[];
}

/** From the opening of a facility to the statement of a schedule. */
const facilityPath = [
  "The path of a facility:",
  "  1. facilities open           on terms; debtors save: who may owe, and how much",
  "  2. schedules submit          a file of invoices",
  "  3. schedules check, approve  by two persons",
  "  4. schedules offer, fund     what it costs, shown once; then the invoices are bought",
  "  5. invoices collect          what debtors pay; returned, dispute, charge-back where they do not",
  "  6. facilities accrue         fees and charges, at the end of each month",
  "  7. facilities release        what is left of the reserve goes to the seller",
  "  8. schedules settlement      the statement of a schedule; facilities settlement: of all there is",
];

/** The groups of `netback <group> <command>`. Only names stand here: what an act takes is loaded when it is asked for. */
const groups: readonly Group[] = [
  {
    name: "portfolios",
    describe: "Portfolios: what is priced, bought and tracked together",
    commands: [
      { words: "list", act: "list-portfolios" },
      { words: "create", act: "create-portfolio" },
      { words: "show <portfolio>", act: "show-portfolio" },
      { words: "import-tape <file>", act: "import-tape" },
      { words: "findings <portfolio>", act: "list-findings" },
      { words: "receivables <portfolio>", act: "list-receivables" },
      { words: "value <portfolio>", act: "value-portfolio" },
    ],
  },
  {
    name: "quotes",
    describe: "Bids: issue, look at, accept, decline",
    commands: [
      { words: "list", act: "list-quotes" },
      { words: "issue <portfolio>", act: "issue-quote" },
      { words: "show <quote>", act: "show-quote" },
      { words: "accept <quote>", act: "accept-quote" },
      { words: "decline <quote>", act: "decline-quote" },
      { words: "reprice <quote>", act: "reprice-quote" },
    ],
  },
  {
    name: "purchases",
    describe: "What was bought, and what goes back to the seller",
    commands: [
      { words: "list", act: "list-purchases" },
      { words: "show <purchase>", act: "show-purchase" },
      { words: "put-back <purchase>", act: "put-back-receivables" },
      { words: "put-backs <purchase>", act: "list-put-backs" },
      { words: "answer <purchase>", act: "answer-put-back" },
    ],
  },
  {
    name: "payments",
    describe: "Collections: one, or a file of them",
    commands: [
      { words: "import <file>", act: "record-payments", without: ["rows"] },
      { words: "add", act: "record-payment" },
      { words: "list <portfolio>", act: "list-payments" },
      { words: "refused <batch>", act: "list-payment-refusals" },
      { words: "settle", act: "record-receipt" },
    ],
  },
  {
    name: "costs",
    describe: "Court costs, agencies' invoices and other costs",
    commands: [
      { words: "add", act: "record-cost" },
      { words: "list <portfolio>", act: "list-costs" },
    ],
  },
  {
    name: "agencies",
    describe: "Collection agencies and what is placed with them",
    commands: [
      { words: "list", act: "list-agencies" },
      { words: "register", act: "register-agency" },
      { words: "place <portfolio>", act: "place-receivables" },
      { words: "placements <portfolio>", act: "list-placements" },
      { words: "recall <placement>", act: "recall-receivables" },
      { words: "pay <agency>", act: "pay-commission" },
    ],
  },
  {
    name: "claims",
    describe: "What debtors owe: terms, interest, settlements, money over it",
    commands: [
      { words: "show <portfolio>", act: "show-receivable" },
      { words: "events <portfolio>", act: "list-claim-events" },
      { words: "terms <portfolio>", act: "set-collection-terms" },
      { words: "adjust <portfolio>", act: "adjust-claims" },
      { words: "settle <portfolio>", act: "settle-receivable" },
      { words: "refund <portfolio>", act: "refund-debtor" },
      { words: "apply <portfolio>", act: "apply-unapplied" },
      { words: "write-off-court-cost <portfolio>", act: "write-off-court-cost" },
    ],
  },
  {
    name: "resales",
    describe: "Receivables sold on",
    commands: [
      { words: "sell <portfolio>", act: "sell-receivables" },
      { words: "list <portfolio>", act: "list-resales" },
      { words: "receivables <resale>", act: "list-resale-receivables" },
    ],
  },
  {
    name: "facilities",
    describe: "Factoring facilities: terms, availability, reserve, fees and charges",
    path: facilityPath,
    commands: [
      { words: "open", act: "open-facility" },
      { words: "change-terms <facility>", act: "change-facility-terms" },
      { words: "list", act: "list-facilities" },
      { words: "show <facility>", act: "show-facility" },
      { words: "accrue <facility>", act: "accrue-fees" },
      { words: "charge <facility>", act: "charge-facility" },
      { words: "charge-occasion <facility>", act: "charge-occasion" },
      { words: "waive-charge <facility>", act: "waive-charge" },
      { words: "release <facility>", act: "release-reserve" },
      { words: "release-escrow <facility>", act: "release-escrow" },
      { words: "seller-paid <facility>", act: "record-seller-payment" },
      { words: "end <facility>", act: "end-facility" },
      { words: "availability <facility>", act: "report-availability" },
      { words: "reserve <facility>", act: "report-reserve" },
      { words: "aging <facility>", act: "report-facility-aging" },
      { words: "charges <facility>", act: "list-charges" },
      { words: "settlement <facility>", act: "show-facility-settlement" },
      { words: "seller-journal <facility>", act: "show-seller-journal" },
    ],
  },
  {
    name: "filings",
    describe: "Financing statements: recorded, continued, terminated, and which lapse soon",
    commands: [
      { words: "list", act: "list-filings" },
      { words: "record <facility>", act: "record-filing" },
      { words: "update <filing>", act: "update-filing" },
    ],
  },
  {
    name: "debtors",
    describe: "Debtors of invoices: limits, exposure, notices of assignment",
    commands: [
      { words: "list", act: "list-debtors" },
      { words: "save <debtor>", act: "save-debtor" },
      { words: "notify <debtor>", act: "notify-assignment" },
      { words: "notice <notice>", act: "update-notice" },
      { words: "notices <facility>", act: "list-notices" },
    ],
  },
  {
    name: "schedules",
    describe: "Schedules of invoices: submit, check, approve, offer, fund, settle",
    path: facilityPath,
    commands: [
      { words: "list <facility>", act: "list-schedules" },
      { words: "submit <file>", act: "import-schedule" },
      { words: "show <schedule>", act: "show-schedule" },
      { words: "check <schedule>", act: "check-schedule" },
      { words: "approve <schedule>", act: "approve-schedule" },
      { words: "reject <schedule>", act: "reject-schedule" },
      { words: "offer <schedule>", act: "offer-schedule" },
      { words: "shown <schedule>", act: "show-offer" },
      { words: "fund <schedule>", act: "fund-schedule" },
      { words: "settlement <schedule>", act: "show-settlement" },
    ],
  },
  {
    name: "invoices",
    describe: "Invoices: documents, verification, disputes; collected, charged back, bought back, written off",
    path: facilityPath,
    commands: [
      { words: "list <facility>", act: "list-invoices" },
      { words: "show <invoice>", act: "show-invoice" },
      { words: "collect <facility>", act: "record-collection" },
      { words: "receipts <facility>", act: "list-receipts" },
      { words: "returned <receipt>", act: "return-collection" },
      { words: "resolve <facility>", act: "resolve-receipt" },
      { words: "dispute <invoice>", act: "dispute-invoice" },
      { words: "resolve <dispute>", act: "resolve-dispute" },
      { words: "disputes <facility>", act: "list-disputes" },
      { words: "dispute-aging <facility>", act: "report-disputes" },
      { words: "verify-invoice <invoice>", act: "verify-invoice" },
      { words: "verifications <invoice>", act: "list-invoice-verifications" },
      { words: "charge-back <facility>", act: "charge-back-invoices" },
      { words: "buy-back <facility>", act: "buy-back-invoices" },
      { words: "write-off <facility>", act: "write-off-invoices" },
      { words: "attach <invoice>", act: "attach-document" },
      { words: "verify <document>", act: "verify-document" },
      { words: "documents <facility>", act: "list-documents" },
    ],
  },
  {
    name: "periods",
    describe: "Months: which take entries, what stands between one and its close, who closed it",
    commands: [
      { words: "list", act: "list-periods" },
      { words: "show <month>", act: "show-period" },
      { words: "soft-close <month>", act: "soft-close-period" },
      { words: "close <month>", act: "close-period" },
      { words: "reopen <month>", act: "reopen-period" },
      { words: "policy", act: "set-books-policy" },
      { words: "verifications", act: "list-verifications" },
    ],
  },
  {
    name: "layouts",
    describe: "How sellers write their tapes",
    commands: [
      { words: "list", act: "list-layouts" },
      { words: "save", act: "save-layout" },
    ],
  },
  {
    name: "entries",
    describe: "Entries of the ledger: look at, take back, correct",
    commands: [
      { words: "list <portfolio>", act: "list-entries" },
      { words: "show <entry>", act: "show-entry" },
      { words: "reverse <entry>", act: "reverse-entry" },
      { words: "correct <entry>", act: "correct-entry" },
    ],
  },
  {
    name: "revenue",
    describe: "Carrying amounts: method, forecasts, accruals, adjustments",
    commands: [
      { words: "accrue <month>", act: "accrue-revenue" },
      { words: "list <portfolio>", act: "list-revenue" },
      { words: "method <portfolio> <method>", act: "set-carrying-method" },
      { words: "reforecast <portfolio>", act: "reforecast-portfolio" },
      { words: "forecasts <portfolio>", act: "list-forecasts" },
      { words: "adjust <portfolio>", act: "adjust-carrying-amount" },
    ],
  },
  {
    name: "curves",
    describe: "Curves fitted on what bought portfolios brought in",
    commands: [
      { words: "fit <portfolio-ids..>", act: "fit-curve" },
      { words: "list", act: "list-curves" },
      { words: "show <curve>", act: "show-curve" },
    ],
  },
  {
    name: "models",
    describe: "Versions of scores, payment behaviours and curves",
    commands: [
      { words: "add <card>", act: "register-model" },
      { words: "fit-payment", act: "fit-payment-behaviour" },
      { words: "list", act: "list-models" },
      { words: "show <model>", act: "show-model" },
      { words: "retire <model>", act: "retire-model" },
    ],
  },
  {
    name: "report",
    describe: "Net-back, roll-forward, vintage, remaining collections, aging, trial balance",
    commands: [
      { words: "roll-forward", act: "report-roll-forward" },
      { words: "vintage", act: "report-vintage" },
      { words: "erc", act: "report-erc" },
      { words: "run-off", act: "report-run-off" },
      { words: "drift <portfolio>", act: "report-drift" },
      { words: "netback <portfolio>", act: "report-netback" },
      { words: "aging <portfolio>", act: "report-aging" },
      { words: "trial-balance", act: "report-trial-balance" },
      { words: "entries <portfolio>", act: "list-entries" },
      { words: "accounts", act: "list-ledger-accounts" },
      { words: "account <account>", act: "show-account-statement" },
      { words: "explain <account>", act: "explain-balance" },
      { words: "clearing", act: "report-clearing" },
      { words: "receivable", act: "show-receivable-statement" },
    ],
  },
];

/** The commands on the database: each one is an act, run the same way as over HTTP. */
export function addBookCommands(program: Program, context: CommandContext): Program {
  for (const group of groups) {
    program.command(group.name, group.describe, async (command) => {
      const { addActCommand } = await import("./act-command.js");
      for (const one of group.commands) addActCommand(command, one, context);
      if (group.path !== undefined) command.epilogue(group.path.join("\n"));
      return command.demandCommand(
        1,
        `Name what to do: ${group.commands.map((c) => c.words.split(" ")[0]).join(", ")}.`,
      );
    });
  }
  addPeriodCommands(program, context);
  return program.command(
    "export",
    "The ledger as a file: a journal for hledger, Ledger or beancount, or its postings as CSV, XLSX or Parquet",
    async (command) => {
      const { exportFields } = await import("./export.js");
      for (const { flag, options } of exportFields(context.today())) command.option(flag, options);
      return command.option("out", { type: "string", describe: "File to write; standard output when left out" });
    },
    async (args) => (await import("./export.js")).exportLedger(args, context),
  );
}

/** `close` and `verify` are what finance does every month, and stand without a group. */
function addPeriodCommands(program: Program, context: CommandContext): void {
  program.command("close", "Close a month that another person has proposed to close, and seal it", async (command) => {
    const { addActCommand } = await import("./act-command.js");
    addActCommand(command, { words: "$0 <month>", act: "close-period" }, context);
    return command;
  });
  program.command(
    "verify",
    "Replay the books, or a sealed file, and name every difference; exit code 1 where there is one",
    async (command) => (await import("./verify.js")).verifyOptions(command),
    async (args) => (await import("./verify.js")).verify(args, context),
  );
}
