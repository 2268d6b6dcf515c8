"""Makes the golden models: tiny random checkpoints and what transformers computes with them.

Usage: models.py [NAME ...]

Writes Tests/MartletExecutorTests/Fixtures/Models/NAME/ with config.json, generation_config.json,
the safetensors and golden.json: for each prompt 64 greedy tokens of the float32 model (eager
attention, no cache), the logprobs of the top tokens at every step, and the logprobs of the
prompt's own tokens. Half-precision models are computed twice from the same weights: in their own
type, as a user of transformers would ("logprobs"), and in float32 ("exact").

For float32 models seeds are tried in order until no greedy choice is closer than MARGIN to the
next best, so that identical tokens are a matter of being right and not of luck.

Needs torch, transformers, safetensors. Made with transformers 5.23.0, torch 2.13.0.
"""
import json
import shutil
import sys
from pathlib import Path

import torch
import transformers

torch.set_num_threads(1)

OUT = Path(__file__).resolve().parents[2] / "Tests/MartletExecutorTests/Fixtures/Models"
VOCABULARY = 120
STEPS = 64
MARGIN = 2e-3
PROMPT_LENGTHS = [3, 21, 45]
TOP = 4

small = dict(vocab_size=VOCABULARY, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
             num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=256,
             bos_token_id=1, eos_token_id=2, pad_token_id=None)


def llama(**fields):
    return transformers.LlamaConfig(**{**small, "rms_norm_eps": 1e-5, **fields})


def mistral(**fields):
    return transformers.MistralConfig(**{**small, **fields})


def qwen2(**fields):
    return transformers.Qwen2Config(**{**small, **fields})


def qwen3(**fields):
    return transformers.Qwen3Config(**{**small, "head_dim": 16, **fields})


def opt(**fields):
    return transformers.OPTConfig(**{
        "vocab_size": VOCABULARY, "hidden_size": 32, "ffn_dim": 64, "num_hidden_layers": 2,
        "num_attention_heads": 2, "max_position_embeddings": 256, "word_embed_proj_dim": 32,
        "dropout": 0.0, "bos_token_id": 2, "eos_token_id": 2, "pad_token_id": 1, **fields})


def gpt2(**fields):
    return transformers.GPT2Config(**{
        "vocab_size": VOCABULARY, "n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 128,
        "bos_token_id": 2, "eos_token_id": 2, **fields})


def rope(kind, theta=10000.0, **fields):
    return {"rope_type": kind, "rope_theta": theta, **fields}


# name: (configuration, dtype, spelling of the rope fields, shard size)
CASES = {
    "llama": lambda: (llama(rope_parameters=rope("default", 500.0)), "float32", "new", None),
    "llama-biases-tied": lambda: (
        llama(attention_bias=True, mlp_bias=True, tie_word_embeddings=True, num_hidden_layers=3),
        "float32", "old", None),
    "llama-rope-llama3": lambda: (
        llama(rope_parameters=rope("llama3", 1000.0, factor=4.0, low_freq_factor=1.0,
                                   high_freq_factor=4.0, original_max_position_embeddings=32)),
        "float32", "new", None),
    "llama-rope-linear": lambda: (
        llama(rope_parameters=rope("linear", 2000.0, factor=2.5)), "float32", "old", None),
    "llama-rope-yarn": lambda: (
        llama(rope_parameters=rope("yarn", 1000.0, factor=8.0,
                                   original_max_position_embeddings=32), head_dim=16),
        "float32", "new", None),
    "mistral": lambda: (
        mistral(sliding_window=24, head_dim=16, num_key_value_heads=1), "float32", "old", None),
    "qwen2": lambda: (
        qwen2(use_sliding_window=True, sliding_window=20, max_window_layers=1), "float32", "old",
        None),
    "qwen3": lambda: (
        qwen3(tie_word_embeddings=True, rope_parameters=rope("default", 1e6)), "float32", "new",
        "30KB"),
    "opt": lambda: (opt(), "float32", "new", None),
    "opt-post-norm-projected": lambda: (
        opt(do_layer_norm_before=False, word_embed_proj_dim=16), "float32", "new", None),
    "gpt2": lambda: (gpt2(), "float32", "new", None),
    "gpt2-layer-scaled": lambda: (
        gpt2(n_inner=48, scale_attn_by_inverse_layer_idx=True, activation_function="gelu"),
        "float32", "new", None),
    "llama-float16": lambda: (llama(), "float16", "new", None),
    "qwen2-bfloat16": lambda: (qwen2(), "bfloat16", "new", None),
    "qwen3-bfloat16": lambda: (qwen3(tie_word_embeddings=True), "bfloat16", "new", None),
}


