// CPython's asyncio in this process: loads Pyodide once and hands scenarios and programs to the .py files beside this one.
import { readdirSync, readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const HERE = new URL(".", import.meta.url);

/** Where the .py files lie inside Pyodide's file system. */
const INSIDE = "/oracle";

/**
 * @typedef {object} Python
 * @property {string} version of CPython
 * @property {(programs: object[]) => string[][]} runPrograms the log of each
 * @property {(text: string) => string[]} runScenario the log of one `async def main(log, loop)`
 * @property {(text: string) => string[]} runPlainScenario the log of one `def main(log, new_loop)`
 * @property {(expression: string) => unknown} evaluate gives plain values only
 */

/** @type {Promise<Python> | undefined} */
let loading;

/** Takes about two seconds the first time. */
export function loadPython() {
  return (loading ??= load());
}

/** @returns {Promise<Python>} */
async function load() {
  const pyodide = await loadPyodide();
  pyodide.FS.mkdir(INSIDE);
  for (const file of readdirSync(HERE).filter((name) => name.endsWith(".py"))) {
    pyodide.FS.writeFile(`${INSIDE}/${file}`, readFileSync(new URL(file, HERE)));
  }
  pyodide.runPython(`
    import sys
    sys.path.insert(0, "${INSIDE}")
    import warnings
    warnings.simplefilter("ignore")
    import virtual_loop, ordered_sets, repairs
    virtual_loop.install()
    ordered_sets.install()
    repairs.install()
    import program_run, scenario_run
  `);
  const runPrograms = pyodide.globals.get("program_run").run_programs;
  const scenarios = pyodide.globals.get("scenario_run");
  return {
    version: pyodide.runPython("sys.version.split()[0]"),
    runPrograms: (programs) => JSON.parse(runPrograms(JSON.stringify(programs))),
    runScenario: (text) => taken(scenarios.run_scenario(text)),
    runPlainScenario: (text) => taken(scenarios.run_plain_scenario(text)),
    evaluate: (expression) => pyodide.runPython(expression),
  };
}

/**
 * A copy on our side; the original is let go.
 * @param {import("pyodide/ffi").PyProxy} proxy
 */
function taken(proxy) {
  try {
    return proxy.toJs();
  } finally {
    proxy.destroy();
  }
}
