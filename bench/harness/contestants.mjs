// Names the echo servers that stand against each other, and says how each is started.
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Contestant
 * @property {string} name what --contestants takes
 * @property {string} label what the tables print
 * @property {"protocol" | "streams" | null} style which rival of the same style it is compared with
 * @property {string | null} missing why it cannot run here, or null
 * @property {import("./pinned-process.mjs").Command} command
 * @property {string} [twinOf] set on the second of an A/A pair
 */

/** @param {string} file below bench/ */
export function benchFile(file) {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}

function node(args, env = {}) {
  return { file: process.execPath, args, env };
}

function ours(toolbox, backend, name, label, style) {
  const suffix = backend === "pure" ? "-pure" : "";
  return {
    name: `ours-${name}${suffix}`,
    label: `asyncio-uv ${label}, ${backend}`,
    style,
    missing: toolbox.ours[backend],
    command: node([benchFile(`rivals/ours-${name}.mjs`)], { ASYNCIO_UV_BACKEND: backend }),
  };
}

function python(toolbox, loop, style) {
  const tool = toolbox[loop === "uvloop" ? "uvloop" : "python"];
  return {
    name: `${loop}-${style}`,
    label: `${loop} ${style}`,
    style,
    missing: tool.missing,
    command: { file: tool.path, args: [benchFile(`rivals/python_${style}.py`), loop] },
  };
}

/** The limit that every echo ratio refers to. */
export const LIMIT = "c-in-node";

/**
 * @param {import("./toolbox.mjs").Toolbox} toolbox
 * @returns {Contestant[]}
 */
export function echoContestants(toolbox) {
  const contestants = [
    {
      name: LIMIT,
      label: "C++ on libuv, inside Node (the limit)",
      style: null,
      missing: toolbox.echoAddon.missing,
      command: node([benchFile("rivals/c-in-node.cjs"), toolbox.echoAddon.path]),
    },
    {
      name: "c-libuv",
      label: "C++ on the system's libuv",
      style: null,
      missing: toolbox.echoServer.missing,
      command: { file: toolbox.echoServer.path, args: [] },
    },
    ours(toolbox, "native", "protocol", "Protocol", "protocol"),
    ours(toolbox, "native", "protocol-borrowed", "Protocol borrowing data", "protocol"),
    ours(toolbox, "native", "streams", "streams", "streams"),
    ours(toolbox, "pure", "protocol", "Protocol", "protocol"),
    ours(toolbox, "pure", "protocol-borrowed", "Protocol borrowing data", "protocol"),
    ours(toolbox, "pure", "streams", "streams", "streams"),
    {
      name: "node-net",
      label: "node:net",
      style: null,
      missing: null,
      command: node([benchFile("rivals/node-net.mjs")]),
    },
    python(toolbox, "uvloop", "protocol"),
    python(toolbox, "uvloop", "streams"),
    python(toolbox, "asyncio", "protocol"),
    python(toolbox, "asyncio", "streams"),
  ];
  const noLoad = toolbox.loadGenerator.missing;
  return noLoad === null
    ? contestants
    : contestants.map((contestant) => ({ ...contestant, missing: noLoad }));
}

/**
 * The same contestant under a second name: how far the two differ is the noise of the run.
 *
 * @param {Contestant} contestant
 * @returns {Contestant}
 */
export function twin(contestant) {
  return {
    ...contestant,
    name: `${contestant.name}-again`,
    label: `${contestant.label.replace(/ \(the limit\)$/, "")}, again (A/A)`,
    twinOf: contestant.name,
  };
}
