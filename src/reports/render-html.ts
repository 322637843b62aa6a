import { columnTitle, displayCell, isNumeric, type Sheet, typedCell } from "./sheet.js";

/** Text as it may stand in an HTML page or in an attribute: what came from a tape stays text. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/** The sheet as a table with its title as a caption. A row whose cell says UNVERIFIED is marked as such. */
export function renderHtmlTable(sheet: Sheet): string {
  const cells = (row: Sheet["rows"][number], tag: "td" | "th") =>
    row
      .map((cell, i) => {
        const column = sheet.columns[i]!;
        const numeric = isNumeric(typedCell(cell, column).kind) ? ' class="n"' : "";
        const blank = cell === null && tag === "th";
        return `<${tag}${numeric}>${blank ? "" : escapeHtml(displayCell(cell, column))}</${tag}>`;
      })
      .join("");
  const head = sheet.columns
    .map(
      (column) =>
        `<th scope="col"${isNumeric(column.kind) ? ' class="n"' : ""}>${escapeHtml(columnTitle(column))}</th>`,
    )
    .join("");
  const rows = sheet.rows.map((row) => {
    const unverified = row.includes("UNVERIFIED") ? ' class="unverified"' : "";
    return `<tr${unverified}>${cells(row, "td")}</tr>`;
  });
  const totals = sheet.totals === undefined ? "" : `<tfoot><tr>${cells(sheet.totals, "th")}</tr></tfoot>`;
  const notes = (sheet.notes ?? []).map((note) => `<p class="note">${escapeHtml(note)}</p>`).join("");
  const body = rows.length === 0 ? '<tr><td class="note">nothing</td></tr>' : rows.join("\n");
  return `<div class="sheet"><table><caption>${escapeHtml(sheet.title)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody>${totals}</table>${notes}</div>`;
}
