"""Random templates for the goldens of MartletChat (see templates.py)."""

import random

NAMES = [
    "n", "zero", "neg", "pi", "half", "yes", "no", "nil", "empty", "word", "text", "uni", "html",
    "lines", "nums", "mixed", "words", "nested", "d", "deep", "keys", "users", "quote", "missing",
]
LITERALS = [
    "0", "1", "2", "-1", "3", "10", "1.5", "0.0", "-2.5", "1e3", "''", "'a'", "'ab'", "'A b'", "' x '",
    "'a,b'", "'%s'", "'é'", "true", "false", "none", "[]", "[1, 2]", "['b', 'a']", "()", "(1,)",
    "(2, 'x')", "{}", "{'a': 1}", "{'b': [1], 'a': none}", "range(3)", "range(4, 0, -2)",
    "'Hello World'", "'x\\ny'", "'12'", "'3.5'",
]
FILTERS = [
    "upper", "lower", "title", "capitalize", "trim", "length", "first", "last", "list", "join", "join(',')",
    "sort", "sort(reverse=true)", "unique|list", "reverse|list", "string", "int", "float", "abs",
    "round", "round(1)", "sum", "min", "max", "default('D')", "default('D', true)", "d", "tojson",
    "tojson(indent=1)", "items|list", "dictsort", "map('upper')|list", "map('string')|join('-')",
    "map(attribute='name')|list", "map(attribute=0)|list", "map('first')|list", "select|list",
    "reject|list", "select('string')|list", "select('odd')|list", "reject('none')|list",
    "selectattr('name')|list", "selectattr('age', 'gt', 30)|list", "rejectattr('tags')|list|length",
    "batch(2)|list", "batch(2, 'f')|list", "slice(2)|list", "groupby('age')", "replace('a', 'Z')",
    "replace('', '.')", "indent", "indent(1, true)", "truncate(5)", "truncate(3, true, '')", "wordcount",
    "center(9)", "e", "safe", "escape", "urlencode", "count", "first|upper", "int(5)", "int(0, 16)",
    "float(1.5)", "format(1)", "attr('upper')|string|length > 3", "trim('aH')", "round(0, 'floor')",
    "filesizeformat", "reverse", "xmlattr", "forceescape",
]
TESTS = [
    "defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "mapping",
    "sequence", "iterable", "callable", "true", "false", "odd", "even", "divisibleby 2", "lower",
    "upper", "eq 1", "ne 'a'", "lt 2", "gt 'a'", "in [1, 'a']", "in 'abc'", "sameas none", "escaped",
    "ge 1", "le 1.5", "equalto n",
]
METHODS = [
    ".upper()", ".lower()", ".strip()", ".strip('a')", ".lstrip()", ".rstrip('o')", ".split()",
    ".split('a')", ".split('l', 1)", ".rsplit('l', 1)", ".split(none, 1)", ".startswith('H')",
    ".endswith('o')", ".replace('l', 'L')", ".replace('l', '', 1)", ".title()", ".capitalize()",
    ".find('l')", ".rfind('l')", ".count('l')", ".index('e')", ".join(['x', 'y'])", ".join(words)",
    ".isdigit()", ".isalpha()", ".isupper()", ".islower()", ".isspace()", ".istitle()", ".splitlines()",
    ".partition('l')", ".rpartition('l')", ".zfill(7)", ".center(9, '*')", ".ljust(8)", ".rjust(8, '-')",
    ".swapcase()", ".expandtabs(3)", ".removeprefix('He')", ".removesuffix('lo')", ".format(1, 2)",
    ".items()", ".keys()", ".values()", ".items()|list", ".keys()|list", ".get('a')", ".get('b', 0)",
    ".index(1)", ".count(1)", ".copy()", ".name", ".age", ".a", ".x.y", ".items", ".append(1)",
    ".bit_length()", ".is_integer()", ".foo", ".foo.bar", ".0", ".casefold()", ".isnumeric()",
]
SUBSCRIPTS = [
    "[0]", "[-1]", "[1]", "[5]", "['a']", "['name']", "[1:]", "[:-1]", "[::-1]", "[::2]", "[-2:]",
    "[0:1]", "[3:0:-1]", "[true]", "[1.0]", "[none]", "['upper']", "[:2]", "[n]", "[word]", "[zero]",
]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]


