"""The networks of training.rs in PyTorch, on two threads, in turn with it: milliseconds for one update.

    cargo bench --bench training --no-run
    python3 crates/etude/benches/training.py target/release/deps/training-HASH [rounds]
"""

import statistics
import subprocess
import sys
import time

import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(2)


class Recurrent(nn.Module):
    """Two LSTM layers of width 256 over one-hot symbols."""

    def __init__(self, symbols):
        super().__init__()
        self.symbols = symbols
        self.layers = nn.LSTM(symbols + 1, 256, 2)
        self.output = nn.Linear(256, symbols)

    def forward(self, fields):
        hot = functional.one_hot(fields, self.symbols + 1).float()
        return self.output(self.layers(hot)[0])


class Block(nn.Module):
    """One layer of a transformer: pre-norm, rotary positions, GELU."""

    def __init__(self, width, heads, steps):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.projection = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        half = width // heads // 2
        angles = torch.arange(steps)[:, None] * 10000 ** (-torch.arange(half) / half)
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())
        self.register_buffer("mask", torch.ones(steps, steps).triu(1).bool())

    def turn(self, x):
        a, b = x.chunk(2, -1)
        return torch.cat([a * self.cos - b * self.sin, a * self.sin + b * self.cos], -1)

    def forward(self, x):
        streams, steps, width = x.shape
        parts = self.qkv(self.norm1(x)).view(streams, steps, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        query, key, value = self.turn(parts[0]), self.turn(parts[1]), parts[2]
        odds = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        odds = odds.masked_fill(self.mask, float("-inf")).softmax(-1)
        heads = (odds @ value).transpose(1, 2).reshape(streams, steps, width)
        x = x + self.projection(heads)
        return x + self.down(functional.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Transformer(nn.Module):
    """Four layers of width 128 with four heads."""

    def __init__(self, symbols, steps=64, width=128):
        super().__init__()
        self.table = nn.Embedding(symbols + 1, width)
        self.blocks = nn.Sequential(*[Block(width, 4, steps) for _ in range(4)])
        self.norm, self.output = nn.LayerNorm(width), nn.Linear(width, symbols)

    def forward(self, fields):
        return self.output(self.norm(self.blocks(self.table(fields))))


def updates(model, fields, symbols, count):
    """Times of some updates."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    times = []
    for _ in range(count + 1):
        start = time.perf_counter()
        optimiser.zero_grad(set_to_none=True)
        odds = model(fields)
        functional.cross_entropy(odds.flatten(0, 1), symbols.flatten()).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        times.append((time.perf_counter() - start) * 1e3)
    return times[1:]


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 6
    cases = {
        "lstm": (Recurrent(100), torch.randint(100, (64, 64)), torch.randint(100, (64, 64)), 6),
        "transformer": (Transformer(65), torch.randint(65, (12, 64)), torch.randint(65, (12, 64)), 20),
    }
    for name, (model, fields, symbols, count) in cases.items():
        ours, theirs = [], []
        for _ in range(rounds):
            theirs += updates(model, fields, symbols, count)
            lines = subprocess.run([program, name, str(count)], capture_output=True, text=True, check=True).stdout
            ours += [float(line.split()[1]) for line in lines.splitlines()]
        for what, of in (("least", min), ("median", statistics.median)):
            print(f"{name:12} {what:6}  etude {of(ours):7.1f} ms   torch {torch.__version__} {of(theirs):7.1f} ms"
                  f"   ratio {of(ours) / of(theirs):.2f}", flush=True)


if __name__ == "__main__":
    main()
