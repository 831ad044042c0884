"""Prints every public callable of the standard library, one `kind<TAB>path` a line.

Kinds are `function`, `class` and `method`, which needs an instance; `module` names what could be imported, `missing`
what could not. Nothing is called: modules are imported and looked at.
"""

import builtins
import importlib
import inspect
import io
import pkgutil
import sys
import warnings

# Importing these opens a window or a browser, prints, or runs the tests of Python itself.
# Builtins are listed by their bare names.
SKIPPED = {"antigravity", "builtins", "idlelib", "lib2to3.tests", "test", "this", "turtledemo"}

warnings.simplefilter("ignore")


def modules():
    for name in sorted(sys.stdlib_module_names):
        if name.startswith("_") or name in SKIPPED:
            continue
        yield name
        try:
            path = getattr(importlib.import_module(name), "__path__", None)
        except BaseException:
            continue
        for _, inner, _ in pkgutil.walk_packages(path or [], name + ".", onerror=lambda _: None):
            parts = inner.split(".")
            private = any(part.startswith("_") for part in parts)
            tests = {"test", "tests", "turtledemo", "idlelib"} & set(parts)
            if not private and not tests and inner not in SKIPPED:
                yield inner


def public(module):
    """Names that `__all__` lists, and what the module defines under a public name."""
    listed = set(getattr(module, "__all__", ()))
    return sorted(listed | {n for n in vars(module) if not n.startswith("_") and own(module, n)})


def own(module, name):
    """Whether something is the module's own and not what it imported."""
    value = getattr(module, name, None)
    home = getattr(value, "__module__", None)
    # What the C half of a module defines is the module's own.
    return home is not None and home.lstrip("_") == module.__name__


def methods(cls):
    """Public methods of a class: its own and those of bases that have no public name."""
    found = {}
    for base in reversed(cls.__mro__):
        hidden = base.__name__.startswith("_") or base.__module__.startswith("_")
        if base is cls or (hidden and base is not object):
            found.update(vars(base))
    for name, value in sorted(found.items()):
        kind = "method"
        if isinstance(value, (staticmethod, classmethod)):
            kind, value = "function", value.__func__
        if not name.startswith("_") and callable(value) and not inspect.isclass(value):
            yield kind, name


def look(path, value, out):
    if inspect.isclass(value):
        out("class", path)
        if value.__module__ == "builtins" and "." in path:
            return  # Another name of a builtin class, listed with it.
        for kind, name in methods(value):
            out(kind, f"{path}.{name}")
    elif callable(value):
        out("function", path)


def main():
    stdout, sys.stdout = sys.stdout, io.StringIO()
    lines = set()
    out = lambda kind, path: lines.add(f"{kind}\t{path}")
    for name in modules():
        try:
            module = importlib.import_module(name)
        except BaseException:
            out("missing", name)
            continue
        out("module", name)
        for item in public(module):
            look(f"{name}.{item}", getattr(module, item, None), out)
    for name, value in vars(builtins).items():
        if not name.startswith("_") or name == "__import__":
            look(name, value, out)
    stdout.write(f"version\t{sys.version_info.major}.{sys.version_info.minor}\n")
    stdout.write("".join(line + "\n" for line in sorted(lines)))


main()
