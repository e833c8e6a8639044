"""Compares scores with their conversions, each read by a program that isn't ours.

    python3 docs/conformance.py ORIGINALS CONVERTED...

All are folders. Files are paired by their stems. Kern and MusicXML are read by music21, MIDI by mido, ABC by abc2midi
(which plays all repeats, and holds fermatas, so these are taken out) and then mido. For each pair: sounding notes (tied ones once, grace notes not), the sum of their MIDI pitches, and their
lengths in quarter notes, added up. Prints what differs, then how many pairs are equal, for each folder.
"""

import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path


def by_music21(path):
    import music21

    notes = pitches = length = 0
    for written in music21.converter.parse(path, forceSource=True).recurse().notes:
        if written.duration.isGrace or isinstance(written, music21.harmony.ChordSymbol):
            continue
        for note in written.notes if written.isChord else [written]:
            length += note.quarterLength
            if note.tie is None or note.tie.type == "start":
                notes += 1
                pitches += note.pitch.midi
    return notes, pitches, round(float(length), 2)


def by_mido(path, gap=0):
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
                ticks += time - open_notes[key].pop(0) + gap
    return notes, pitches, round(ticks / file.ticks_per_beat, 2)


def by_abc2midi(path):
    with tempfile.TemporaryDirectory() as folder:
        tune, midi = Path(folder) / "tune.abc", Path(folder) / "tune.mid"
        tune.write_text(path.read_text().replace("!fermata!", ""))
        run = subprocess.run(["abc2midi", tune, "-o", midi], capture_output=True, text=True)
        if not midi.exists():
            raise ValueError(run.stdout.strip() or "abc2midi wrote nothing")
        # It leaves a tick between notes.
        return by_mido(midi, gap=1)


READERS = {".mid": by_mido, ".abc": by_abc2midi}


def figures(path):
    try:
        return READERS.get(path.suffix, by_music21)(path)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def stems(folder):
    return {path.stem: path for path in sorted(Path(folder).iterdir()) if path.is_file()}


def main():
    originals, *converted = map(stems, sys.argv[1:])
    with ProcessPoolExecutor() as pool:
        before = dict(zip(originals, pool.map(figures, originals.values())))
        for folder, files in zip(sys.argv[2:], converted):
            paired = [stem for stem in files if stem in before]
            after = dict(zip(paired, pool.map(figures, [files[stem] for stem in paired])))
            different = [stem for stem in paired if before[stem] != after[stem]]
            for stem in different:
                print(f"{files[stem]}: {before[stem]} became {after[stem]}")
            print(f"{folder}: {len(paired) - len(different)} of {len(paired)} equal", flush=True)


if __name__ == "__main__":
    main()
