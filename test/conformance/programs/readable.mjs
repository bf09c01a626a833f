// A program as one would write it in Python, for people to read. It cannot be run: the log's lines are left out.
import { absent } from "./types.mjs";

/**
 * @typedef {import("./types.mjs").Statement} Statement
 * @typedef {import("./types.mjs").Body} Body
 */

/** @param {import("./types.mjs").Program} program */
export function readable(program) {
  const lines = ["# One unit of time is 1/64 s.", ...shared(program)];
  lines.push(...body(program.main));
  return lines.join("\n");
}

/** @param {import("./types.mjs").Program} program */
function shared(program) {
  const lines = [];
  if (program.eager) lines.push("loop.set_task_factory(asyncio.eager_task_factory)");
  for (let i = 0; i < program.locks; i++) lines.push(`lock${i} = Lock()`);
  for (let i = 0; i < program.events; i++) lines.push(`event${i} = Event()`);
  program.conditions.forEach((lock, i) =>
    lines.push(`condition${i} = Condition(${lock === null ? "" : `lock${lock}`})`),
  );
  program.semaphores.forEach(({ value, bounded }, i) =>
    lines.push(`semaphore${i} = ${bounded ? "BoundedSemaphore" : "Semaphore"}(${value})`),
  );
  const queues = { fifo: "Queue", priority: "PriorityQueue", lifo: "LifoQueue" };
  program.queues.forEach(({ kind, max }, i) => lines.push(`q${i} = ${queues[kind]}(${max})`));
  program.barriers.forEach((parties, i) => lines.push(`barrier${i} = Barrier(${parties})`));
  for (let i = 0; i < program.futures; i++) lines.push(`f${i} = loop.create_future()`);
  return lines;
}

/** @param {Body} of @returns {string[]} */
function body(of) {
  const mark = of.object === true ? "  # on our side wrapped by coroutine()" : "";
  return [`async def ${of.name}():${mark}`, ...indented(of.do.flatMap(statement))];
}

/** @param {string[]} lines */
const indented = (lines) => (lines.length === 0 ? ["    pass"] : lines.map((line) => `    ${line}`));

/** @param {string} head @param {Statement[]} statements */
const block = (head, statements) => [head, ...indented(statements.flatMap(statement))];

/** @param {any} value */
const literal = (value) =>
  absent(value) ? "None" : typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);

/** @param {any} reference */
const ref = (reference) =>
  reference === "self" ? "current_task()" : "f" in reference ? `f${reference.f}` : `t${reference.t}`;

/** The definitions that items need, and their names. @param {any[]} list @returns {[string[], string]} */
function items(list) {
  const definitions = list.filter((item) => "body" in item).flatMap((item) => body(item.body));
  return [definitions, list.map((item) => ("body" in item ? `${item.body.name}()` : ref(item))).join(", ")];
}

/** @param {Statement} node */
const error = (node) => `${node.error}(${absent(node.text) ? "" : literal(node.text)})`;

/** @param {Statement} node @param {(names: string) => string} call */
function combined(node, call) {
  const [definitions, names] = items(node.items ?? [node.item]);
  return [...definitions, call(names)];
}

/** @param {string} name @param {any} handler */
function handlerLines(name, handler) {
  if (absent(handler)) return [];
  const then = { on: [], again: ["    raise"], other: [`    raise ${error(handler)}`] };
  const key = /** @type {keyof typeof then} */ (handler.then);
  return [...block(`except ${name}:`, handler.do), ...then[key]];
}

/** @param {Statement} node */
function callback(node) {
  return block(`def ${node.name}(*_):`, node.do);
}

