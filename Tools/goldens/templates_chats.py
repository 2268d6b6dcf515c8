"""Conversations for the goldens of MartletChat (see templates.py)."""

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather in a city, \"now\" — in °C or °F.",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "A city, e.g. Zürich\nor 東京"},
                    "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                    "days": {"type": ["integer", "null"], "minimum": 1, "maximum": 1.5e1},
                },
                "required": ["city"],
                "additionalProperties": False,
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "search",
            "description": "Full-text search over <documents> & 'notes'.",
            "parameters": {
                "type": "object",
                "properties": {
                    "query": {"type": "string"},
                    "filters": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"field": {"type": "string"}, "value": {}},
                            "required": ["field", "value"],
                        },
                    },
                    "limit": {"type": "integer", "default": 10},
                },
                "required": ["query", "limit"],
            },
        },
    },
    {"type": "function", "function": {"name": "ping", "parameters": {"type": "object", "properties": {}}}},
]

USER = {"role": "user", "content": "What is 2 + 2?"}
SYSTEM = {"role": "system", "content": "  You are terse.\nAnswer in one line. "}
ANSWER = {"role": "assistant", "content": " It is 4. \n"}
CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [
        {
            "id": "call00001",
            "type": "function",
            "function": {"name": "get_weather", "arguments": {"city": "Zürich", "days": 3, "detail": None}},
        }
    ],
}
RESULT = {"role": "tool", "tool_call_id": "call00001", "name": "get_weather", "content": "{\"temp\": 21.5}"}

THINKING = {
    "role": "assistant",
    "content": "<think>\nTwo and two.\nThat is four.\n</think>\n\nIt is 4.",
}

CONVERSATIONS = {
    "user": [USER],
    "system": [SYSTEM, USER],
    "turns": [SYSTEM, USER, ANSWER, {"role": "user", "content": "And 3 + 3?"}],
    "no system turns": [USER, ANSWER, {"role": "user", "content": "And 3 + 3?"}],
    "long": [SYSTEM] + [
        {"role": ("user", "assistant")[i % 2], "content": f"Message {i}: " + "word " * (i % 5)} for i in range(19)
    ],
    "unicode": [{"role": "user", "content": "  naïve 日本語 🙂🏽 e\u0301 \u200b <|im_end|> {{ n }} {% if %} \\n \u0000 \ud7ff "}],
    "empty": [{"role": "user", "content": ""}],
    "spaces": [{"role": "user", "content": "\n\t padded \r\n"}, {"role": "assistant", "content": "  ok\u00a0"}],
    "assistant last": [USER, ANSWER],
    "two users": [USER, {"role": "user", "content": "Hello?"}],
    "wrong role": [{"role": "robot", "content": "beep"}],
    "developer": [{"role": "developer", "content": "Be kind."}, SYSTEM, USER],
    "tool call": [SYSTEM, USER, CALL],
    "tool result": [SYSTEM, {"role": "user", "content": "Weather in Zürich?"}, CALL, RESULT],
    "tool answer": [USER, CALL, RESULT, {"role": "assistant", "content": "21.5 °C."}, USER],
    "two calls": [
        USER,
        {
            "role": "assistant",
            "content": "Let me look.",
            "tool_calls": [
                CALL["tool_calls"][0],
                {"id": "call00002", "type": "function", "function": {"name": "search", "arguments": {"query": "a \"b\" <c>", "limit": 1}}},
            ],
        },
        RESULT,
        {"role": "tool", "tool_call_id": "call00002", "content": "[]"},
    ],
    "text arguments": [
        USER,
        {"role": "assistant", "content": "x", "tool_calls": [
            {"id": "abcdefghi", "type": "function", "function": {"name": "ping", "arguments": "{\"a\": 1}"}}]},
    ],
    "thinking": [USER, THINKING, {"role": "user", "content": "Sure?"}],
    "thinking last": [USER, THINKING],
    "reasoning": [USER, {"role": "assistant", "content": "4", "reasoning_content": "\nadd\n"}, USER,
                  {"role": "assistant", "content": "\n\n4", "reasoning": "again"}],
    "reasoning and call": [USER, {**CALL, "reasoning_content": "need a tool"}, RESULT],
    "null content": [USER, {**CALL, "content": None}, RESULT],
    "extra members": [{"role": "user", "content": "hi", "name": "Ann", "weight": 0.5, "flags": [True, None]}],
    "none": [],
}

PARTS = {
    "text parts": [{"role": "user", "content": [{"type": "text", "text": "one "}, {"type": "text", "text": " two"}]}],
    "one part": [SYSTEM, {"role": "user", "content": [{"type": "text", "text": "only"}]}, ANSWER],
    "no parts": [{"role": "user", "content": []}],
}

DOCUMENTS = [{"title": "First", "text": "one two three"}, {"title": "Zweites – ß", "text": "a b_c d-e"}]

TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}

VARIANTS = [
    {"add_generation_prompt": True},
    {"add_generation_prompt": False},
    {"add_generation_prompt": True, "tools": TOOLS},
    {"add_generation_prompt": True, "tools": TOOLS[:1], "documents": DOCUMENTS},
    {"add_generation_prompt": True, "enable_thinking": False},
    {"add_generation_prompt": True, "enable_thinking": True, "tools": []},
    {"add_generation_prompt": True, "tools": TOOLS, "tools_in_user_message": False, "date_string": "01 Jan 2030"},
    {"add_generation_prompt": False, "builtin_tools": ["code_interpreter", "get_weather", "brave_search"]},
    {"add_generation_prompt": True, "custom_tools": TOOLS[2:], "eos_token": "<override>"},
    {"continue_final_message": True},
]

# The conversations for all variants but the plain one and the continued one.
SHORT_LIST = ["system", "two users", "tool answer", "two calls", "reasoning and call", "none"]

# The variants that a template reads; all others would only repeat.
VARIANTS_OF = {
    "chatml": [0, 1, 9],
    "zephyr": [0, 1, 8, 9],
    "llama2": [0, 9],
    "llama3": [0, 1, 9],
    "gemma": [0, 1, 9],
    "llama31": [0, 1, 2, 6, 7, 8, 9],
    "qwen25": [0, 1, 2, 9],
    "qwen3": [0, 2, 4, 5, 9],
    "mistral": [0, 2, 9],
    "parts": [0, 1, 9],
    "schema": [0, 2, 3, 9],
    "demo": [0, 1, 2, 5, 9],
}
