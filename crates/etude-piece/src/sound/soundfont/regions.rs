//! Which regions of a soundfont a note calls on, and whether the synthesizer can play them.

use crate::score::Losses;
use crate::sound::Strike;
use rustysynth::{InstrumentRegion, PresetRegion, SoundFont};
use std::collections::BTreeMap;

/// The most regions of a preset: each note goes through all of them. A grand piano of 16 layers has about 3,000.
const MOST_REGIONS: usize = 1 << 13;
/// The most regions that sound together for one note.
const MOST_LAYERS: usize = 64;
/// The highest rate of a recording, in hertz.
const HIGHEST_RATE: i32 = 1 << 20;
/// How many samples of a recording may pass in one of sound.
const FASTEST: f64 = (1 << 20) as f64;
/// What the synthesizer's 32-bit floats may add to a pitch ratio that is computed in 64.
const MARGIN: f64 = 1.001;

/// What becomes of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Plays,
    /// The instrument has nothing for this key and velocity, or nothing that is in the file.
    Silent,
    /// Its regions are too many, or a loop in them is shorter than a step through it.
    Unplayable,
}

/// The strikes that sound, of a soundfont with so many `recorded` samples; what doesn't is counted.
pub(super) fn playable(
    font: &SoundFont,
    recorded: usize,
    strikes: &[Strike],
    rate: u32,
    losses: &mut Losses,
) -> Vec<Strike> {
    let presets = Presets::of(font);
    let mut fates: BTreeMap<(usize, u8, u8), Fate> = BTreeMap::new();
    let mut playable = Vec::with_capacity(strikes.len());
    for strike in strikes {
        let (preset, known) = presets.choose(strike.program);
        if !known {
            losses.add("note", "its programme isn't in the soundfont, the first one plays it");
        }
        let fate = fates.entry((preset, strike.key, strike.velocity));
        match *fate.or_insert_with(|| fate_of(font, recorded, preset, strike, rate)) {
            Fate::Plays => playable.push(*strike),
            Fate::Silent => losses.add("note", "its instrument in the soundfont has nothing there"),
            Fate::Unplayable => losses.add("note", "its instrument in the soundfont is beyond the player"),
        }
    }
    playable
}

/// How the synthesizer finds a preset: by bank 0 and the programme's number, or else the lowest there is.
struct Presets {
    by_number: BTreeMap<i32, usize>,
    lowest: usize,
}

impl Presets {
    fn of(font: &SoundFont) -> Self {
        let number = |preset: &rustysynth::Preset| preset.get_bank_number() << 16 | preset.get_patch_number();
        let numbers = || font.get_presets().iter().map(number).enumerate();
        // Of presets with one number the synthesizer takes the last, but as its lowest the first.
        let by_number = numbers().map(|(index, number)| (number, index)).collect();
        let lowest = numbers().min_by_key(|&(_, number)| number).map_or(0, |(index, _)| index);
        Self { by_number, lowest }
    }

    /// A preset, and whether it is the one that the programme names.
    fn choose(&self, program: u8) -> (usize, bool) {
        self.by_number.get(&program.into()).map_or((self.lowest, false), |&preset| (preset, true))
    }
}

fn fate_of(font: &SoundFont, recorded: usize, preset: usize, strike: &Strike, rate: u32) -> Fate {
    let (key, velocity) = (strike.key.into(), strike.velocity.into());
    let outer = font.get_presets()[preset].get_regions();
    let regions_of = |region: &PresetRegion| font.get_instruments()[region.get_instrument_id()].get_regions();
    if outer.iter().map(|region| regions_of(region).len()).sum::<usize>() > MOST_REGIONS {
        return Fate::Unplayable;
    }
    let called = outer.iter().filter(|region| region.contains(key, velocity));
    let pairs = called.flat_map(|outer| regions_of(outer).iter().map(move |inner| (outer, inner)));
    let (mut layers, mut silent) = (0, 0);
    for (outer, inner) in pairs.filter(|(_, inner)| inner.contains(key, velocity)) {
        layers += 1;
        silent += usize::from(inner.get_sample_start() as usize >= recorded);
        let own_rate = font.get_sample_headers()[inner.get_sample_id()].get_sample_rate();
        if layers > MOST_LAYERS || !is_playable(outer, inner, key, own_rate, rate) {
            return Fate::Unplayable;
        }
    }
    if layers == silent { Fate::Silent } else { Fate::Plays }
}

/// Whether the synthesizer stays inside the recording: at each sample of sound it goes back by one loop at most, so no
/// step may be longer than the loop.
fn is_playable(outer: &PresetRegion, inner: &InstrumentRegion, key: i32, own_rate: i32, rate: u32) -> bool {
    let both = |preset: i32, instrument: i32| f64::from(preset) + f64::from(instrument);
    let cents_per_key = both(outer.get_scale_tuning(), inner.get_scale_tuning());
    let tuning = 100.0 * both(outer.get_coarse_tune(), inner.get_coarse_tune())
        + both(outer.get_fine_tune(), inner.get_fine_tune());
    // How far vibrato, tremolo and envelope may bend the key, in cents of a key.
    let bend = both(outer.get_vibrato_lfo_to_pitch(), inner.get_vibrato_lfo_to_pitch()).abs()
        + both(outer.get_modulation_lfo_to_pitch(), inner.get_modulation_lfo_to_pitch()).abs()
        + both(outer.get_modulation_envelope_to_pitch(), inner.get_modulation_envelope_to_pitch()).abs();
    let keys = f64::from(key - inner.get_root_key());
    let highest = cents_per_key * keys + cents_per_key.abs() * bend / 100.0 + tuning;
    let step = MARGIN * f64::from(own_rate) / f64::from(rate) * libm::exp2(highest / 1_200.0);
    let length = inner.get_sample_end_loop() - inner.get_sample_start_loop();
    // Regions without a loop end where the recording does.
    let longest = if length > 0 { f64::from(length).min(FASTEST) } else { FASTEST };
    (1..=HIGHEST_RATE).contains(&own_rate) && step <= longest
}
