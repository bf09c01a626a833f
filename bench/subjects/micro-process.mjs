// Runs one micro measurement in a pinned process of its own and reads the value that it prints.
import { benchFile } from "../harness/contestants.mjs";
import { runToEnd, SERVER_CORE } from "../harness/pinned-process.mjs";

const PATIENCE_SECONDS = 60;

/** The package that a flavour cannot do without. */
const PACKAGE_OF = {
  effect: "effect",
  "effect-all": "effect",
  effection: "effection",
  "p-queue": "p-queue",
};

/**
 * A contestant of a micro subject. Its script gets the step's arguments and prints one line `{"value": ns}`.
 *
 * @param {object} toolbox
 * @param {"ours-native" | "ours-pure" | "node" | "promises" | "timeouts" | "uvloop" | "asyncio" | keyof PACKAGE_OF} flavour
 * @param {string} label
 * @param {string} script below bench/micro/, without its ending
 */
export function microContestant(toolbox, flavour, label, script) {
  const isPython = flavour === "uvloop" || flavour === "asyncio";
  const python = flavour === "uvloop" ? toolbox.uvloop : toolbox.python;
  const backend = flavour.startsWith("ours-") ? flavour.slice("ours-".length) : null;
  const rival = toolbox.packages[PACKAGE_OF[flavour]];
  return {
    name: flavour,
    label,
    style: null,
    missing: isPython ? python.missing : backend ? toolbox.ours[backend] : (rival?.missing ?? null),
    command: isPython
      ? {
          file: python.path,
          args: [benchFile(`micro/${script.replaceAll("-", "_")}.py`), flavour],
          // No __pycache__ in the source tree.
          env: { PYTHONDONTWRITEBYTECODE: "1" },
        }
      : { file: process.execPath, args: [benchFile(`micro/${script}.mjs`), backend ?? flavour] },
  };
}

export async function measureMicro({ contestant, step, settings, toolbox }) {
  const { file, args, env } = contestant.command;
  const options = JSON.stringify({ ...step, seconds: settings.seconds });
  const command = { file, args: [...args, options], env };
  const output = await runToEnd(command, {
    core: SERVER_CORE,
    taskset: toolbox.taskset,
    patience: PATIENCE_SECONDS,
  });
  const { value, ...extras } = JSON.parse(output.trim().split("\n").at(-1));
  if (!(value >= 0)) throw new Error("the measurement gave no number");
  return [{ row: step.name, value, extras }];
}