def expression(rng: random.Random, depth: int) -> str:
    if depth <= 0 or rng.random() < 0.1:
        return rng.choice(NAMES) if rng.random() < 0.6 else rng.choice(LITERALS)
    kind = rng.random()
    if kind < 0.28:
        left, right = expression(rng, depth - 1), expression(rng, depth - 1)
        text = f"{left} {rng.choice(BINARY)} {right}"
        return f"({text})" if rng.random() < 0.7 else text
    if kind < 0.5:
        return f"({expression(rng, depth - 1)})|{rng.choice(FILTERS)}"
    if kind < 0.62:
        return f"({expression(rng, depth - 1)}) is {rng.choice(['', '', 'not '])}{rng.choice(TESTS)}"
    if kind < 0.78:
        return f"({expression(rng, depth - 1)}){rng.choice(METHODS)}"
    if kind < 0.88:
        # `n and` keeps jinja2 from folding constants, which turns the slice of a number into nothing.
        return f"(n and ({expression(rng, depth - 1)})){rng.choice(SUBSCRIPTS)}"
    if kind < 0.91:
        return f"{rng.choice(['not ', '-', '+'])}({expression(rng, depth - 1)})"
    if kind < 0.95:
        first, test = expression(rng, depth - 1), expression(rng, depth - 1)
        other = f" else {expression(rng, depth - 1)}" if rng.random() < 0.8 else ""
        return f"({first} if {test}{other})"
    first, second = expression(rng, depth - 1), expression(rng, depth - 1)
    return rng.choice([f"[{first}, {second}]", f"({first}, {second})", f"{{'k': {first}, 'a': {second}}}"])


def sign(rng: random.Random) -> str:
    return rng.choice(["", "", "", "-", "+"])


def gap(rng: random.Random) -> str:
    return rng.choice(["", " ", "\n", "  ", "\n  ", " \n", "a", "b\n", "\n\n", "x \n y"])


def tag(rng: random.Random, text: str) -> str:
    return f"{gap(rng)}{{%{sign(rng)} {text} {sign(rng)}%}}{gap(rng)}"


def statement(rng: random.Random, depth: int, in_loop: bool = False) -> str:
    kind = rng.random()
    if depth <= 0 or kind < 0.3:
        end = rng.choice(["", "-"])
        return f"{gap(rng)}{{{{{rng.choice(['', '-'])} {expression(rng, 2)} {end}}}}}{gap(rng)}"
    if kind < 0.45:
        other = tag(rng, "else") + statement(rng, depth - 1, in_loop) if rng.random() < 0.5 else ""
        return (tag(rng, f"if {expression(rng, 1)}") + statement(rng, depth - 1, in_loop) + other
                + tag(rng, "endif"))
    if kind < 0.65:
        test = f" if {expression(rng, 1)}" if rng.random() < 0.2 else ""
        other = tag(rng, "else") + "E" if rng.random() < 0.2 else ""
        body = statement(rng, depth - 1, True) + rng.choice(["", "{{ loop.index }}{{ loop.last }}", "{{ v }}"])
        return (tag(rng, f"for v in {expression(rng, 1)}{test}") + body + statement(rng, depth - 1, True)
                + other + tag(rng, "endfor"))
    if kind < 0.75:
        name = rng.choice(["n", "word", "v", "w"])
        return tag(rng, f"set {name} = {expression(rng, 2)}") + f"{{{{ {name} }}}}"
    if kind < 0.8:
        return tag(rng, "set w") + statement(rng, depth - 1) + tag(rng, "endset") + "[{{ w }}]"
    if kind < 0.86:
        name = rng.choice(["f", "g"])
        return (tag(rng, f"macro {name}(v, w={expression(rng, 0)})") + statement(rng, depth - 1)
                + tag(rng, "endmacro") + f"{{{{ {name}({expression(rng, 1)}) }}}}")
    if kind < 0.9:
        return tag(rng, f"with v = {expression(rng, 1)}") + statement(rng, depth - 1, in_loop) + tag(rng, "endwith")
    if kind < 0.93:
        return tag(rng, f"filter {rng.choice(['upper', 'trim', 'indent', 'length', 'e'])}") + statement(
            rng, depth - 1, in_loop) + tag(rng, "endfilter")
    if kind < 0.96 and in_loop:
        return tag(rng, rng.choice(["break", "continue"]))
    return f"{gap(rng)}{{#{sign(rng)} c {sign(rng)}#}}{gap(rng)}"


def template(rng: random.Random) -> str:
    if rng.random() < 0.6:
        return "{{ " + expression(rng, 3) + " }}"
    return "".join(statement(rng, 3) for _ in range(rng.randint(1, 3)))
