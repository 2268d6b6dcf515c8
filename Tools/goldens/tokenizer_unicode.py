"""Writes the Unicode tables of MartletTokenizer that the Swift runtime does not offer.

    python Tools/goldens/tokenizer_unicode.py

Decompositions come from `unicodedata`; scripts from the `regex` package. Both results are Swift
files in Sources/MartletTokenizer and are committed, so that building needs no Python.

Decompositions are text: entries separated by spaces, each the distance from the code point before
it and the mapping, all in base 36 and joined by dots. `!` in front marks a canonical mapping that
composition never undoes; `XN` at the end repeats the entry for N more code points with a mapping
of one code point counting up.
"""

import pathlib
import unicodedata

import regex

ROOT = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "MartletTokenizer"
SCRIPTS = ["Han", "Hiragana", "Katakana", "Hangul", "Latin", "Cyrillic", "Greek", "Arabic",
           "Hebrew", "Thai", "Devanagari"]
WIDTH = 96


def base36(value):
    digits = ""
    while True:
        value, digit = divmod(value, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
        if value == 0:
            return digits


def mappings():
    """Single-step mappings as {code point: (tag or '', [code points])}, without Hangul syllables."""
    for code in range(0x110000):
        if 0xAC00 <= code <= 0xD7A3 or 0xD800 <= code <= 0xDFFF:
            continue
        fields = unicodedata.decomposition(chr(code)).split()
        if fields:
            tag = fields.pop(0) if fields[0].startswith("<") else ""
            yield code, tag, [int(field, 16) for field in fields]


def encode(entries):
    """Entries (code point, excluded, mapping) as words, runs folded."""
    words, previous, index = [], 0, 0
    while index < len(entries):
        code, excluded, mapped = entries[index]
        count = 0
        while len(mapped) == 1 and index + count + 1 < len(entries) and entries[
                index + count + 1] == (code + count + 1, excluded, [mapped[0] + count + 1]):
            count += 1
        word = ("!" if excluded else "") + ".".join(
            base36(value) for value in [code - previous, *mapped])
        words.append(word + (f"X{base36(count)}" if count else ""))
        previous = code + count
        index += count + 1
    return words


def literal(words):
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) + 1 > WIDTH - 10:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line.rstrip())
    return "\n".join("        " + line.rstrip() + (" \\" if index + 1 < len(lines) else "")
                     for index, line in enumerate(lines))


def write_decompositions():
    canonical, compatible = [], []
    for code, tag, mapped in mappings():
        if tag:
            compatible.append((code, False, mapped))
        else:
            excluded = unicodedata.normalize("NFC", chr(code)) != chr(code)
            canonical.append((code, excluded, mapped))
    text = f'''/// Single-step decomposition mappings of Unicode {unicodedata.unidata_version}, without Hangul
/// syllables, which follow a formula. Written by `Tools/goldens/tokenizer_unicode.py`, where the
/// format is described.
enum UnicodeDecompositionData {{
    static let canonical: StaticString = """
{literal(encode(canonical))}
        """

    static let compatibility: StaticString = """
{literal(encode(compatible))}
        """
}}
'''
    (ROOT / "Normalization" / "UnicodeDecompositionData.swift").write_text(text)


def script_ranges(name):
    pattern, ranges = regex.compile(rf"\p{{Script={name}}}"), []
    for code in range(0x110000):
        if not 0xD800 <= code <= 0xDFFF and pattern.match(chr(code)):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return [f"0x{low:X}...0x{high:X}" for low, high in ranges]


def write_scripts():
    parts = []
    for name in SCRIPTS:
        lines, line = [], ""
        for item in script_ranges(name):
            if len(line) + len(item) + 2 > WIDTH - 12:
                lines.append(line.rstrip())
                line = ""
            line += item + ", "
        lines.append(line.rstrip())
        body = "\n".join("            " + line for line in lines)
        parts.append(f'        "{name.lower()}": ScalarSet([\n{body}\n        ]),')
    text = ('''extension ScalarSet {
    /// The scalars of the writing systems that patterns name, `\\p{Han}`, from Unicode's Scripts
    /// data. Written by `Tools/goldens/tokenizer_unicode.py`.
    static let scripts: [String: ScalarSet] = [
''' + "\n".join(parts) + "\n    ]\n}\n")
    (ROOT / "Regex" / "ScalarSet+Scripts.swift").write_text(text)


write_decompositions()
write_scripts()
