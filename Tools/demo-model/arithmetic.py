"""Sums and differences of numbers up to two digits, with a tenth of all pairs held out."""

import facts
import phrasings

SIGNS = {"+": "plus", "-": "minus"}


def solve(a, sign, b):
    return a + b if sign == "+" else a - b


def is_held_out(a, sign, b):
    """A fixed tenth of all pairs, never trained on in any form."""
    return (a * 7919 + b * 104729 + ord(sign) * 31) % 97 < 10


def trained_pair(rng):
    while True:
        digits = rng.choice((1, 2, 2, 2, 2, 2))
        a, b = (
            (rng.randrange(10**digits) for _ in range(2))
            if digits == 1
            else (rng.randrange(100), rng.randrange(100))
        )
        sign = rng.choice("+-")
        if not is_held_out(a, sign, b):
            return a, sign, b


def held_out_pairs():
    return [(a, s, b) for s in "+-" for a in range(100) for b in range(100) if is_held_out(a, s, b)]


def statement(a, sign, b):
    return f"{a} {sign} {b} = {solve(a, sign, b)}."


def in_words(number):
    if number < 20:
        return facts.NUMBER_WORDS[number]
    tens, ones = facts.TENS_WORDS[number // 10 - 2], number % 10
    return f"{tens}-{facts.NUMBER_WORDS[ones]}" if ones else tens


def question(rng, a, sign, b):
    forms = phrasings.ADD_QUESTIONS if sign == "+" else phrasings.SUBTRACT_QUESTIONS
    return rng.choice(forms).format(a=a, b=b)