def random_model(config, seed, dtype):
    generator = torch.Generator().manual_seed(seed)
    config._attn_implementation = "eager"
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    half = dtype != torch.float32
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in name or ".ln_" in name:
                parameter.copy_(0.1 * noise + (1.0 if name.endswith("weight") else 0.0))
            elif name.endswith("bias"):
                parameter.copy_(0.2 * noise)
            elif "embed" in name or "wte" in name or "wpe" in name or "lm_head" in name:
                parameter.copy_((0.15 if half else 0.35) * noise)
            else:
                parameter.copy_((0.12 if half else 0.25) * noise)
    for parameter in model.parameters():  # and no buffer: inverse frequencies stay float32
        parameter.data = parameter.data.to(dtype)
    return model.eval()


def prompts(seed):
    generator = torch.Generator().manual_seed(1000 + seed)
    return [torch.randint(3, VOCABULARY, (n,), generator=generator).tolist()
            for n in PROMPT_LENGTHS]


@torch.no_grad()
def logprobs(model, ids):
    return model(torch.tensor([ids])).logits[0].double().log_softmax(-1)


def generate(model, prompt):
    ids, margin = list(prompt), float("inf")
    for _ in range(STEPS):
        best, second = logprobs(model, ids)[-1].topk(2).values.tolist()
        margin = min(margin, best - second)
        ids.append(int(logprobs(model, ids)[-1].argmax()))
    return ids[len(prompt):], margin


def record(model, prompt, tokens):
    table = logprobs(model, prompt + tokens)
    steps = []
    for step in range(STEPS):
        values, ids = table[len(prompt) - 1 + step].topk(TOP)
        steps.append([[i, round(v, 6)] for i, v in zip(ids.tolist(), values.tolist())])
    own = [round(float(table[i, t]), 6) for i, t in enumerate(prompt[1:])]
    return {"steps": steps, "prompt": own}


def golden(model, seed):
    results, margin, distinct = [], float("inf"), set()
    exact = model
    if model.dtype != torch.float32:
        exact = type(model)(model.config).eval().to(torch.float32)
        exact.load_state_dict({k: v.float() for k, v in model.state_dict().items()})
        exact.config._attn_implementation = "eager"
    for prompt in prompts(seed):
        tokens, closest = generate(exact, prompt)
        margin = min(margin, closest)
        distinct |= set(tokens)
        entry = {"prompt": prompt, "tokens": tokens, "logprobs": record(model, prompt, tokens)}
        if model is not exact:
            entry["exact"] = record(exact, prompt, tokens)
        results.append(entry)
    return results, margin, len(distinct)


def respell(path, spelling):
    """Rewrites config.json as transformers before 5 did."""
    config = json.loads(path.read_text())
    if spelling == "old":
        parameters = config.pop("rope_parameters")
        kind = parameters.pop("rope_type")
        config["rope_theta"] = parameters.pop("rope_theta")
        config["rope_scaling"] = None if kind == "default" else {"type": kind, **parameters}
        config["torch_dtype"] = config.pop("dtype")
        config.pop("layer_types", None)
    path.write_text(json.dumps(config, indent=1) + "\n")


def make(name):
    config, dtype_name, spelling, shard = CASES[name]()
    dtype = getattr(torch, dtype_name)
    for seed in range(100):
        model = random_model(config, seed, dtype)
        results, margin, distinct = golden(model, seed)
        if dtype != torch.float32 or margin >= MARGIN and distinct >= 25:
            break
    else:
        raise SystemExit(f"{name}: no seed will do")
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    model.generation_config = transformers.GenerationConfig(
        bos_token_id=config.bos_token_id, eos_token_id=[config.eos_token_id, 5], do_sample=True,
        temperature=0.7, top_p=0.8, top_k=20)
    model.save_pretrained(folder, **({"max_shard_size": shard} if shard else {}))
    for file in folder.glob("*.safetensors"):
        file.chmod(0o644)
    respell(folder / "config.json", spelling)
    again = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=dtype, attn_implementation="eager").eval()
    ids = results[-1]["prompt"] + results[-1]["tokens"]
    assert torch.equal(logprobs(again, ids), logprobs(model, ids)), f"{name}: reads back unlike"
    text = json.dumps({"seed": seed, "margin": margin, "results": results},
                      separators=(",", ":"))
    (folder / "golden.json").write_text(text + "\n")
    size = sum(f.stat().st_size for f in folder.iterdir())
    print(f"{name}: seed {seed}, margin {margin:.4f}, {distinct} tokens, {size} bytes", flush=True)


for case in sys.argv[1:] or CASES:
    make(case)
