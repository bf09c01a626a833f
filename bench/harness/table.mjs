// Renders rows of cells as an aligned text table or as a markdown one.

/** @typedef {{ headings: string[], rows: string[][], left?: number }} Table left: how many columns are aligned left */

/** @param {Table} table */
export function renderText({ headings, rows, left = 1 }) {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells) =>
    cells
      .map((cell, column) => (column < left ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd();
  return [line(headings), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

/**
 * Padded the way the formatter pads it, so that a written document passes the format check.
 *
 * @param {Table} table
 */
export function renderMarkdown({ headings, rows, left = 1 }) {
  const escaped = [headings, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = headings.map((_, column) => Math.max(3, ...escaped.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const padded = escaped.map((row) =>
    line(
      row.map((cell, column) =>
        column < left ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      ),
    ),
  );
  const rule = widths.map((width, column) =>
    column < left ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [padded[0], line(rule), ...padded.slice(1)].join("\n");
}
