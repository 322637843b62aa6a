/** Nobody heads a column with five digits, an address of mail or an amount; a row of data nearly always holds one. */
const looksLikeData = (text: string) =>
  text.replace(/\D/g, "").length >= 5 || /@|^\W*\d+([.,]\d+)*\W*$/.test(text.trim());

const unshown = "a first line that looks like data and so is not repeated here; a file needs a header";

/** False when any part of the line looks like data: the first line of a file without a header is somebody's row. */
export function isShowable(header: readonly string[]): boolean {
  return !header.some(looksLikeData);
}

/**
 * Headers as a message may repeat them. The first line of a file that has no header is somebody's: name, number and
 * telephone. So nothing of a line is shown when any part of it looks like data.
 */
export function shownHeader(header: readonly string[]): string {
  if (!isShowable(header)) return unshown;
  const most = header.slice(0, 40).map((text) => `"${text.slice(0, 40)}"`);
  return most.join(", ");
}

/** The same for a line that could not be split. */
export function shownLine(line: string): string {
  return isShowable(line.split(/[,;\t|\n]/)) ? JSON.stringify(line.slice(0, 120).trimEnd()) : unshown;
}
