/** How spreadsheets here open a file by a double click: semicolons, CRLF, and a mark that it is UTF-8. */
const MARK = "\ufeff";
const NEEDS_QUOTES = /[";\r\n]/;
// What a spreadsheet would run instead of show (OWASP, "CSV Injection"); tab and return are dropped before it looks.
const RUNS = /^[\s]*[=+\-@|%]|^[\t\r\n]/;
const PLAIN_NUMBER = /^-?\d+(,\d+)?$/;

export function csvText(header: readonly string[], rows: Iterable<readonly string[]>): string {
  const lines = [header, ...rows].map((row) => row.map(cellText).join(";"));
  return `${MARK}${lines.join("\r\n")}\r\n`;
}

export function csvFile(header: readonly string[], rows: Iterable<readonly string[]>): Blob {
  return new Blob([csvText(header, rows)], { type: "text/csv;charset=utf-8" });
}

function cellText(value: string): string {
  const shown = RUNS.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
