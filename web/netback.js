/** The start page: portfolios with their net-back, and a form that takes a tape to a quote. Talks to /v1 alone. */

const byId = (id) => document.getElementById(id);
let key = sessionStorage.getItem("netback-key");

/** A problem document of the server, as an error with its sentence. */
class Problem extends Error {
  constructor(problem) {
    const items = problem.errors.map((item) => `${item.pointer} ${item.detail}`).join("; ");
    super(`${problem.title}: ${problem.detail}${items === "" ? "" : ` (${items})`}`);
    this.code = problem.code;
    this.status = problem.status;
  }
}

async function call(path, options = {}) {
  const headers = new Headers(options.headers);
  if (key !== null) headers.set("authorization", `Bearer ${key}`);
  const response = await fetch(path, { ...options, headers });
  const body = await response.json();
  if (!response.ok) throw new Problem(body);
  return body;
}

function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify(body),
  });
}

/** A decimal string with thousands separators; the digits stay the server's, for a float would round them. */
function money(amount) {
  const [whole, decimals] = amount.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

function percent(rate) {
  return `${(Number(rate) * 100).toFixed(1)} %`;
}

function cell(text, isFigure = false) {
  const td = document.createElement("td");
  td.textContent = text;
  if (isFigure) td.className = "figure";
  return td;
}

async function portfolioRow(portfolio) {
  const row = document.createElement("tr");
  const face = portfolio.tape === null ? "" : `${money(portfolio.tape.face)} ${portfolio.currency}`;
  row.append(cell(portfolio.name), cell(portfolio.seller), cell(portfolio.state), cell(face, true));
  if (portfolio.state !== "owned") {
    row.append(...Array.from({ length: 5 }, () => cell("")));
    return row;
  }
  const report = await call(`/v1/portfolios/${portfolio.id}/netback`);
  row.append(
    cell(money(report.price), true),
    cell(money(report.to_date.gross), true),
    cell(money(report.to_date.net_back), true),
    cell(percent(report.shares.net_back_of_price), true),
    cell(report.break_even_on ?? "not yet"),
  );
  return row;
}

async function showPortfolios() {
  const note = byId("portfolios-note");
  try {
    const { data, next_cursor: more } = await call("/v1/portfolios?limit=50");
    byId("rows").replaceChildren(...(await Promise.all(data.map(portfolioRow))));
    byId("key-form").hidden = true;
    if (data.length === 0) note.textContent = "None yet. Price a tape below, or run: npx netback demo";
    else note.textContent = more === null ? "" : "The newest 50 are shown.";
  } catch (error) {
    if (error.status === 401) byId("key-form").hidden = false;
    note.textContent = error.message;
  }
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks for the job until it is over. (EventSource could not send a key.) */
async function finished(job) {
  const bar = byId("tape-progress");
  bar.hidden = false;
  try {
    while (job.state === "queued" || job.state === "running") {
      const { done, total, phase } = job.progress;
      byId("tape-status").textContent = total === null ? phase : `${phase}: ${done} of ${total}`;
      if (total === null) bar.removeAttribute("value");
      else Object.assign(bar, { max: total, value: done });
      await wait(500);
      job = await call(`/v1/jobs/${job.id}`);
    }
  } finally {
    bar.hidden = true;
  }
  if (job.state !== "succeeded") throw new Error(job.error.detail);
  return job.result;
}

async function priceTape(form) {
  const { name, seller, currency, as_of: asOf, file } = Object.fromEntries(new FormData(form));
  const portfolio = await post("/v1/portfolios", { name, seller, currency });
  const query = new URLSearchParams({ as_of: asOf, file_name: file.name });
  const job = await call(`/v1/portfolios/${portfolio.id}/tape?${query}`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", "idempotency-key": crypto.randomUUID() },
    body: file,
  });
  await finished(job);
  byId("tape-status").textContent = "Pricing";
  return post(`/v1/portfolios/${portfolio.id}/quotes`, { as_of: asOf });
}

function showQuote(quote) {
  const figures = {
    Quote: quote.id,
    Price: `${money(quote.price)} ${quote.currency}`,
    Face: `${money(quote.face)} ${quote.currency}`,
    "Cents per dollar": quote.cents_per_dollar.toFixed(2),
    Receivables: quote.receivables.toLocaleString("en"),
    Expires: quote.expires_at.slice(0, 10),
  };
  const list = byId("quote");
  list.replaceChildren();
  for (const [term, figure] of Object.entries(figures)) {
    const dt = document.createElement("dt");
    const dd = document.createElement("dd");
    dt.textContent = term;
    dd.textContent = figure;
    list.append(dt, dd);
  }
  list.hidden = false;
}

byId("tape-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  byId("quote").hidden = true;
  try {
    showQuote(await priceTape(event.target));
    byId("tape-status").textContent = "The quote is issued.";
    await showPortfolios();
  } catch (error) {
    byId("tape-status").textContent = error.message;
  } finally {
    button.disabled = false;
  }
});

byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  key = byId("key").value;
  sessionStorage.setItem("netback-key", key);
  showPortfolios();
});

showPortfolios();
