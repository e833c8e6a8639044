"""How fast PyTorch samples the networks of sampling.rs: /usr/bin/python3 crates/etude/benches/sampling.py

One stream, two threads, the likeliest symbol each time; the least of many short times, told for 200 symbols.
"""

import time

import torch

SYMBOLS, STEPS, GO = 100, 200, 4
torch.set_num_threads(2)


def least(step, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(GO):
            step()
        times.append((time.perf_counter() - start) / GO)
    return 1000 * STEPS * min(times)


def recurrent(kind, layers, width, streams):
    table = torch.nn.Embedding(SYMBOLS + 1, width)
    network = kind(width, width, layers)
    output = torch.nn.Linear(width, SYMBOLS)
    state, symbol = None, torch.full((1, streams), SYMBOLS)

    def step():
        nonlocal state, symbol
        hidden, state = network(table(symbol), state)
        symbol = torch.log_softmax(output(hidden).double(), -1).argmax(-1)

    return step


with torch.no_grad():
    for name, kind, layers, width in [
        ("LSTM 3 x 512", torch.nn.LSTM, 3, 512),
        ("LSTM 2 x 256", torch.nn.LSTM, 2, 256),
        ("GRU 3 x 512", torch.nn.GRU, 3, 512),
    ]:
        for streams, rounds in [(1, 60), (8, 30), (64, 6)]:
            time_of_all = least(recurrent(kind, layers, width, streams), rounds)
            print(f"{name}, {streams} streams: {STEPS} symbols {time_of_all:.1f} ms")
