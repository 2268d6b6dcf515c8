"""Writes a training state as a transformers checkpoint in bfloat16."""

import argparse
import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file

import model as demo

GENERATION = {
    "bos_token_id": 0,
    "eos_token_id": [2, 0],
    "pad_token_id": 0,
    "do_sample": True,
    "temperature": 0.3,
    "top_p": 0.9,
}


def write(work, output):
    """Reads work/state.pt and the tokenizer beside it, writes the checkpoint directory `output`."""
    output.mkdir(parents=True, exist_ok=True)
    state = torch.load(work / "state.pt")["model"]
    tensors = {f"model.{name}": value.bfloat16().contiguous() for name, value in state.items()}
    path = output / "model.safetensors"
    save_file(tensors, path, metadata={"format": "pt"})
    path.chmod(0o644)
    for name, value in (("config.json", demo.CONFIG), ("generation_config.json", GENERATION)):
        (output / name).write_text(json.dumps(value, indent=2) + "\n")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(work / name, output / name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    options = parser.parse_args()
    write(options.work, options.output)
