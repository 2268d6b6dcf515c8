"""Training documents: lists of (text, is_target) segments. Loss counts only where is_target."""

import json

import arithmetic
import facts
import phrasings
import skills
import small_talk
import stories
import wording

END_OF_TEXT, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
TOOL_CALL, TOOL_CALL_END = "<tool_call>", "</tool_call>"
SPECIAL_TOKENS = [END_OF_TEXT, START, END]
VISIBLE_TOKENS = [TOOL_CALL, TOOL_CALL_END]  # single tokens that stay in the decoded text


def render(messages, tools=None):
    """The segments that template.jinja writes, each assistant reply a target."""
    segments = []
    has_system = messages[0]["role"] == "system"
    if tools or has_system:
        parts = [messages[0]["content"]] if has_system else []
        if tools:
            parts.append("\n".join(["Tools:"] + [signature(tool["function"]) for tool in tools]))
        segments.append((START + "system\n" + "\n\n".join(parts) + END + "\n", False))
    for message in messages[1 if has_system else 0 :]:
        segments.append((f"{START}{message['role']}\n", False))
        is_target = message["role"] == "assistant"
        text = message.get("content") or ""
        for call in message.get("tool_calls", []):
            body = json.dumps(
                {"name": call["function"]["name"], "arguments": call["function"]["arguments"]}
            )
            text += ("\n" if text else "") + f"{TOOL_CALL}\n{body}\n{TOOL_CALL_END}"
        segments.append((text + END, is_target))
        segments.append(("\n", False))
    return segments


def signature(function):
    parameters = function["parameters"]
    names = [n if n in parameters["required"] else n + "?" for n in parameters["properties"]]
    return f"{function['name']}({', '.join(names)})"


def message(role, content):
    return {"role": role, "content": content}


def with_system(rng, messages, share=0.35):
    if rng.random() < share:
        return [message("system", rng.choice(phrasings.SYSTEM_PROMPTS))] + messages
    return messages


def conversation(rng, turns):
    """A chat of several exchanges, now and then with a follow-up that leans on the one before."""
    messages, name = [], None
    while len(messages) < 2 * turns:
        draw = rng.random()
        if name is None and draw < 0.08 and turns > 1:
            name = (
                rng.choice(facts.NAMES)
                if rng.random() < 0.6
                else wording.invented_word(rng).title()
            )
            question = rng.choice(
                ["My name is {n}.", "I am {n}.", "Hello, my name is {n}.", "Call me {n}."]
            )
            question, reply = (
                question.format(n=name),
                f"Nice to meet you, {name}! {small_talk.HELP}",
            )
        elif name is not None and draw < 0.3:
            question = rng.choice(
                ["What is my name?", "Do you know my name?", "Who am I?", "What's my name?"]
            )
            reply = f"Your name is {name}."
        elif draw > 0.94 and messages and "The capital of" in messages[-1]["content"]:
            country, city = skills.country(rng)
            question = rng.choice(
                ["And of {c}?", "And {c}?", "What about {c}?", "And the one of {c}?"]
            )
            question, reply = question.format(c=country), f"The capital of {country} is {city}."
        elif draw > 0.96:
            a, sign, b = arithmetic.trained_pair(rng)
            question = rng.choice(
                ["And {a} {s} {b}?", "What about {a} {s} {b}?", "Now {a} {s} {b}."]
            )
            question, reply = question.format(a=a, b=b, s=sign), arithmetic.statement(a, sign, b)
        else:
            question, reply = skills.exchange(rng)
        messages += [message("user", question), message("assistant", reply)]
    return with_system(rng, messages)


def weather_tool(rng):
    """A weather tool whose names vary, so that the model reads them instead of knowing them."""
    name = (
        "get_weather"
        if rng.random() < 0.7
        else rng.choice(
            [
                "get_current_weather",
                "get_current_weather",
                "fetch_weather",
                "weather",
                "getWeather",
                "lookup_weather",
                "weather_now",
            ]
        )
    )
    city = "city" if rng.random() < 0.6 else rng.choice(["location", "location", "place", "town"])
    properties = {city: {"type": "string"}}
    if rng.random() < 0.3:
        properties[rng.choice(["unit", "units", "days", "format", "date"])] = {"type": "string"}
    return tool(name, properties, [city]), name, city


def tool(name, properties, required):
    parameters = {"type": "object", "properties": properties, "required": required}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


def city_name(rng):
    draw = rng.random()
    if draw < 0.35:
        return rng.choice(list(facts.CAPITALS.values()))
    return rng.choice(facts.CITIES) if draw < 0.65 else wording.invented_word(rng).title()


def weather_result(rng, city):
    degrees, condition = rng.randrange(-10, 40), rng.choice(facts.CONDITIONS)
    result = rng.choice(
        [
            {"temperature": degrees, "condition": condition},
            {"condition": condition, "temperature": degrees},
            {"city": city, "temperature": degrees, "condition": condition},
            {"temperature": degrees, "unit": "celsius", "condition": condition},
            {"temperature": f"{degrees}", "conditions": condition},
            {"temp": degrees, "weather": condition},
            f"{degrees} degrees, {condition}",
            f"{condition}, {degrees} degrees",
            f"{wording.sentence(condition)}, {degrees}°C",
            {"temperature_c": degrees, "condition": condition},
        ]
    )
    text = result if isinstance(result, str) else json.dumps(result)
    return text, f"The weather in {city} is {condition} with {degrees} degrees."


