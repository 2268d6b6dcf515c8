"""Makes the small goldens of MartletWeights and MartletModels.

Usage: models_files.py

Tests/MartletWeightsTests/Fixtures/reference/: a checkpoint written by the safetensors library, of
every element type it knows, with values.json holding the weights as numbers.
Tests/MartletModelsTests/Fixtures/rope.json: configurations in both spellings and the inverse
frequencies and attention factors that transformers derives from them.

Needs torch, transformers, safetensors. Made with transformers 5.23.0, torch 2.13.0.
"""
import json
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

TESTS = Path(__file__).resolve().parents[2] / "Tests"


def weights():
    folder = TESTS / "MartletWeightsTests/Fixtures/reference"
    folder.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(7)
    tensors = {}
    for name, dtype in [("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)]:
        tensors[name + ".matrix"] = torch.randn(3, 5, generator=generator).to(dtype)
        tensors[name + ".vector"] = torch.tensor(
            [0.0, -0.0, 1.0, 65504.0, -2.5, 6e-8, float("inf")]).to(dtype)
    values = {k: [x if abs(x) != float("inf") else str(x) for x in v.flatten().float().tolist()]
              for k, v in tensors.items()}
    others = [torch.int64, torch.int32, torch.uint8, torch.bool, torch.float64,
              torch.float8_e4m3fn]
    for dtype in others:
        tensors["other." + str(dtype)[6:]] = torch.ones(2, 2).to(dtype)
    tensors["scalar"] = torch.tensor(4.0)
    tensors["empty"] = torch.zeros(0, 3)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
    (folder / "values.json").write_text(json.dumps(values) + "\n")


ROPES = [
    {},
    {"rope_theta": 500000.0},
    {"rope_theta": 1000000.0, "rope_scaling": None},
    {"rope_parameters": {"rope_type": "default", "rope_theta": 250000.0}},
    {"rope_theta": 20000.0, "rope_scaling": {"type": "linear", "factor": 4.0}},
    {"rope_parameters": {"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.5}},
    {"rope_theta": 500000.0, "max_position_embeddings": 131072, "head_dim": 128,
     "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                      "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}},
    {"rope_parameters": {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 32.0,
                         "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                         "original_max_position_embeddings": 8192}},
    {"rope_theta": 1000000.0, "max_position_embeddings": 131072, "head_dim": 128,
     "rope_scaling": {"type": "yarn", "factor": 4.0,
                      "original_max_position_embeddings": 32768}},
    {"rope_parameters": {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 16.0,
                         "original_max_position_embeddings": 4096, "beta_fast": 24,
                         "beta_slow": 2, "truncate": False}},
    {"rope_parameters": {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 40.0,
                         "original_max_position_embeddings": 4096, "mscale": 1.0,
                         "mscale_all_dim": 0.7}},
    {"rope_parameters": {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 2.0,
                         "original_max_position_embeddings": 64, "attention_factor": 1.25}},
]


def ropes():
    base = {"model_type": "llama", "hidden_size": 256, "num_attention_heads": 4,
            "num_key_value_heads": 4, "max_position_embeddings": 2048, "head_dim": 64,
            "num_hidden_layers": 1, "intermediate_size": 16, "vocab_size": 16}
    results = []
    for fields in ROPES:
        source = {**base, **fields}
        config = transformers.LlamaConfig.from_dict(json.loads(json.dumps(source)))
        embedding = LlamaRotaryEmbedding(config)
        results.append({"config": source, "frequencies": embedding.inv_freq.double().tolist(),
                        "attention_factor": embedding.attention_scaling})
    path = TESTS / "MartletModelsTests/Fixtures/rope.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[" + ",\n".join(json.dumps(r) for r in results) + "]\n")


weights()
ropes()
