"""Small changes of wording that skills share."""

import phrasings


def vary(rng, text, lowercase=True):
    """A question as people type it: opened or closed politely, in small letters, unmarked."""
    draw = rng.random()
    if draw < 0.10 and lowercase:
        text = text.lower()
    elif draw < 0.18:
        text = text.rstrip("?.!")
    if rng.random() < 0.12:
        text = rng.choice(phrasings.OPENINGS) + text
    elif rng.random() < 0.08:
        text = text + rng.choice(phrasings.CLOSINGS)
    return text


def sentence(text):
    return text[:1].upper() + text[1:]


def invented_word(rng, syllables=(2, 3)):
    count = rng.choice(syllables)
    return "".join(
        rng.choice("bdfgklmnprstvz") + rng.choice(["a", "e", "i", "o", "u", "en", "ar"])
        for _ in range(count)
    )
