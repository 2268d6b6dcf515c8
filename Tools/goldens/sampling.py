"""Goldens of sampling: what torch and transformers make of a few rows of logits.

    python Tools/goldens/sampling.py

writes Tests/MartletSamplingTests/Fixtures/sampling.json. Each case holds parameters, the logits
after penalties, the tokens left by temperature, min-p, top-k and top-p (in vLLM's order), and the
log-softmax of the untouched row with its five most probable tokens.
"""

import json
import pathlib

import torch
import transformers
from transformers.generation import logits_process

VOCABULARY = 200
OUTPUT = pathlib.Path(__file__).parents[2] / "Tests/MartletSamplingTests/Fixtures/sampling.json"

SETTINGS = [
    {"temperature": 0.7, "top_p": 0.9},
    {"temperature": 1.3, "top_k": 20},
    {"temperature": 1.0, "min_p": 0.05},
    {"temperature": 0.6, "top_k": 20, "top_p": 0.95, "repetition_penalty": 1.05},
    {"temperature": 1.5, "top_k": 100, "top_p": 0.8, "min_p": 0.01},
    {"temperature": 1.0, "top_p": 0.99, "frequency_penalty": 0.5, "presence_penalty": 1.25},
    {"temperature": 2.0, "top_p": 0.5, "repetition_penalty": 0.8, "frequency_penalty": -1.0},
]


def penalised(row, prompt, output, settings):
    """Repetition over prompt and output, then frequency and presence over the output."""
    penalty = settings.get("repetition_penalty", 1.0)
    repetition = logits_process.RepetitionPenaltyLogitsProcessor(penalty)
    row = repetition(torch.tensor([prompt + output]), row[None].clone())[0]
    counts = torch.bincount(torch.tensor(output), minlength=VOCABULARY)
    row = row - settings.get("frequency_penalty", 0.0) * counts
    return row - settings.get("presence_penalty", 0.0) * (counts > 0)


def kept(row, settings):
    """The tokens that may be drawn."""
    warpers = [logits_process.TemperatureLogitsWarper(settings["temperature"])]
    if "min_p" in settings:
        warpers.append(logits_process.MinPLogitsWarper(settings["min_p"]))
    if "top_k" in settings:
        warpers.append(logits_process.TopKLogitsWarper(settings["top_k"]))
    if "top_p" in settings:
        warpers.append(logits_process.TopPLogitsWarper(settings["top_p"]))
    row = row[None]
    for warper in warpers:
        row = warper(None, row)
    return torch.nonzero(row[0] > -torch.inf).flatten().tolist()


def case(settings, generator):
    row = (torch.randn(VOCABULARY, generator=generator) * 3).tolist()
    row = torch.tensor([round(logit, 3) for logit in row])
    tokens = torch.randint(VOCABULARY, (40,), generator=generator).tolist()
    prompt, output = tokens[:25], tokens[25:] + tokens[25:30]
    logits = penalised(row, prompt, output, settings)
    logprobs = torch.log_softmax(row, -1)
    top = torch.topk(logprobs, 5)
    return {
        "settings": settings,
        "row": [round(logit, 3) for logit in row.tolist()],
        "prompt": prompt,
        "output": output,
        "penalised": [round(logit, 6) for logit in logits.tolist()],
        "kept": kept(logits, settings),
        "logprobs": [round(value, 6) for value in logprobs.tolist()],
        "top": top.indices.tolist(),
    }


def main():
    generator = torch.Generator().manual_seed(2026)
    goldens = {
        "made_with": f"torch {torch.__version__}, transformers {transformers.__version__}",
        "cases": [case(settings, generator) for settings in SETTINGS],
    }
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(goldens, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
