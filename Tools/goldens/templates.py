"""Makes the goldens of Tests/MartletChatTests/Fixtures: templates rendered by transformers and jinja2.

    python Tools/goldens/templates.py

Three files: chats.json (templates as models have them, with conversations), snippets.json (one feature
each) and fuzz.json (random templates). An expectation of null means that the reference fails.

The reference is the environment of transformers' `apply_chat_template`, less `strftime_now`: Martlet
renders without a clock. Outputs that hold addresses of objects or integers beyond 64 bits are left
out.
"""

import copy
import json
import pathlib
import random
import re
import signal
import warnings

import transformers
from transformers.utils import chat_template_utils

import templates_chats as chats
import templates_fuzz as fuzz
import templates_snippets as snippets

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests/MartletChatTests/Fixtures"
DEMO = ROOT / "Sources/MartletDemoModel/Resources/DemoModel/tokenizer_config.json"
FUZZ_SEED = 20260101
FUZZ_COUNT = 1600


def compile_template(source):
    template = chat_template_utils._cached_compile_jinja_template(source)
    template.environment.globals.pop("strftime_now", None)
    return template


class Timeout(Exception):
    pass


def on_alarm(*_):
    raise Timeout


def render(source, variables):
    """The text, None where the reference fails, or Timeout."""
    signal.alarm(2)
    try:
        # Filters such as `indent` can change a list in place.
        return compile_template(source).render(**copy.deepcopy(variables))
    except Timeout:
        raise
    except Exception:
        return None
    finally:
        signal.alarm(0)


def is_portable(text):
    """Whether an expectation says something about the language, not about this Python process."""
    if text is None:
        return True
    if re.search(r"object at|bound method|0x[0-9a-f]{6}|at 0x", text, re.IGNORECASE) or re.search(r"\d{19}", text):
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return len(text) < 2000


def flattened(messages):
    """Messages with text parts joined, as a server hands them to a template that wants text."""
    messages = copy.deepcopy(messages)
    for message in messages:
        if isinstance(message.get("content"), list):
            message["content"] = "\n".join(part["text"] for part in message["content"])
    return messages


def chat_case(name, source, title, messages, variant, wants_parts):
    variant = copy.deepcopy(variant)
    prompt = {"messages": copy.deepcopy(messages), "specialTokens": chats.TOKENS}
    keywords = {**chats.TOKENS, **variant}
    given = messages if wants_parts else flattened(messages)
    try:
        rendered, _ = chat_template_utils.render_jinja_template(
            conversations=[copy.deepcopy(given)], chat_template=source, **keywords
        )
        text = rendered[0]
    except Exception:
        text = None
    prompt["addGenerationPrompt"] = variant.pop("add_generation_prompt", False)
    prompt["continueFinalMessage"] = variant.pop("continue_final_message", False)
    for key in ("tools", "documents"):
        if key in variant:
            prompt[key] = variant.pop(key)
    prompt["extraVariables"] = variant
    return {"template": name, "title": title, "prompt": prompt, "text": text}


def make_chats():
    sources = {path.stem: path.read_text() for path in sorted((pathlib.Path(__file__).parent / "templates").glob("*.jinja"))}
    if DEMO.exists():
        sources["demo"] = json.loads(DEMO.read_text())["chat_template"]
    cases = []
    for name, source in sources.items():
        wants_parts = name == "parts"
        for index in chats.VARIANTS_OF[name]:
            for title, messages in {**chats.CONVERSATIONS, **chats.PARTS}.items():
                if index not in (0, 9) and title not in chats.SHORT_LIST:
                    continue
                case = chat_case(name, source, f"{title}/{index}", messages, chats.VARIANTS[index], wants_parts)
                cases.append(case)
    # The prompts repeat: they are stored once and referred to by number.
    prompts = []
    for case in cases:
        if case["prompt"] not in prompts:
            prompts.append(case["prompt"])
        case["prompt"] = prompts.index(case["prompt"])
    return {"templates": sources, "prompts": prompts, "cases": cases}


def make_snippets():
    sources = ["{{ " + line + " }}" for line in snippets.EXPRESSIONS.strip().split("\n")]
    cases = []
    for source in sources + snippets.STATEMENTS:
        if "000000000" in source:
            cases.append([source, None])
            continue
        text = render(source, snippets.VARIABLES)
        if is_portable(text):
            cases.append([source, text])
    return {"variables": snippets.VARIABLES, "cases": cases}


def make_fuzz():
    rng = random.Random(FUZZ_SEED)
    cases = []
    failures = 0
    while len(cases) < FUZZ_COUNT:
        source = fuzz.template(rng)
        try:
            text = render(source, snippets.VARIABLES)
        except Timeout:
            continue
        # Most random templates fail; a few of those do.
        failures += text is None
        if (text is None and failures % 8) or len(source) > 300 or not is_portable(text):
            continue
        cases.append([source, text])
    return {"variables": snippets.VARIABLES, "seed": FUZZ_SEED, "cases": cases}


def write(name, value):
    note = f"transformers {transformers.__version__}, jinja2 {__import__('jinja2').__version__}"
    text = json.dumps({"reference": note, **value}, ensure_ascii=False, indent=None, separators=(",", ":"))
    # One case per line, so that changes show.
    text = text.replace('],["', '],\n["').replace('},{"template"', '},\n{"template"')
    (FIXTURES / name).write_text(text + "\n")
    print(name, len(value["cases"]), "cases", len(text.encode()), "bytes")


def main():
    warnings.simplefilter("ignore", SyntaxWarning)
    signal.signal(signal.SIGALRM, on_alarm)
    chat_template_utils._compile_jinja_template = compile_template
    FIXTURES.mkdir(parents=True, exist_ok=True)
    write("chats.json", make_chats())
    write("snippets.json", make_snippets())
    write("fuzz.json", make_fuzz())


if __name__ == "__main__":
    main()
