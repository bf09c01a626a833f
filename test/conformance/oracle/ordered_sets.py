"""Gives the sets inside asyncio the order of insertion, which is the order this library's sets have."""

import ast
import asyncio
import inspect
from asyncio import staggered, taskgroups, tasks


class OrderedSet:
    """As much of a set as asyncio uses, iterating in the order of insertion."""

    def __init__(self, items=()):
        self._items = dict.fromkeys(items)

    def add(self, item):
        self._items[item] = None

    def discard(self, item):
        self._items.pop(item, None)

    def remove(self, item):
        del self._items[item]

    def clear(self):
        self._items.clear()

    def __contains__(self, item):
        return item in self._items

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)


class _SetComprehensionsToCalls(ast.NodeTransformer):
    """`{f(x) for x in y}` knows no name to replace, `set(f(x) for x in y)` does."""

    def visit_SetComp(self, node):
        self.generic_visit(node)
        generator = ast.GeneratorExp(node.elt, node.generators)
        return ast.copy_location(ast.Call(ast.Name("set", ast.Load()), [generator], []), node)


def _recompile(module, name):
    tree = ast.parse(inspect.getsource(getattr(module, name)))
    tree = ast.fix_missing_locations(_SetComprehensionsToCalls().visit(tree))
    exec(compile(tree, module.__file__, "exec"), module.__dict__)


def _all_tasks(loop=None):
    loop = asyncio.get_running_loop() if loop is None else loop
    unfinished = _unordered_all_tasks(loop)
    # One that is being started eagerly is not among those that were made yet.
    return OrderedSet([*(task for task in loop.made if task in unfinished), *unfinished])


_unordered_all_tasks = tasks.all_tasks


def install():
    tasks.all_tasks = asyncio.all_tasks = _all_tasks
    for module in (tasks, taskgroups, staggered):
        module.set = OrderedSet
    _recompile(tasks, "_AsCompletedIterator")
