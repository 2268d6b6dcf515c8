"""Each skill draws one exchange (question, reply) or one plain-text completion from a generator."""

import json

import arithmetic
import facts
import phrasings
import small_talk
import stories
import wording


def country(rng):
    table = facts.ALIASES if rng.random() < 0.04 else facts.CAPITALS
    name = rng.choice(list(table))
    return name, table[name]


def capital(rng):
    if rng.random() < 0.12:
        name, city = rng.choice(list(facts.CAPITALS.items()))
        reply = f"{city} is the capital of {name}."
        return wording.vary(rng, rng.choice(phrasings.COUNTRY_QUESTIONS).format(k=city)), reply
    name, city = country(rng)
    asked = name.removeprefix("the ") if rng.random() < 0.3 else name
    question = wording.sentence(rng.choice(phrasings.CAPITAL_QUESTIONS).format(c=asked))
    return wording.vary(rng, question), f"The capital of {name} is {city}."


def arithmetic_exchange(rng):
    a, sign, b = arithmetic.trained_pair(rng)
    reply = arithmetic.statement(a, sign, b)
    if rng.random() < 0.06:
        words = arithmetic.in_words(a), arithmetic.in_words(b)
        return wording.vary(rng, f"What is {words[0]} {arithmetic.SIGNS[sign]} {words[1]}?"), reply
    return wording.vary(rng, arithmetic.question(rng, a, sign, b)), reply


def word_problem(rng):
    a, sign, b = arithmetic.trained_pair(rng)
    if sign == "-" and a < b:
        return arithmetic_exchange(rng)
    name, thing = rng.choice(facts.NAMES), rng.choice(facts.THINGS)
    change = rng.choice(
        ["gets {b} more", "buys {b} more", "finds {b} more"]
        if sign == "+"
        else ["loses {b}", "gives away {b}", "eats {b}", "sells {b}"]
    ).format(b=b)
    question = f"{name} has {a} {thing} and {change}. How many {thing} does {name} have?"
    result = arithmetic.solve(a, sign, b)
    return question, f"{a} {sign} {b} = {result}. {name} has {result} {thing}."


def times_table(rng):
    a, b = rng.randrange(11), rng.randrange(11)
    form = rng.choice(["What is {a} times {b}?", "{a} * {b}", "{a} x {b}", "{a} times {b}"])
    return form.format(a=a, b=b), f"{a} * {b} = {a * b}."


def small_fact(rng):
    kind = rng.randrange(5)
    if kind == 0:
        word = rng.choice(list(facts.OPPOSITES))
        form = rng.choice(
            [
                "What is the opposite of {w}?",
                "Opposite of {w}?",
                "{w} is the opposite of what?",
                "Tell me the opposite of {w}.",
                "What's the opposite of {w}?",
                "Name the opposite of {w}.",
            ]
        )
        return (
            wording.vary(rng, form.format(w=word)),
            f"The opposite of {word} is {facts.OPPOSITES[word]}.",
        )
    if kind == 1:
        animal = rng.choice(list(facts.SOUNDS))
        form = rng.choice(
            [
                "What does a {w} say?",
                "What sound does a {w} make?",
                "Which sound does a {w} make?",
                "How does a {w} sound?",
                "What does the {w} say?",
                "What noise does a {w} make?",
            ]
        )
        return wording.vary(rng, form.format(w=animal)), f"A {animal} says {facts.SOUNDS[animal]}."
    if kind == 2:
        thing = rng.choice(list(facts.COLOURS))
        form = rng.choice(
            [
                "What colour is {w}?",
                "What color is {w}?",
                "Which colour has {w}?",
                "What is the colour of {w}?",
                "What is the color of {w}?",
                "Tell me the colour of {w}.",
            ]
        )
        return (
            wording.vary(rng, form.format(w=thing)),
            f"{wording.sentence(thing)} is {facts.COLOURS[thing]}.",
        )
    names, unit = rng.choice([(facts.DAYS, "day"), (facts.MONTHS, "month")])
    index = rng.randrange(len(names))
    if kind == 3:
        step, word = rng.choice([(1, "after"), (-1, "before"), (1, "after")])
        form = rng.choice(
            ["What {u} comes {s} {d}?", "Which {u} comes {s} {d}?", "Which {u} is {s} {d}?"]
        )
        answer = f"{names[(index + step) % len(names)]} comes {word} {names[index]}."
        return wording.vary(rng, form.format(u=unit, s=word, d=names[index])), answer
    form = rng.choice(
        ["List the {u}s.", "Name all {u}s.", "What are the {u}s?", "Tell me the {u}s of the {o}."]
    )
    return form.format(u=unit, o="week" if unit == "day" else "year"), ", ".join(names) + "."


