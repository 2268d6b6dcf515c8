"""Makes the tokenizer fixtures: small tokenizer.json files and what `tokenizers` does with them.

    python Tools/goldens/tokenizer.py [OUTPUT]

Needs the package `tokenizers` (0.23). corpus.json holds the texts. Each tokenizer is a directory
with tokenizer.json, tokenizer_config.json where there is one, and golden.json: under `encode`, for
each text, [ids with special tokens, ids without, decoded, decoded without special tokens], where
null means the same as the entry before, and for the decoded text the same as the text; under
`decode`, [ids, decoded, decoded without special tokens] for ids that no text gives.
"""

import json
import pathlib
import random
import sys

from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers,
                        pre_tokenizers, processors, trainers)

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUTPUT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else (
    ROOT / "Tests" / "MartletTokenizerTests" / "Fixtures")

LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
          r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
GPT4O = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
         r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
         r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")

TRAINING = """
The quick brown fox jumps over the lazy dog. It's what they've always said: we'll see, won't we?
In the beginning there was a small village by the sea, and in it lived a fisherman's daughter.
def main(arguments):\n    for index in range(10):\n        print(index, "hello world")\n
Der schnelle braune Fuchs springt \u00fcber den faulen Hund. Stra\u00dfe, \u00c4pfel, \u00d6l, \u00fcbung.
El zorro marr\u00f3n salta sobre el perro perezoso. \u00bfQu\u00e9 tal est\u00e1s, se\u00f1or?
\u0411\u044b\u0441\u0442\u0440\u0430\u044f \u043a\u043e\u0440\u0438\u0447\u043d\u0435\u0432\u0430\u044f \u043b\u0438\u0441\u0430 \u043f\u0440\u044b\u0433\u0430\u0435\u0442 \u0447\u0435\u0440\u0435\u0437 \u043b\u0435\u043d\u0438\u0432\u0443\u044e \u0441\u043e\u0431\u0430\u043a\u0443.
\u654f\u6377\u7684\u68d5\u8272\u72d0\u72f8\u8df3\u8fc7\u4e86\u61d2\u72d7\u3002\u4f60\u597d\uff0c\u4e16\u754c\uff01\u4eca\u5929\u5929\u6c14\u5f88\u597d\u3002
\u7d20\u65e9\u3044\u8336\u8272\u306e\u72d0\u304c\u6020\u3051\u8005\u306e\u72ac\u3092\u98db\u3073\u8d8a\u3048\u308b\u3002\u3053\u3093\u306b\u3061\u306f\u4e16\u754c\u3002
\ube60\ub978 \uac08\uc0c9 \uc5ec\uc6b0\uac00 \uac8c\uc73c\ub978 \uac1c\ub97c \ub6f0\uc5b4\ub118\ub294\ub2e4. \uc548\ub155\ud558\uc138\uc694.
\u0627\u0644\u062b\u0639\u0644\u0628 \u0627\u0644\u0628\u0646\u064a \u0627\u0644\u0633\u0631\u064a\u0639 \u064a\u0642\u0641\u0632 \u0641\u0648\u0642 \u0627\u0644\u0643\u0644\u0628 \u0627\u0644\u0643\u0633\u0648\u0644. \u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd.
\u0924\u0947\u091c\u093c \u092d\u0942\u0930\u0940 \u0932\u094b\u092e\u0921\u093c\u0940 \u0906\u0932\u0938\u0940 \u0915\u0941\u0924\u094d\u0924\u0947 \u0915\u0947 \u090a\u092a\u0930 \u0915\u0942\u0926\u0924\u0940 \u0939\u0948\u0964
12345 67890 3.14159 2,718 1999 2024-01-31 $100 50% a+b=c x^2 {"key": [1, 2, 3]} <tag/> #!/bin/sh
\U0001f600 \U0001f389 \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f \U0001f44d\U0001f3fd    \t\t  \n\n\n
I'M HE'LL SHE'D THEY'RE I've you're don't CAN'T aaaaaaaaaaaaaaaa bbbb        spaces
""".strip("\n").split("\n")

