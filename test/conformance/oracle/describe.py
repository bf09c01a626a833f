"""How values and errors look in a log: the same text as describe.mjs makes on the other side."""

import asyncio

# Whose texts are prose for people: the library words its own, so only what the programs themselves put in is compared.
PROSE = (RuntimeError, TypeError, ValueError, asyncio.InvalidStateError)
OWN_TEXT = "!"


class Boom(Exception):
    pass


class Bang(Exception):
    pass


def _message(error):
    if isinstance(error, BaseExceptionGroup):
        return error.message
    return "" if not error.args or error.args[0] is None else str(error.args[0])


def show_error(error):
    # asyncio asserts what its users must keep to; here that is an error as any other.
    if isinstance(error, AssertionError):
        return "RuntimeError()"
    name = type(error).__name__
    text = _message(error)
    if isinstance(error, BaseExceptionGroup):
        inner = ", ".join(show_error(one) for one in error.exceptions)
        return f"{name}({text})[{inner}]"
    if isinstance(error, PROSE) and not isinstance(error, asyncio.BrokenBarrierError) and OWN_TEXT not in text:
        text = ""
    caused = isinstance(error, TimeoutError) and error.__cause__ is not None
    return f"{name}({text}) from {show_error(_root(error))}" if caused else f"{name}({text})"


def _root(error):
    """Timeouts put themselves into the context of other errors, for which JavaScript has the cause alone."""
    while isinstance(error, TimeoutError) and error.__cause__ is not None:
        error = error.__cause__
    return error


def show(value, names=None):
    if names is not None:
        try:
            if value in names:
                return names[value]
        except TypeError:
            pass
    if value is None or isinstance(value, (bool, int, str)):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else str(value)
    if isinstance(value, BaseException):
        return show_error(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(show(one, names) for one in value) + "]"
    if isinstance(value, asyncio.Future):
        return "future"
    if hasattr(value, "__iter__"):
        return "{" + ", ".join(show(one, names) for one in value) + "}"
    return type(value).__name__


def show_state(future):
    """Everything that can be asked of a future. Reading a cancelled one uses up its original error."""
    if not future.done():
        state = "pending"
    elif future.cancelled():
        try:
            future.result()
        except BaseException as error:
            state = show_error(error)
    elif future.exception() is not None:
        state = show_error(future.exception())
    else:
        state = f"result {show(future.result())}"
    if hasattr(future, "cancelling"):
        state += f" cancelling={future.cancelling()}"
    return state
