"""Trains the byte-level BPE tokenizer on generated text and writes it with its chat template."""

import json
import pathlib
import random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

import documents

VOCABULARY_SIZE = 2560
# The pre-tokenizer pattern of Qwen2: digits stand alone, a word takes the space before it.
PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def make_tokenizer(directory, seed):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE - len(documents.VISIBLE_TOKENS),
        special_tokens=documents.SPECIAL_TOKENS,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    rng = random.Random(seed)
    names = set(documents.SPECIAL_TOKENS + documents.VISIBLE_TOKENS)
    texts = []
    for _ in range(40_000):
        text = "".join(text for text, _ in documents.document(rng))
        for name in names:
            text = text.replace(name, "\n")
        texts.append(text)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([AddedToken(t, normalized=False) for t in documents.VISIBLE_TOKENS])
    tokenizer.save(str(directory / "tokenizer.json"))
    template = pathlib.Path(__file__).with_name("template.jinja").read_text()
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": 2048,
        "bos_token": documents.END_OF_TEXT,
        "eos_token": documents.END,
        "pad_token": documents.END_OF_TEXT,
        "add_bos_token": False,
        "clean_up_tokenization_spaces": False,
        "chat_template": template.rstrip("\n"),
    }
    text = json.dumps(settings, indent=2, ensure_ascii=False)
    (directory / "tokenizer_config.json").write_text(text + "\n")
    return tokenizer


def check_template(directory, seed, count=500):
    """Asserts that template.jinja writes exactly what documents.render trains on."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(directory)
    rng = random.Random(seed)
    for _ in range(count):
        messages, tools = documents.tool_conversation(rng)
        if rng.random() < 0.5:
            messages, tools = documents.conversation(rng, 3), None
        expected = "".join(text for text, _ in documents.render(messages, tools))
        rendered = tokenizer.apply_chat_template(messages, tools=tools, tokenize=False)
        assert rendered == expected, f"template and render differ:\n{rendered!r}\n{expected!r}"
