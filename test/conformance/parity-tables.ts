// Reads the tables of docs/python-parity.md: what each name of Python is here, or why it is not.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DOCUMENT = fileURLToPath(new URL("../../docs/python-parity.md", import.meta.url));

export interface ParityRow {
  /** The class whose table it stands in; null for what a module has. */
  readonly of: string | null;
  /** Null for what Python has not. */
  readonly python: string | null;
  /** Null for what is not here. */
  readonly here: string | null;
  /** How it is here: something at run time, or a type alone; or what keeps it from being here. */
  readonly state: "here" | "type" | "planned" | "no";
  readonly remark: string;
}

/** One row for each name, in the order of the document. A row of a table may stand for several names. */
export function parityRows(): ParityRow[] {
  const rows: ParityRow[] = [];
  let of: string | null = null;
  for (const line of sectionOf("Name by name").split("\n")) {
    const heading = /^### (?:`(\w+)`)?/.exec(line);
    if (heading !== null) of = heading[1] ?? null;
    else if (line.startsWith("| ") && !/^\| (asyncio|-+) /.test(line)) rows.push(...rowsOf(line, of));
  }
  return rows;
}

function sectionOf(title: string): string {
  const text = readFileSync(DOCUMENT, "utf8");
  const from = text.indexOf(`\n## ${title}\n`);
  const to = text.indexOf("\n## ", from + 1);
  return text.slice(from, to < 0 ? undefined : to);
}

function rowsOf(line: string, of: string | null): ParityRow[] {
  const [first, second, remark] = line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
  const [python, here] = [namesIn(first!), namesIn(second!)];
  if (remark === "") throw new Error(`a row that says nothing: ${line}`);
  if (second === "planned" || second === "no") {
    return python.map((name) => ({ of, python: name, here: null, state: second, remark: remark! }));
  }
  if (first !== "none" && python.length !== here.length)
    throw new Error(`a row whose names do not match: ${line}`);
  const state = second!.endsWith("(types)") ? "type" : "here";
  return here.map((name, at) => ({ of, python: python[at] ?? null, here: name, state, remark: remark! }));
}

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
}