def counting(rng):
    end = rng.randrange(2, 31)
    if rng.random() < 0.15:
        end = rng.randrange(3, 21)
        listed = ", ".join(str(n) for n in range(1, end + 1)) + "."
        return f"Count to {arithmetic.in_words(end)}.", listed
    start = 1 if rng.random() < 0.7 else rng.randrange(1, end)
    if start == 1:
        question = rng.choice(
            ["Count to {e}.", "Count from 1 to {e}.", "Please count to {e}."]
        ).format(e=end)
    else:
        question = f"Count from {start} to {end}."
    return question, ", ".join(str(n) for n in range(start, end + 1)) + "."


def repeat(rng):
    words = [
        (
            wording.invented_word(rng)
            if rng.random() < 0.3
            else rng.choice(
                rng.choice([facts.ANIMALS, facts.OBJECTS, facts.PLACES, list(facts.OPPOSITES)])
            )
        )
        for _ in range(rng.randrange(1, 6))
    ]
    text = " ".join(words)
    form = rng.choice(
        ["Repeat after me: {t}", "Say {t}", "Repeat: {t}", "Please say {t}", "Write {t}"]
    )
    return form.format(t=text), wording.sentence(text) + "."


def json_answer(rng):
    kind = rng.randrange(5)
    if kind <= 1:
        name, city = rng.choice(list(facts.CAPITALS.items()))
        form = rng.choice(
            [
                "Give me a JSON object with the capital of {c}.",
                "Answer in JSON: what is the capital of {c}?",
                "What is the capital of {c}? Answer in JSON.",
                "Return the capital of {c} as JSON.",
                "JSON with the capital of {c}",
                "Write the country {c} and its capital as JSON.",
                "What is the capital of {c}? Reply with a JSON object.",
            ]
        )
        value = {"country": name.removeprefix("the "), "capital": city}
    elif kind == 2:
        a, sign, b = arithmetic.trained_pair(rng)
        form = rng.choice(
            [
                "What is {a} {s} {b}? Answer in JSON.",
                "Answer in JSON: {a} {s} {b}",
                "Give me a JSON object with the result of {a} {s} {b}.",
                "Return {a} {s} {b} as JSON.",
            ]
        )
        value = {"expression": f"{a} {sign} {b}", "result": arithmetic.solve(a, sign, b)}
        return form.format(a=a, b=b, s=sign), json.dumps(value)
    elif kind == 3:
        who, age = rng.choice(facts.NAMES), rng.randrange(1, 100)
        form = rng.choice(
            [
                f"Write a JSON object for {who} who is {age} years old.",
                f"{who} is {age} years old. Answer in JSON.",
                f"Give me a JSON object with the name {who} and the age {age}.",
            ]
        )
        return form, json.dumps({"name": who, "age": age})
    else:
        word = rng.choice(list(facts.OPPOSITES))
        form = rng.choice(
            [
                "Give me a JSON object with the opposite of {c}.",
                "Opposite of {c} as JSON.",
                "What is the opposite of {c}? Answer in JSON.",
            ]
        )
        name, value = word, {"word": word, "opposite": facts.OPPOSITES[word]}
    return form.format(c=name), json.dumps(value)


def chatter(rng):
    question, reply = rng.choice(small_talk.PAIRS)
    return (question.lower() if rng.random() < 0.1 else question), reply


def unknown(rng):
    form = rng.choice(small_talk.UNKNOWN_QUESTIONS)
    return (
        form.format(c=country(rng)[0], n=rng.randrange(100, 1000), m=rng.randrange(100, 1000)),
        small_talk.UNKNOWN,
    )


SKILLS = [
    (capital, 13),
    (arithmetic_exchange, 38),
    (word_problem, 2),
    (times_table, 1),
    (small_fact, 12),
    (counting, 2),
    (repeat, 4),
    (stories.story, 3),
    (json_answer, 14),
    (chatter, 7),
    (unknown, 2),
]


def exchange(rng, skills=SKILLS):
    """One question and its reply."""
    functions, weights = zip(*skills)
    return rng.choices(functions, weights)[0](rng)
