"""Asks a checkpoint questions from the command line; with --plain without the chat template."""

import argparse
import pathlib

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

import evaluate


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("questions", nargs="+")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument(
        "--sampled", action="store_true", help="the checkpoint's own sampling defaults"
    )
    options = parser.parse_args()
    torch.set_num_threads(2)
    tokenizer = AutoTokenizer.from_pretrained(options.checkpoint)
    model = AutoModelForCausalLM.from_pretrained(options.checkpoint, dtype=torch.bfloat16).eval()
    for question in options.questions:
        prompt = question if options.plain else evaluate.chat(tokenizer, question)
        reply = evaluate.answers(model, tokenizer, [prompt], options.sampled)[0]
        print(f"{question!r} -> {reply!r}")


if __name__ == "__main__":
    main()