NASTY = [
    "", " ", "  ", "   ", "\n", "\r\n", "\t", "a", "Hello, world!", "hello  world   ",
    "   leading", "trailing   ", "\n\n\n", " \n \n ", "a\r\nb\rc\nd\r\n\r\ne", "\t\t\tx \t y",
    "I'm he'll she'd they're I've you're don't it's", "I'M HE'LL SHE'D THEY'RE I'VE YOU'RE",
    "i'M He'Ll sHe'D tHEY'rE 'S 'T", "it\u2019s don\u2019t", "'\u017f '\u017f\u017f o'\u017f",
    "x'\u212a y'\u0131 z'\u0130", "''''s'''t''re", "'s't're've'm'll'd",
    "caf\u00e9 cafe\u0301 \u00e9\u0301", "\u0301 lone \u0301\u0302 a\u0315\u0300\u05ae\u0301",
    "\u212b \u00c5 A\u030a \u2126 \u03a9 \ufb01 \u00bd \u2460 \u1e9b\u0323",
    "\u1100\u1161\u11a8 \uac00\u11a8 \uac01 \u1112\u1161\u11ab\u1100\u1173\u11af",
    "\u0958 \u0915\u093c \u09cb \u09c7\u09be \u0f43 \u2adc \U0001d15e \uf900 \U0002f800",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f3f3\ufe0f\u200d\U0001f308",
    "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7 \U0001f44d\U0001f3ff \u2764\ufe0f\u200d\U0001f525",
    "\x00", "a\x00b\x00\x00c", "\x01\x02\x1f\x7f\x80\x85\x9f", "\x1b[31mred\x1b[0m",
    "\ufeffBOM in front", "in \ufeff the middle", "\ufffd \ufffd\ufffd", "\ufffe \uffff",
    "\u200b\u200c\u200d\u200e\u200f \u2028 \u2029 \u00a0 \u3000 \u1680 \u180e \u202f \u205f",
    "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd \u202eabc\u202c \u0645\u0631\u062d\u0628\u0627",
    "\u0967\u0968\u0969 \u0661\u0662\u0663 \u2160\u2161 \u00b2\u00b3\u00bc \U0001d7d8\U0001d7d9 \u4e00\u4e8c",
    "1 12 123 1234 12345 123456 1234567890", "1,234,567.89 -0.5e10 0x1F 007", "x1y22z333",
    "a" * 1000, " " * 1000, "\n" * 333, "ab" * 200, "1" * 400, "!" * 400, "\u4f60" * 300,
    "'" * 300, " \t" * 200, "\U0001f600" * 200, "aA" * 200, "\u0301" * 200,
    "A" * 50 + "a" * 50 + "A" * 50, "CamelCaseWordsHTTPServer iOS macOS eBay", "ALLCAPS'LL lower'LL",
    "if (x == 1) { return y[0] && !z; } // comment", "#include <stdio.h>\n\nint main(void) {\n\treturn 0;\n}\n",
    "https://example.com/a/b?c=d&e=f#g user@example.org", "C:\\path\\to\\file 50%% $9.99 \u20ac5 \u00a31",
    "!!!???...,,,;;;:::", "a.b.c a..b a...b", "(a)[b]{c}<d>", "\"quoted\" \u201cquoted\u201d \u00abquoted\u00bb",
    "\u654f\u6377\u7684\u68d5\u8272\u72d0\u72f8\uff0c\u8df3\u8fc7\u4e86\u3002", "\u3053\u3093\u306b\u3061\u306f\u3001\u30c6\u30b9\u30c8",
    "\ud55c\uad6d\uc5b4 \ud14d\uc2a4\ud2b8", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e0a\u0e32\u0e27\u0e42\u0e25\u0e01", "\u092e\u0948\u0902 \u0939\u093f\u0928\u094d\u0926\u0940",
    "Stra\u00dfe STRASSE \u1e9e \u0130stanbul \u0131 \u01c5 \u01c6 \u03c3\u03c2\u03a3", "na\u00efve fa\u00e7ade \u00c6on \u0152uvre",
    "<|endoftext|>", "a<|endoftext|>b", " <|endoftext|> ", "<|endoftext|><|endoftext|>", "<|endoftext", "|endoftext|>",
    "<s>hi</s>", "text <|left|>  next", "text  <|left|> <|left|>", "text <|right|>  next", "<|right|> <|left|> x",
    "  <|both|>  ", "a<|both|>b", "word", "sword words word. word", "WORD Word \uff37ord", "caf\u00e9 CAF\u00c9 cafe\u0301",
    "a\nword\nb", "_word_", "w\u200dword", "\u00e9word", "<|a|><|ab|>", "<|a", "<|ab|<|a|>b", "  \u00a0<|left|>\u3000<|right|>\u2003x",
    "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", "<\uff5cbegin\u2581of\u2581sentence\uff5c>",
    "x\u2581y \u2581\u2581 \u2581z", "<0x41><0xE4>", "tab\there", "mixed \u0442\u0435\u0441\u0442 \u6d4b\u8bd5 \u30c6\u30b9\u30c8 test \U0001f9ea",
]


def byte_level_bpe(pre_tokenizer, size, normalizer=None):
    tokenizer = Tokenizer(models.BPE())
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size, show_progress=False, min_frequency=1,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.train_from_iterator(TRAINING * 3, trainer)
    return tokenizer


def split(pattern, behavior="isolated", invert=False):
    return pre_tokenizers.Split(Regex(pattern), behavior, invert)


def gpt2():
    tokenizer = byte_level_bpe(pre_tokenizers.ByteLevel(add_prefix_space=False), 900)
    tokenizer.add_special_tokens(["<|endoftext|>"])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer, {"bos_token": "<|endoftext|>", "eos_token": {"content": "<|endoftext|>"}}


