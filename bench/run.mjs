// The bench's entry: reads the arguments, runs the subjects one after the other, prints and writes what they gave.
import { accessSync, constants, existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { helpText, readArguments, UsageError } from "./harness/arguments.mjs";
import { compare, lineUp } from "./harness/compare.mjs";
import { toDocument } from "./harness/document.mjs";
import { describeMachine } from "./harness/machine.mjs";
import { createProgress } from "./harness/progress.mjs";
import { listText, machineText, resultText } from "./harness/terminal.mjs";
import { prepareToolbox } from "./harness/toolbox.mjs";
import { SUBJECTS } from "./subjects/index.mjs";

// The exit handler of the pinned processes ends whatever is still running.
process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));

async function main(argv) {
  const settings = readArguments(
    argv,
    SUBJECTS.map(({ name }) => name),
  );
  if (settings.action === "help") {
    console.log(helpText(SUBJECTS));
    return 0;
  }
  for (const file of [settings.markdown, settings.json]) refuseUnwritable(file);
  const chosen = settings.subjects.map((name) => SUBJECTS.find((subject) => subject.name === name));
  const progress = createProgress();
  const toolbox = await prepareToolbox(progress);
  refuseUnknownContestants(settings, chosen, toolbox);
  if (settings.action === "list") {
    progress.end();
    for (const subject of chosen) console.log(listText(subject, lineUp(subject, toolbox, settings)));
    return 0;
  }
  return runAll({ argv, settings, chosen, progress, toolbox });
}

async function runAll({ argv, settings, chosen, progress, toolbox }) {
  const machine = await describeMachine(toolbox);
  progress.end();
  console.log(machineText(machine));
  const results = [];
  const taking = chosen.filter((subject) => {
    const { running, skipped } = lineUp(subject, toolbox, settings);
    return running.length + skipped.length > 0;
  });
  for (const subject of taking) {
    const result = await compare(subject, toolbox, settings, progress);
    progress.end();
    console.log(resultText(result));
    results.push(result);
  }
  const date = new Date();
  if (settings.markdown) {
    const command = ["node bench/run.mjs", ...argv].join(" ");
    writeFileSync(settings.markdown, toDocument({ results, machine, settings, command, date }));
  }
  if (settings.json) {
    const plain = results.map(({ subject, ...rest }) => ({
      subject: subject.name,
      unit: subject.unit,
      ...rest,
    }));
    const { subjects, samples, seconds, warmup } = settings;
    const record = {
      date,
      machine: Object.fromEntries(machine),
      subjects,
      samples,
      seconds,
      warmup,
      results: plain,
    };
    writeFileSync(settings.json, `${JSON.stringify(record, null, 2)}\n`);
  }
  return results.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

/** A run takes minutes: a file that cannot be written is better known before it than after. */
function refuseUnwritable(file) {
  if (file === null) return;
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(`cannot write ${file} (${error.code})`);
  }
}

function refuseUnknownContestants(settings, chosen, toolbox) {
  const names = new Set(
    chosen.flatMap((subject) => subject.contestants(toolbox, settings).map(({ name }) => name)),
  );
  const unknown = settings.contestants.find((name) => !names.has(name));
  if (unknown !== undefined) throw new UsageError(`unknown contestant '${unknown}' (see --list)`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof UsageError ? `bench: ${error.message}` : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
