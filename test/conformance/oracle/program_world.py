"""What a random program works on: its loop, its tasks and futures by name, its locks and queues, and the log."""

import asyncio
import contextvars

import describe

TICKS = 64
"""A program's unit of time is 1/64 s: sums of such floats are exact."""

MAX_LOG = 2000
"""A program that logs more than this many lines is abandoned, on both sides at the same line."""

QUEUES = {"fifo": asyncio.Queue, "priority": asyncio.PriorityQueue, "lifo": asyncio.LifoQueue}
ERRORS = {
    "Boom": describe.Boom,
    "Bang": describe.Bang,
    "ValueError": ValueError,
    "RuntimeError": RuntimeError,
    "TimeoutError": TimeoutError,
    "CancelledError": asyncio.CancelledError,
}


def make_error(node):
    kind = ERRORS[node["error"]]
    return kind(node["text"]) if node.get("text") else kind()


class Scope:
    """Where a statement stands: in whose body, and in which blocks. A body inside a block sees the blocks around it."""

    def __init__(self, who, groups=(), timeouts=()):
        self.who = who
        self.groups = groups
        self.timeouts = timeouts

    def named(self, who):
        return Scope(who, self.groups, self.timeouts)


class World:
    def __init__(self, loop, program):
        self.loop = loop
        self.lines = []
        self.dead = False
        self.slots = {}
        self.names = {}
        self.started = []
        self.handles = {}
        self.callbacks = {}
        self.counters = {}
        self.contexts = {}
        self.locks = [asyncio.Lock() for _ in range(program["locks"])]
        self.events = [asyncio.Event() for _ in range(program["events"])]
        self.conditions = [
            asyncio.Condition(None if lock is None else self.locks[lock]) for lock in program["conditions"]
        ]
        self.semaphores = [
            (asyncio.BoundedSemaphore if one["bounded"] else asyncio.Semaphore)(one["value"])
            for one in program["semaphores"]
        ]
        self.queues = [QUEUES[one["kind"]](one["max"]) for one in program["queues"]]
        self.barriers = [asyncio.Barrier(parties) for parties in program["barriers"]]
        self.futures = [loop.create_future() for _ in range(program["futures"])]
        self.variables = [contextvars.ContextVar(f"v{i}", default=0) for i in range(program["variables"])]
        for i, future in enumerate(self.futures):
            self.names[future] = f"f{i}"

    def log(self, who, text):
        if self.dead:
            return
        self.lines.append(f"{self.loop.now * TICKS:g} {who} {text}")
        if len(self.lines) >= MAX_LOG:
            self.dead = True
            self.loop.stop()

    def show(self, value):
        return describe.show(value, self.names)

    def find(self, reference):
        """The task or future that a reference means; None for a slot that nothing was put into."""
        if "f" in reference:
            return self.futures[reference["f"]]
        return self.slots.get(reference["t"])

    def put(self, slot, future):
        self.slots[slot] = future
        self.name(future, f"t{slot}")

    def name(self, future, name):
        self.names.setdefault(future, name)
        if future not in self.started:
            self.started.append(future)

    def report(self, _loop, context):
        message = context["message"]
        # Whether these come depends on the collector.
        if message.endswith("never retrieved") or message.startswith("Task was destroyed"):
            return
        # CPython makes this report even where somebody handles the error (gh-156321), the library does not.
        if message.endswith("in shielded future"):
            return
        if message.startswith("Exception in callback"):
            message = "Exception in callback"
        elif message.startswith("Task <"):
            message = "Task errored out after its parent"
        keys = ",".join(sorted(key for key in context if key not in ("message", "exception")))
        self.log("*", f"report {message}: {self.show(context.get('exception'))} ({keys})")