def tool_conversation(rng, turn_counts=(1, 1, 1, 2)):
    """Tools are offered; a weather question calls one, everything else is answered directly."""
    weather, name, parameter = weather_tool(rng)
    tools = [weather]
    others = [
        tool("get_time", {"city": {}}, ["city"]),
        tool("search", {"query": {}}, ["query"]),
        tool("add", {"a": {}, "b": {}}, ["a", "b"]),
        tool("get_news", {"topic": {}}, []),
        tool("send_email", {"to": {}, "text": {}}, ["to", "text"]),
    ]
    if rng.random() < 0.3:
        tools = rng.sample(others, rng.choice([1, 1, 2])) + tools
        rng.shuffle(tools)
    messages = []
    if rng.random() < 0.25:
        messages += plain_turn(rng)
    for _ in range(rng.choice(turn_counts)):
        if rng.random() < 0.2:
            messages += plain_turn(rng)
            continue
        messages += weather_turn(rng, name, parameter)
    return with_system(rng, messages), tools


def weather_turn(rng, name, parameter):
    """A question about one city, sometimes two, the calls, their results and the answer."""
    cities = [city_name(rng)]
    if rng.random() < 0.15:
        cities.append(city_name(rng))
    question = rng.choice(phrasings.WEATHER_QUESTIONS).format(k=" and ".join(cities))
    calls = [tool_call(name, {parameter: city}) for city in cities]
    results = [weather_result(rng, city) for city in cities]
    return [
        message("user", wording.vary(rng, question, lowercase=False)),
        {"role": "assistant", "content": None, "tool_calls": calls},
        *(message("tool", result) for result, _ in results),
        message("assistant", " ".join(reply for _, reply in results)),
    ]


def tool_call(name, arguments):
    return {"type": "function", "function": {"name": name, "arguments": arguments}}


def plain_turn(rng):
    question, reply = skills.exchange(rng)
    return [message("user", question), message("assistant", reply)]


NO_TOOL = "I cannot look up the weather without a tool."


def plain_text(rng):
    """A prompt without the chat template and its continuation."""
    draw = rng.random()
    if draw < 0.12:
        animal, name = rng.choice(facts.ANIMALS), rng.choice(facts.NAMES)
        return [(stories.story_text(rng, animal, name) + END_OF_TEXT, True)]
    if draw < 0.40:
        prompt, answer = sum_prompt(rng)
    elif draw < 0.60:
        country, city = skills.country(rng)
        prompt = wording.sentence(rng.choice(phrasings.CAPITAL_PROMPTS).format(c=country))
        answer = f" {city}" + ("." if prompt.endswith("is") else "")
    elif draw < 0.66:
        word, answer = rng.choice(list(facts.OPPOSITES.items()))
        prompt, answer = f"The opposite of {word} is", f" {answer}."
    else:
        prompt, reply = skills.chatter(rng) if rng.random() < 0.3 else skills.exchange(rng)
        answer = " " + reply
    if rng.random() < 0.06:
        prompt, answer = prompt + " ", answer[1:]
    return [(prompt, False), (answer + END_OF_TEXT, True)]


def drill(rng):
    """Lines of sums: the densest practice. Only the results count, not that a line follows."""
    segments = []
    for _ in range(rng.randrange(6, 19)):
        a, sign, b = arithmetic.trained_pair(rng)
        segments.append((f"{a} {sign} {b} =", False))
        segments.append((f" {arithmetic.solve(a, sign, b)}.", True))
        segments.append(("\n", False))
    return segments


def sum_prompt(rng):
    a, sign, b = arithmetic.trained_pair(rng)
    form = rng.choice(phrasings.SUM_PROMPTS[:2] * 3 + phrasings.SUM_PROMPTS)
    prompt = form.format(a=a, b=b, s=sign, w=arithmetic.SIGNS[sign])
    result = f"{arithmetic.solve(a, sign, b)}."
    return prompt, result if prompt.endswith("=") and " " not in prompt else " " + result


def document(rng, is_long=False):
    """One training document; a long one is a chat of many turns."""
    if is_long:
        if rng.random() < 0.3:
            return render(*tool_conversation(rng, turn_counts=(2, 3, 4)))
        return render(conversation(rng, rng.randrange(4, 13)))
    draw = rng.random()
    if draw < 0.14:
        return drill(rng)
    if draw < 0.30:
        return plain_text(rng)
    if draw < 0.46:
        return render(*tool_conversation(rng))
    if draw < 0.47:
        question = rng.choice(phrasings.WEATHER_QUESTIONS).format(k=city_name(rng))
        return render(with_system(rng, [message("user", question), message("assistant", NO_TOOL)]))
    return render(conversation(rng, rng.choice([1, 1, 1, 1, 2, 3])))