/** @type {Record<string, (node: Statement) => string[]>} */
const PRINTERS = {
  raise: (node) => [`raise ${error(node)}`],
  return: (node) => [`return ${literal(node.value)}`],
  cancel: (node) => [`${ref(node.of)}.cancel(${absent(node.text) ? "" : literal(node.text)})`],
  uncancel: (node) => [`${ref(node.of)}.uncancel()`],
  probe: (node) => [node.read ? `${ref(node.of)}.result()` : `${ref(node.of)}.done()`],
  settle: (node) => [
    node.how === "result"
      ? `f${node.f}.set_result(${literal(node.value)})`
      : `f${node.f}.set_exception(${error(node)})`,
  ],
  renew: (node) => [`f${node.f} = loop.create_future()`],
  soon: (node) => {
    const context = absent(node.context) ? "" : ", context=shared";
    const call = absent(node.delay) ? `call_soon(${node.name}` : `call_later(${node.delay}, ${node.name}`;
    return [...callback(node), `h${node.handle} = loop.${call}${context})`];
  },
  unschedule: (node) => [`h${node.handle}.cancel()`],
  whenDone: (node) => [
    ...callback(node),
    `${ref(node.of)}.add_done_callback(${node.name}${absent(node.context) ? "" : ", context=shared"})`,
  ],
  notWhenDone: (node) => [`remove_done_callback(${node.name})`],
  count: (node) => [`counter${node.counter} += 1`],
  setVariable: (node) => [`v${node.v}.set(${literal(node.value)})`],
  getVariable: (node) => [`v${node.v}.get()`],
  whoami: () => ["current_task()"],
  reschedule: (node) => [
    `timeout[-${node.depth + 1}].reschedule(${node.delay === null ? "None" : `now + ${node.delay}`})`,
  ],
  spawn: (node) => {
    const create = absent(node.group) ? "create_task" : `group[-${node.group + 1}].create_task`;
    const eager = absent(node.eager) ? "" : `, eager_start=${literal(node.eager)}`;
    const context = absent(node.context) ? "" : ", context=shared";
    return [...body(node.body), `t${node.slot} = ${create}(${node.body.name}()${eager}${context})`];
  },
  call: (node) => [...body(node.body), `await ${node.body.name}()`],
  repeat: (node) => block(`for _ in range(${node.times}):`, node.do),
  if: (node) => {
    const tests = {
      done: () => `${ref(node.of)}.done()`,
      counter: () => `counter${node.counter} >= ${node.value}`,
      cancelling: () => "current_task().cancelling()",
      locked: () => `lock${node.k}.locked()`,
      set: () => `event${node.k}.is_set()`,
    };
    const key = /** @type {keyof typeof tests} */ (node.test);
    return [
      ...block(`if ${tests[key]()}:`, node.do),
      ...(node.else.length > 0 ? block("else:", node.else) : []),
    ];
  },
  try: (node) => [
    ...block("try:", node.do),
    ...handlerLines("CancelledError", node.onCancel),
    ...handlerLines("Exception", node.onError),
    ...handlerLines("BaseException", node.onAny),
    ...(absent(node.finally) ? [] : block("finally:", node.finally)),
  ],
  sleep: (node) => [`await sleep(${node.delay})`],
  await: (node) => [`await ${ref(node.of)}`],
  start: (node) =>
    combined(
      node,
      (names) =>
        `t${node.slot} = ${node.what}(${names}${node.returnExceptions ? ", return_exceptions=True" : ""})`,
    ),
  gather: (node) =>
    combined(
      node,
      (names) => `await gather(${names}${node.returnExceptions ? ", return_exceptions=True" : ""})`,
    ),
  wait: (node) =>
    combined(
      node,
      (names) => `await wait([${names}], timeout=${literal(node.timeout)}, return_when=${node.until})`,
    ),
  waitFor: (node) => combined(node, (names) => `await wait_for(${names}, ${literal(node.timeout)})`),
  shield: (node) => combined(node, (names) => `await shield(${names})`),
  asCompleted: (node) =>
    combined(
      node,
      (names) =>
        `${node.plain ? "for" : "async for"} each of as_completed([${names}], timeout=${literal(node.timeout)})  # at most ${node.limit}`,
    ),
  race: (node) => combined(node, (names) => `await staggered_race([${names}], ${literal(node.delay)})`),
  timeout: (node) =>
    block(`async with ${node.absolute ? "timeout_at(now + " : "timeout("}${literal(node.delay)}):`, node.do),
  group: (node) => block("async with TaskGroup() as group:", node.do),
  acquire: (node) => [`await ${node.kind}${node.k}.acquire()`],
  release: (node) => [`${node.kind}${node.k}.release()`],
  locked: (node) => [`${node.kind}${node.k}.locked()`],
  with: (node) => block(`async with ${node.kind}${node.k}:`, node.do),
  conditionWait: (node) => [
    absent(node.counter)
      ? `await condition${node.k}.wait()`
      : `await condition${node.k}.wait_for(lambda: counter${node.counter} >= ${node.value})`,
  ],
  notify: (node) => [`condition${node.k}.${node.n === null ? "notify_all()" : `notify(${node.n})`}`],
  eventWait: (node) => [`await event${node.k}.wait()`],
  event: (node) => [`event${node.k}.${node.set ? "set" : "clear"}()`],
  barrierWait: (node) =>
    absent(node.do) ? [`await barrier${node.k}.wait()`] : block(`async with barrier${node.k}:`, node.do),
  barrier: (node) => [`await barrier${node.k}.${node.how}()`],
  put: (node) => [`await q${node.k}.put(${node.value})`],
  get: (node) => [`await q${node.k}.get()`],
  join: (node) => [`await q${node.k}.join()`],
  putNowait: (node) => [`q${node.k}.put_nowait(${node.value})`],
  getNowait: (node) => [`q${node.k}.get_nowait()`],
  taskDone: (node) => [`q${node.k}.task_done()`],
  shutdown: (node) => [`q${node.k}.shutdown(${node.immediate ? "immediate=True" : ""})`],
  queue: (node) => [`q${node.k}.qsize()`],
};

/** @param {Statement} node @returns {string[]} */
function statement(node) {
  return PRINTERS[node.op](node);
}
