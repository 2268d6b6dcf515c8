"""The demo model: a Llama decoder with grouped heads, a tied head and transformers' names."""

import torch
import torch.nn.functional as F
from torch import nn

CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "vocab_size": 2560,
    "hidden_size": 192,
    "intermediate_size": 512,
    "num_hidden_layers": 6,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "head_dim": 32,
    "hidden_act": "silu",
    "max_position_embeddings": 2048,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "attention_bias": False,
    "attention_dropout": 0.0,
    "mlp_bias": False,
    "tie_word_embeddings": True,
    "initializer_range": 0.02,
    "pretraining_tp": 1,
    "use_cache": True,
    "bos_token_id": 0,
    "eos_token_id": 2,
    "pad_token_id": 0,
    "torch_dtype": "bfloat16",
}


def rotary_tables(length, head_dim, theta):
    """Cosines and sines, each [length, head_dim], halves repeated as transformers does."""
    frequency = theta ** -(torch.arange(0, head_dim, 2).float() / head_dim)
    angle = torch.outer(torch.arange(length).float(), frequency).repeat(1, 2)
    return angle.cos(), angle.sin()


def rotate(x, cosine, sine):
    """Applies rotary embedding to [batch, heads, tokens, head_dim]."""
    first, second = x.chunk(2, dim=-1)
    return x * cosine + torch.cat((-second, first), dim=-1) * sine


class RMSNorm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight, self.epsilon = nn.Parameter(torch.ones(width)), epsilon

    def forward(self, x):
        return F.rms_norm(x.float(), self.weight.shape, self.weight, self.epsilon)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        width, self.head_dim = c["hidden_size"], c["head_dim"]
        query, keys = (
            c["num_attention_heads"] * self.head_dim,
            c["num_key_value_heads"] * self.head_dim,
        )
        self.group = c["num_attention_heads"] // c["num_key_value_heads"]
        self.q_proj, self.o_proj = nn.Linear(width, query, bias=False), nn.Linear(
            query, width, bias=False
        )
        self.k_proj, self.v_proj = nn.Linear(width, keys, bias=False), nn.Linear(
            width, keys, bias=False
        )

    def forward(self, x, cosine, sine, mask):
        batch, tokens, _ = x.shape
        q, k, v = (
            p(x).view(batch, tokens, -1, self.head_dim).transpose(1, 2)
            for p in (self.q_proj, self.k_proj, self.v_proj)
        )
        q, k = rotate(q, cosine, sine), rotate(k, cosine, sine)
        k, v = (t.repeat_interleave(self.group, dim=1) for t in (k, v))
        # On CPU, for short windows, this takes half the time of scaled_dot_product_attention.
        with torch.autocast("cpu", enabled=False):
            scores = (q.to(v.dtype) * self.head_dim**-0.5) @ k.to(v.dtype).transpose(-1, -2)
            y = torch.softmax(scores + mask, dim=-1) @ v
        return self.o_proj(y.transpose(1, 2).reshape(batch, tokens, -1))


class MLP(nn.Module):
    def __init__(self, c):
        super().__init__()
        width, inner = c["hidden_size"], c["intermediate_size"]
        self.gate_proj, self.up_proj = nn.Linear(width, inner, bias=False), nn.Linear(
            width, inner, bias=False
        )
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        self.post_attention_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        self.self_attn, self.mlp = Attention(c), MLP(c)

    def forward(self, x, cosine, sine, mask):
        x = x + self.self_attn(self.input_layernorm(x), cosine, sine, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    """Token ids [batch, tokens] to hidden states; `logits` turns chosen states into scores."""

    def __init__(self, c=CONFIG):
        super().__init__()
        self.config = c
        self.embed_tokens = nn.Embedding(c["vocab_size"], c["hidden_size"])
        self.layers = nn.ModuleList(Layer(c) for _ in range(c["num_hidden_layers"]))
        self.norm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                deep = name.endswith(("o_proj.weight", "down_proj.weight"))
                scale = (2 * c["num_hidden_layers"]) ** -0.5 if deep else 1.0
                nn.init.normal_(
                    parameter, std=c["hidden_size"] ** -0.5 * scale if "layers" in name else 0.02
                )

    def forward(self, ids, mask, cosine, sine):
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x, cosine, sine, mask)
        return self.norm(x)

    def logits(self, states):
        return F.linear(states, self.embed_tokens.weight)
