//! More performances from those that there are: in other keys, faster and slower.

use super::played::Played;

/// A performance, moved by each of −keys..=keys semitones and stretched by each of −stretch, 0, stretch percent (once where
/// that is 0); as it was first.
pub(super) fn variants(played: &[Played], keys: i32, stretch: f64) -> Vec<Vec<Played>> {
    let factors: &[f64] =
        if stretch > 0.0 { &[1.0, 1.0 - stretch / 100.0, 1.0 + stretch / 100.0] } else { &[1.0] };
    let mut shifts: Vec<i32> = (-keys..=keys).collect();
    shifts.sort_by_key(|shift| shift.abs());
    let mut variants = Vec::with_capacity(factors.len() * shifts.len());
    for &factor in factors {
        for &shift in &shifts {
            let moved = played.iter().map(|note| Played {
                onset: note.onset * factor,
                end: note.end * factor,
                pitch: (i32::from(note.pitch) + shift).clamp(0, 127) as u8,
                ..*note
            });
            variants.push(moved.collect());
        }
    }
    variants
}
