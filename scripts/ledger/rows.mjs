// The ledger of CPython's own test cases: what it must hold for, and how many cases of each file passed or do not apply.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CONFORMANCE = fileURLToPath(new URL("../../test/conformance", import.meta.url));

/**
 * @typedef {{ status: string, reason?: string }} Row
 * @typedef {Record<string, Record<string, Record<string, Row>>>} Ledger by file, class and case
 * @typedef {Record<string, Record<string, string[]>>} Cases by file and class
 * @typedef {object} Inventory
 * @property {string} python the version that the names are those of
 * @property {Cases} cases every case
 * @property {Record<string, Record<string, string | string[]>>} repeats classes without rows, and what they repeat
 * @property {Record<string, Cases>} later cases without rows, by what they wait for
 */

/** @returns {{ ledger: Ledger, inventory: Inventory }} */
export function readLedger() {
  /** @param {string} name */
  const read = (name) => JSON.parse(readFileSync(join(CONFORMANCE, name), "utf8"));
  return { ledger: read("ledger.json"), inventory: read("cpython-cases.json") };
}

/**
 * Every row as `file.Class.case`.
 * @param {Ledger} ledger
 * @returns {Map<string, Row>}
 */
export function rowsOf(ledger) {
  const rows = new Map();
  for (const [file, classes] of Object.entries(ledger)) {
    for (const [name, cases] of Object.entries(classes)) {
      for (const [title, row] of Object.entries(cases)) rows.set(`${file}.${name}.${title}`, row);
    }
  }
  return rows;
}

/**
 * The same names, of the inventory or a part of it.
 * @param {Cases} cases
 * @returns {Set<string>}
 */
function namesOf(cases) {
  return new Set(
    Object.entries(cases).flatMap(([file, classes]) =>
      Object.entries(classes).flatMap(([name, titles]) => titles.map((title) => `${file}.${name}.${title}`)),
    ),
  );
}

/**
 * Every case that is left to later.
 * @param {Inventory} inventory
 */
export function laterOf(inventory) {
  return new Set(Object.values(inventory.later).flatMap((cases) => [...namesOf(cases)]));
}

/**
 * What is wrong with the ledger, one line each.
 * @param {Ledger} ledger
 * @param {Inventory} inventory
 * @returns {string[]}
 */
export function problemsOf(ledger, inventory) {
  const problems = [];
  const rows = rowsOf(ledger);
  const known = namesOf(inventory.cases);
  const later = laterOf(inventory);
  for (const name of later)
    if (!known.has(name)) problems.push(`${name}: left to later, and no case of CPython's`);
  for (const name of known) {
    if (later.has(name) && rows.has(name)) problems.push(`${name}: has a row, and is left to later`);
    if (!later.has(name) && !rows.has(name)) problems.push(`${name}: has no row`);
  }
  for (const [name, { status, reason }] of rows) {
    if (!known.has(name)) problems.push(`${name}: no case of CPython ${inventory.python}`);
    if (status === "passed") {
      if (reason !== undefined) problems.push(`${name}: passed needs no reason`);
    } else if (status !== "not applicable") {
      problems.push(`${name}: no such status: ${status}`);
    } else if (typeof reason !== "string" || reason.length < 20) {
      problems.push(`${name}: not applicable needs a reason, in a sentence`);
    }
  }
  return problems;
}

/**
 * @typedef {{ file: string, passed: number, notApplicable: number, total: number, later: number }} Count
 *
 * @param {Ledger} ledger
 * @param {Inventory} inventory
 * @returns {Count[]} one for each file, and one for all of them
 */
export function countsOf(ledger, inventory) {
  const rows = [...rowsOf(ledger)];
  const later = [...laterOf(inventory)];
  /** @type {(file: string, prefix: string) => Count} */
  const count = (file, prefix) => {
    const of = rows.filter(([name]) => name.startsWith(prefix));
    const passed = of.filter(([, { status }]) => status === "passed").length;
    return {
      file,
      passed,
      notApplicable: of.length - passed,
      total: of.length,
      later: later.filter((name) => name.startsWith(prefix)).length,
    };
  };
  return [...Object.keys(inventory.cases).map((file) => count(file, `${file}.`)), count("all", "")];
}
