"""Compares scores with their conversions, each read by a program that isn't ours.

    python3 docs/conformance.py ORIGINALS CONVERTED

Both are folders. Files are paired by their stems. Kern and MusicXML are read by music21, MIDI by mido, ABC by abc2midi
and then mido. For each pair: sounding notes (tied ones once, grace notes not), the sum of their MIDI pitches, and their
lengths in quarter notes, added up. Prints what differs, then how many pairs are equal.
"""

import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path


def by_music21(path):
    import music21

    notes = pitches = length = 0
    for note in music21.converter.parse(path, forceSource=True).stripTies().recurse().notes:
        if note.duration.isGrace or isinstance(note, music21.harmony.ChordSymbol):
            continue
        midis = [pitch.midi for pitch in note.pitches]
        notes += len(midis)
        pitches += sum(midis)
        length += len(midis) * note.quarterLength
    return notes, pitches, round(float(length), 2)


def by_mido(path):
    import mido

    file = mido.MidiFile(path)
    notes = pitches = ticks = 0
    for track in file.tracks:
        time, open_notes = 0, {}
        for message in track:
            time += message.time
            if message.type not in ("note_on", "note_off"):
                continue
            key = (message.channel, message.note)
            if message.type == "note_on" and message.velocity > 0:
                open_notes.setdefault(key, []).append(time)
                notes += 1
                pitches += message.note
            elif open_notes.get(key):
                ticks += time - open_notes[key].pop(0)
    return notes, pitches, round(ticks / file.ticks_per_beat, 2)


def by_abc2midi(path):
    with tempfile.TemporaryDirectory() as folder:
        midi = Path(folder) / "tune.mid"
        run = subprocess.run(["abc2midi", path, "-o", midi], capture_output=True, text=True)
        if not midi.exists():
            raise ValueError(run.stdout.strip() or "abc2midi wrote nothing")
        return by_mido(midi)


READERS = {".mid": by_mido, ".abc": by_abc2midi}


def figures(path):
    try:
        return READERS.get(path.suffix, by_music21)(path)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def main():
    originals, converted = (
        {path.stem: path for path in sorted(Path(folder).iterdir()) if path.is_file()} for folder in sys.argv[1:3]
    )
    stems = [stem for stem in originals if stem in converted]
    with ProcessPoolExecutor() as pool:
        before = pool.map(figures, [originals[stem] for stem in stems])
        after = pool.map(figures, [converted[stem] for stem in stems])
        equal = 0
        for stem, one, other in zip(stems, before, after):
            equal += one == other
            if one != other:
                print(f"{stem}: {one} became {other}")
    print(f"{equal} of {len(stems)} equal")


if __name__ == "__main__":
    main()
