"""Short stories from a template: someone, a friend, a place and a thing."""

import facts
import wording


def story_text(rng, animal, name):
    friend_animal = rng.choice(facts.ANIMALS)
    friend = rng.choice([n for n in facts.NAMES if n != name])
    place, thing = rng.choice(facts.PLACES), rng.choice(facts.OBJECTS)
    mood = rng.choice(["happy", "brave", "curious", "shy", "clever", "gentle", "lonely"])
    middle = rng.choice(
        [
            f"One day {name} found a {thing} near the {place}. "
            f'"Whose {thing} is this?" asked {name}. "It is mine!" '
            f"said {friend} the {friend_animal}. {name} gave it back.",
            f"One morning {name} lost a {thing} in the {place}. "
            f"{friend} the {friend_animal} came by and helped. "
            f"They looked all day, and at last they found it under a tree.",
            f"One night a storm came to the {place}. {friend} the {friend_animal} was afraid. "
            f"{name} brought a {thing} and stayed until the sun came up.",
            f"{name} wanted to see what was behind the {place}. "
            f"{friend} the {friend_animal} came along. "
            f"They walked far and found an old {thing}.",
        ]
    )
    end = rng.choice(
        [
            "From that day on they were the best of friends.",
            "They laughed and went home together.",
            f"And {name} was never alone again.",
            "They lived happily ever after.",
        ]
    )
    start = f"Once upon a time there was a {mood} {animal} named {name} who lived in a {place}."
    return f"{start} {middle} {end}"


def story(rng):
    animal, name = rng.choice(facts.ANIMALS), rng.choice(facts.NAMES)
    question = rng.choice(
        [
            "Tell me a story.",
            "Tell me a short story.",
            "Write a story.",
            "Can you tell me a story?",
            f"Tell me a story about a {animal}.",
            f"Tell me a short story about a {animal}.",
            f"Write a short story about a {animal}.",
            f"Write a story about a {animal}.",
            f"Tell me a story about a {animal} named {name}.",
            f"Write a story about a {animal} named {name}.",
            f"Write a short story about {name} the {animal}.",
        ]
    )
    return wording.vary(rng, question, lowercase=False), story_text(rng, animal, name)
