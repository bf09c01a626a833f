// `npm run ledger`: how many of CPython's own test cases have a counterpart here, file by file; fails when the ledger does not hold.
import { countsOf, problemsOf, readLedger } from "./ledger/rows.mjs";

const { ledger, inventory } = readLedger();

/** @param {(string | number)[]} cells */
const line = ([file, ...numbers]) =>
  `${String(file).padEnd(26)}${numbers.map((number) => String(number).padStart(16)).join("")}`;

console.log(`Test cases of CPython ${inventory.python}'s asyncio\n`);
console.log(line(["file", "passed", "not applicable", "total", "later"]));
for (const { file, passed, notApplicable, total, later } of countsOf(ledger, inventory)) {
  console.log(line([file, passed, notApplicable, total, later]));
}

const problems = problemsOf(ledger, inventory);
if (problems.length > 0) {
  console.error(`\nThe ledger does not hold:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  process.exitCode = 1;
}