def llama3():
    tokenizer = byte_level_bpe(pre_tokenizers.Sequence([
        split(LLAMA3), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]), 1000)
    tokenizer.add_special_tokens(["<s>", "</s>", "<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    tokenizer.add_tokens([
        AddedToken("<|left|>", lstrip=True, normalized=False),
        AddedToken("<|right|>", rstrip=True, normalized=False),
        AddedToken("<|both|>", lstrip=True, rstrip=True, normalized=False),
        AddedToken("word", single_word=True, normalized=False),
        AddedToken("<|a|>", normalized=True), AddedToken("<|ab|>", normalized=True),
        AddedToken("fox", normalized=True)])
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(
            single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))])])
    model = json.loads(tokenizer.to_str())
    model["model"]["ignore_merges"] = True
    return Tokenizer.from_str(json.dumps(model)), {"bos_token": "<s>", "eos_token": "</s>"}


def qwen2():
    tokenizer = byte_level_bpe(pre_tokenizers.Sequence([
        split(QWEN2), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]), 1000,
        normalizers.NFC())
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    tokenizer.add_tokens([AddedToken("cafe\u0301", normalized=True)])
    return tokenizer, {"bos_token": None, "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}


def gpt4o():
    tokenizer = byte_level_bpe(pre_tokenizers.Sequence([
        split(GPT4O, "removed", True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]), 700)
    return tokenizer, None


def deepseek():
    """Several splits one after another, and a prefix space."""
    tokenizer = byte_level_bpe(pre_tokenizers.Sequence([
        split("[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), split("[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"),
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=True)]), 700)
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Strip(True, False)])
    tokenizer.add_special_tokens(["<\uff5cbegin\u2581of\u2581sentence\uff5c>"])
    return tokenizer, None


def sentencepiece():
    """Characters with byte fallback, as Llama 2 has them."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    trainer = trainers.BpeTrainer(
        vocab_size=900, show_progress=False, limit_alphabet=150,
        special_tokens=["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)])
    tokenizer.train_from_iterator(TRAINING * 3, trainer)
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(),
        decoders.Strip(" ", 1, 0)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    document = json.loads(tokenizer.to_str())
    document["added_tokens"] = [token for token in document["added_tokens"] if token["id"] < 3]
    return Tokenizer.from_str(json.dumps(document)), {"bos_token": "<s>", "eos_token": "</s>"}


def metaspace():
    """Lower case without accents, words apart, no unknown token and no fallback."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Metaspace(prepend_scheme="first"), pre_tokenizers.Punctuation()])
    trainer = trainers.BpeTrainer(
        vocab_size=500, show_progress=False, limit_alphabet=120, special_tokens=["<unk>"])
    tokenizer.train_from_iterator(TRAINING * 3, trainer)
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer, None


def decodes(tokenizer):
    generator = random.Random(7)
    size = tokenizer.get_vocab_size()
    lists = [[generator.randrange(size) for _ in range(generator.randrange(1, 30))] for _ in range(60)]
    lists += [[size + 5, 0, size + 1000, 1], []]
    return lists


def unless_same(value, other):
    return None if value == other else value


def write(name, tokenizer, configuration):
    folder = OUTPUT / name
    folder.mkdir(parents=True, exist_ok=True)
    document = json.loads(tokenizer.to_str())
    merges = document["model"]["merges"]
    if name == "gpt2":  # the older spelling
        document["model"]["merges"] = [" ".join(pair) for pair in merges]
        tokenizer = Tokenizer.from_str(json.dumps(document))
    (folder / "tokenizer.json").write_text(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")))
    if configuration is not None:
        (folder / "tokenizer_config.json").write_text(json.dumps(configuration, indent=2) + "\n")
    cases = []
    for text in NASTY:
        ids = tokenizer.encode(text).ids
        bare = tokenizer.encode(text, add_special_tokens=False).ids
        full = tokenizer.decode(ids, skip_special_tokens=False)
        plain = tokenizer.decode(ids, skip_special_tokens=True)
        cases.append([ids, unless_same(bare, ids), unless_same(full, text),
                      unless_same(plain, full)])
    golden = {"encode": cases, "decode": []}
    for ids in decodes(tokenizer):
        full = tokenizer.decode(ids, skip_special_tokens=False)
        plain = tokenizer.decode(ids, skip_special_tokens=True)
        golden["decode"].append([ids, full, unless_same(plain, full)])
    lines = ["{"]
    for key, entries in golden.items():
        lines.append(f'"{key}": [')
        lines.append(",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries))
        lines.append("]," if key == "encode" else "]")
    (folder / "golden.json").write_text("\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    OUTPUT.mkdir(parents=True, exist_ok=True)
    texts = ",\n".join(json.dumps(text) for text in NASTY)
    (OUTPUT / "corpus.json").write_text(f"[\n{texts}\n]\n")
    for maker in [gpt2, llama3, qwen2, gpt4o, deepseek, sentencepiece, metaspace]:
        write(maker.__name__, *maker())
