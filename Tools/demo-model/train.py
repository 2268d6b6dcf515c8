"""Trains the demo model and writes the checkpoint that Martlet ships. README.md says how."""

import argparse
import math
import pathlib
import random
import time

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

import documents
import export
import make_tokenizer
import model as demo

PEAK_RATE, WARM_UP, DECAY_SHARE = 2e-3, 100, 0.5
WINDOW, ROWS = 192, 22
LONG_WINDOW, LONG_ROWS, LONG_EVERY = 512, 8, 12  # one step in twelve sees long chats


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--work", type=pathlib.Path, required=True, help="checkpoints; resumed from if present"
    )
    parser.add_argument("--output", type=pathlib.Path, help="write the finished checkpoint here")
    parser.add_argument("--steps", type=int, default=2300)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--save-minutes", type=float, default=3)
    parser.add_argument(
        "--threads", type=int, default=2, help="1 on a machine busy with other work"
    )
    return parser.parse_args()


def learning_rate(step, steps):
    """Warm-up, a plateau, then half a cosine: `steps` may change while on the plateau."""
    decay_start = steps * (1 - DECAY_SHARE)
    progress = max(0.0, (step - decay_start) / (steps - decay_start))
    return (
        PEAK_RATE
        * min(1, (step + 1) / WARM_UP)
        * (0.02 + 0.49 * (1 + math.cos(math.pi * progress)))
    )


def encode(tokenizer, segments):
    """Token ids of a document and, for each, whether predicting it counts."""
    ids, targets = [], []
    for text, is_target in segments:
        tokens = tokenizer.encode(text).ids
        ids += tokens
        targets += [is_target] * len(tokens)
    return ids, targets


def make_batch(tokenizer, seed, step):
    """Documents packed into rows, from seed and step alone: a resumed run sees the same data."""
    rng = random.Random(f"{seed}/{step}")
    is_long = step % LONG_EVERY == LONG_EVERY - 1
    window, rows = (LONG_WINDOW, LONG_ROWS) if is_long else (WINDOW, ROWS)
    free, misses = [window] * rows, 0
    ids = torch.zeros(rows, window, dtype=torch.long)
    labels = torch.full((rows, window), -100)
    owner = torch.zeros(rows, window, dtype=torch.long)
    count = 0
    while misses < 6:
        tokens, targets = encode(tokenizer, documents.document(rng, is_long))
        if len(tokens) > window:
            tokens, targets = tokens[:window], targets[:window]
        row = next((r for r in range(rows) if free[r] >= len(tokens)), None)
        if row is None:
            misses += 1
            continue
        start, end = window - free[row], window - free[row] + len(tokens)
        count += 1
        ids[row, start:end] = torch.tensor(tokens)
        owner[row, start:end] = count
        wanted = torch.tensor([t if use else -100 for t, use in zip(tokens, targets)])
        labels[row, start : end - 1] = wanted[1:]
        free[row] -= len(tokens)
    causal = torch.ones(window, window, dtype=torch.bool).tril()
    mask = (causal & (owner[:, :, None] == owner[:, None, :]))[:, None]
    return ids, labels, torch.zeros(mask.shape).masked_fill(~mask, float("-inf"))


def loss_of(model, batch, tables):
    ids, labels, mask = batch
    cosine, sine = (t[: ids.shape[1]] for t in tables)
    chosen = (labels.flatten() >= 0).nonzero().flatten()
    # Padding to a few sizes, with positions that do not count, keeps the matmul cache small.
    chosen = F.pad(chosen, (0, -len(chosen) % 256), value=labels.numel() - 1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = model(ids, mask.bfloat16(), cosine, sine).flatten(0, 1)
        logits = model.logits(states[chosen])
    return F.cross_entropy(logits.float(), labels.flatten()[chosen], ignore_index=-100)


def optimizer_of(model):
    matrices = [p for p in model.parameters() if p.dim() == 2]
    vectors = [p for p in model.parameters() if p.dim() != 2]
    groups = [{"params": matrices, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=PEAK_RATE, betas=(0.9, 0.98), fused=True)


def save(path, model, optimizer, step):
    partial = path.with_suffix(".partial")
    torch.save(
        {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, partial
    )
    partial.rename(path)


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    if not (options.work / "tokenizer.json").exists():
        make_tokenizer.make_tokenizer(options.work, options.seed)
        make_tokenizer.check_template(options.work, options.seed)
    tokenizer = Tokenizer.from_file(str(options.work / "tokenizer.json"))
    model = demo.Decoder()
    optimizer, first, path = optimizer_of(model), 0, options.work / "state.pt"
    if path.exists():
        state = torch.load(path)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["step"]
    tables = demo.rotary_tables(LONG_WINDOW, demo.CONFIG["head_dim"], demo.CONFIG["rope_theta"])
    print(
        f"{sum(p.numel() for p in model.parameters()):,} parameters, from step {first}", flush=True
    )

    last_save = last_print = time.time()
    losses = []
    for step in range(first, options.steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, options.steps)
        loss = loss_of(model, make_batch(tokenizer, options.seed, step), tables)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        if (step + 1) % 25 == 0:
            speed = 25 * WINDOW * ROWS / (time.time() - last_print)
            mean = sum(losses) / len(losses)
            print(f"step {step + 1} loss {mean:.4f} {speed:.0f} tokens/s", flush=True)
            last_print, losses = time.time(), []
        if time.time() - last_save > 60 * options.save_minutes or step + 1 == options.steps:
            save(path, model, optimizer, step + 1)
            last_save = time.time()
    if options.output:
        export.write(options.work, options.output)


if __name__ == "__main__":
    main()
