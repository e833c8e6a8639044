//! Sound as a WAV file of 16 bits, and the recipe inside it.

use super::Sound;
use std::io::Cursor;

impl Sound {
    /// The length in seconds.
    pub fn seconds(&self) -> f64 {
        self.frames.len() as f64 / f64::from(self.rate)
    }

    /// The sound as a WAV file: two channels of 16-bit samples, and the recipe, if any, as the file's comment.
    pub fn to_wav(&self) -> Vec<u8> {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: self.rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let why = "a cursor over memory takes every byte";
        let mut bytes = Vec::with_capacity(44 + 4 * self.frames.len() + self.recipe.len() + 32);
        let mut writer = hound::WavWriter::new(Cursor::new(&mut bytes), spec).expect(why);
        let mut samples = writer.get_i16_writer(2 * self.frames.len() as u32);
        for &sample in self.frames.iter().flatten() {
            samples.write_sample((sample.clamp(-1.0, 1.0) * 32_767.0).round() as i16);
        }
        samples.flush().expect(why);
        writer.finalize().expect(why);
        append_comment(&mut bytes, &self.recipe);
        bytes
    }
}

/// Appends `LIST INFO ICMT` with the text and counts it in the file's size.
fn append_comment(bytes: &mut Vec<u8>, text: &str) {
    if text.is_empty() {
        return;
    }
    let mut comment = text.as_bytes().to_vec();
    comment.push(0);
    let length = comment.len() as u32;
    if comment.len() % 2 == 1 {
        // Chunks begin at even offsets; the filling is not counted in their length.
        comment.push(0);
    }
    bytes.extend_from_slice(b"LIST");
    bytes.extend_from_slice(&(4 + 8 + comment.len() as u32).to_le_bytes());
    bytes.extend_from_slice(b"INFOICMT");
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.append(&mut comment);
    let size = bytes.len() as u32 - 8;
    bytes[4..8].copy_from_slice(&size.to_le_bytes());
}

/// The recipe in a WAV file that Étude wrote: its comment. `None` if there is none or the file is damaged before it.
pub fn recipe_of_wav(bytes: &[u8]) -> Option<String> {
    let inside = bytes.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WAVE")?;
    let list = chunks(inside)
        .find_map(|(id, data)| (id == *b"LIST").then(|| data.strip_prefix(b"INFO")).flatten())?;
    let (_, comment) = chunks(list).find(|(id, _)| id == b"ICMT")?;
    let text = std::str::from_utf8(comment).ok()?;
    Some(text.trim_end_matches('\0').to_owned())
}

/// The chunks in some bytes, up to the first that is cut off.
fn chunks(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (id, rest) = bytes.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        let data = rest.get(..length)?;
        bytes = rest.get(length + length % 2..).unwrap_or_default();
        Some((*id, data))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(recipe: &str) -> Sound {
        let frames = vec![[0.0, 1.0], [-1.0, 0.5], [2.0, -0.25]];
        Sound { rate: 48_000, frames, recipe: recipe.to_owned() }
    }

    #[test]
    fn samples_and_rate_come_back() {
        let wav = sound("{}").to_wav();
        let mut reader = hound::WavReader::new(Cursor::new(&wav)).expect("a WAV file");
        assert_eq!((reader.spec().sample_rate, reader.spec().channels), (48_000, 2));
        let samples: Vec<i16> = reader.samples().map(|sample| sample.expect("a sample")).collect();
        assert_eq!(samples, [0, 32_767, -32_767, 16_384, 32_767, -8_192]);
    }

    #[test]
    fn the_file_counts_its_own_bytes() {
        for recipe in ["", "{}", "odd"] {
            let wav = sound(recipe).to_wav();
            assert_eq!(wav[4..8], (wav.len() as u32 - 8).to_le_bytes(), "{recipe}");
            assert_eq!(wav.len() % 2, 0);
        }
    }

    #[test]
    fn the_recipe_comes_back() {
        for recipe in ["{}", "odd", r#"{"model":"bäch"}"#] {
            assert_eq!(recipe_of_wav(&sound(recipe).to_wav()).as_deref(), Some(recipe));
        }
        assert_eq!(recipe_of_wav(&sound("").to_wav()), None);
    }

    #[test]
    fn a_damaged_file_has_no_recipe() {
        let wav = sound(r#"{"seed":1}"#).to_wav();
        for length in 0..wav.len() {
            // Only the filling byte at the very end may be missing.
            assert!(recipe_of_wav(&wav[..length]).is_none() || length + 1 == wav.len());
        }
        assert_eq!(recipe_of_wav(b"RIFF\xff\xff\xff\xffWAVELIST\xff\xff\xff\xffINFO"), None);
    }
}
