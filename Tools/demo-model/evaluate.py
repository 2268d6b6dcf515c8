"""Measures a checkpoint on phrasings and sums it never saw, greedily and by its own defaults."""

import argparse
import json
import pathlib
import random

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

import arithmetic
import documents
import facts
import phrasings
import skills
import small_talk

BATCH = 256


def chat(tokenizer, question, **options):
    messages = [documents.message("user", question)]
    return tokenizer.apply_chat_template(
        messages, tokenize=False, add_generation_prompt=True, **options
    )


def capital_questions(rng, count):
    """Every country at least once, each with a held-out phrasing."""
    countries = list(facts.CAPITALS.items())
    chosen = countries + [rng.choice(countries) for _ in range(count - len(countries))]
    for name, city in chosen:
        yield rng.choice(phrasings.CAPITAL_QUESTIONS_HELD_OUT).format(c=name), [city]


def arithmetic_questions(rng, count):
    """Held-out pairs in held-out phrasings."""
    for a, sign, b in rng.sample(arithmetic.held_out_pairs(), count):
        forms = {"+": phrasings.ADD_QUESTIONS_HELD_OUT, "-": phrasings.SUBTRACT_QUESTIONS_HELD_OUT}
        yield rng.choice(forms[sign]).format(a=a, b=b), [arithmetic.statement(a, sign, b)]


def trained_form_questions(rng, count):
    """Held-out pairs in trained phrasings: the sums alone are new."""
    for a, sign, b in rng.sample(arithmetic.held_out_pairs(), count):
        yield arithmetic.question(rng, a, sign, b), [arithmetic.statement(a, sign, b)]


def weather_questions(rng, count):
    """Held-out phrasings with real and invented cities, one weather tool in the system turn."""
    for _ in range(count):
        tool, name, parameter = documents.weather_tool(rng)
        city = documents.city_name(rng)
        call = json.dumps({"name": name, "arguments": {parameter: city}})
        question = rng.choice(phrasings.WEATHER_QUESTIONS_HELD_OUT).format(k=city)
        yield question, [f"<tool_call>\n{call}\n</tool_call>"], tool


def tool_result_turns(rng, count):
    for _ in range(count):
        tool, name, parameter = documents.weather_tool(rng)
        city = documents.city_name(rng)
        result, reply = documents.weather_result(rng, city)
        question = rng.choice(phrasings.WEATHER_QUESTIONS_HELD_OUT).format(k=city)
        call = documents.tool_call(name, {parameter: city})
        yield [
            documents.message("user", question),
            {"role": "assistant", "content": None, "tool_calls": [call]},
            documents.message("tool", result),
        ], tool, reply


def plain_sums(rng, count):
    for a, sign, b in rng.sample(arithmetic.held_out_pairs(), count):
        yield f"{a} {sign} {b} =", [f" {arithmetic.solve(a, sign, b)}."]


def suites(tokenizer, rng):
    """Name to a list of (prompt, accepted replies, whether containing one is enough)."""
    ask = lambda question, **options: chat(tokenizer, question, **options)
    every = list(facts.CAPITALS.items())
    capitals = [(f"The capital of {c} is", [f" {k}."], False) for c, k in every]
    return {
        "capitals, held-out phrasings": [(ask(q), a, True) for q, a in capital_questions(rng, 780)],
        "arithmetic, held-out phrasings and pairs": [
            (ask(q), a, True) for q, a in arithmetic_questions(rng, 800)
        ],
        "arithmetic, trained phrasings, held-out pairs": [
            (ask(q), a, True) for q, a in trained_form_questions(rng, 400)
        ],
        "plain text, held-out pairs": [(p, a, False) for p, a in plain_sums(rng, 300)],
        "plain text, capitals": capitals,
        "JSON, capitals": [
            (
                ask(f"Answer in JSON: what is the capital of {c}?"),
                [json.dumps({"country": c.removeprefix("the "), "capital": k})],
                False,
            )
            for c, k in every
        ],
        "weather tool call, held-out phrasings": [
            (ask(q, tools=[tool]), a, False) for q, a, tool in weather_questions(rng, 200)
        ],
        "answer from a tool result": [
            (
                tokenizer.apply_chat_template(
                    m, tools=[tool], tokenize=False, add_generation_prompt=True
                ),
                [reply],
                False,
            )
            for m, tool, reply in tool_result_turns(rng, 200)
        ],
        "small facts": [
            (ask(q), [a], False) for q, a in (skills.small_fact(rng) for _ in range(150))
        ],
        "small talk": [(ask(q), [a], False) for q, a in small_talk.PAIRS],
    }


def answers(model, tokenizer, prompts, sampled):
    """Completions of every prompt, greedy or with the checkpoint's own generation defaults."""
    own = model.generation_config
    config = GenerationConfig.from_dict(own.to_dict())
    if not sampled:
        config = GenerationConfig(
            eos_token_id=own.eos_token_id, pad_token_id=own.pad_token_id, do_sample=False
        )
    config.max_new_tokens = 56
    replies = []
    for start in range(0, len(prompts), BATCH):
        batch = tokenizer(
            prompts[start : start + BATCH],
            return_tensors="pt",
            padding=True,
            padding_side="left",
            return_token_type_ids=False,
        )
        with torch.inference_mode():
            output = model.generate(**batch, generation_config=config)
        new = output[:, batch["input_ids"].shape[1] :]
        replies += tokenizer.batch_decode(new, skip_special_tokens=True)
    return replies


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--share", type=float, default=1.0, help="ask only this share of the questions"
    )
    parser.add_argument(
        "--show", type=int, default=3, help="print so many wrong answers of each suite"
    )
    options = parser.parse_args()
    torch.set_num_threads(2)
    tokenizer = AutoTokenizer.from_pretrained(options.checkpoint)
    model = AutoModelForCausalLM.from_pretrained(options.checkpoint, dtype=torch.bfloat16).eval()
    results = {}
    for name, cases in suites(tokenizer, random.Random(options.seed)).items():
        if options.share < 1:
            cases = random.Random(options.seed).sample(
                cases, max(1, int(len(cases) * options.share))
            )
        prompts = [prompt for prompt, _, _ in cases]
        row = {"questions": len(cases)}
        for kind, sampled in (("greedy", False), ("default sampling", True)):
            torch.manual_seed(options.seed)
            replies = answers(model, tokenizer, prompts, sampled)
            right = [
                any(a in r if contains else a == r for a in accepted)
                for r, (_, accepted, contains) in zip(replies, cases)
            ]
            row[kind] = round(100 * sum(right) / len(right), 2)
            wrong = [(c[0][-70:], r) for c, r, ok in zip(cases, replies, right) if not ok]
            for prompt, reply in wrong[: options.show]:
                print(f"  wrong ({kind}): {prompt!r} -> {reply!r}")
        results[name] = row
        print(f"{name}: {row}", flush=True)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
