//! Instruments: the codes of `*I`, and General MIDI's programmes.

/// Codes of Humdrum's list and programmes, counted from 0; of several codes of one programme the first is written.
/// Instruments that General MIDI has nothing like are absent.
const PROGRAMS: [(&str, u8); 91] = [
    ("piano", 0),
    ("pno", 0),
    ("fortp", 0),
    ("cemba", 6),
    ("hpchd", 6),
    ("clavi", 7),
    ("clest", 8),
    ("glock", 9),
    ("vibra", 11),
    ("marim", 12),
    ("xylo", 13),
    ("chime", 14),
    ("campn", 14),
    ("caril", 14),
    ("dulc", 15),
    ("hammd", 16),
    ("organ", 19),
    ("reedo", 20),
    ("accor", 21),
    ("armon", 22),
    ("guitr", 24),
    ("liuto", 24),
    ("mando", 25),
    ("eguit", 27),
    ("bguit", 33),
    ("violn", 40),
    ("fidel", 40),
    ("viola", 41),
    ("cello", 42),
    ("gamba", 42),
    ("vdgam", 42),
    ("cbass", 43),
    ("violo", 43),
    ("arpa", 46),
    ("harp", 46),
    ("timpa", 47),
    ("strgs", 48),
    ("vox", 52),
    ("soprn", 52),
    ("cant", 52),
    ("mezzo", 52),
    ("calto", 52),
    ("alto", 52),
    ("ctenor", 52),
    ("tenor", 52),
    ("barit", 52),
    ("bass", 52),
    ("treble", 52),
    ("coro", 52),
    ("tromp", 56),
    ("flugh", 56),
    ("cornt", 56),
    ("tromb", 57),
    ("tromt", 57),
    ("trbon", 57),
    ("tuba", 58),
    ("bombn", 58),
    ("cor", 60),
    ("saxS", 64),
    ("saxA", 65),
    ("saxT", 66),
    ("saxR", 67),
    ("saxB", 67),
    ("oboe", 68),
    ("oboeD", 68),
    ("cangl", 69),
    ("fagot", 70),
    ("fag", 70),
    ("cfagt", 70),
    ("clars", 71),
    ("clara", 71),
    ("clart", 71),
    ("clarb", 71),
    ("clari", 71),
    ("clarp", 71),
    ("picco", 72),
    ("flt", 73),
    ("flt-a", 73),
    ("recor", 74),
    ("flt-r", 74),
    ("panpi", 75),
    ("shaku", 77),
    ("ocari", 79),
    ("sitar", 104),
    ("banjo", 105),
    ("shami", 106),
    ("koto", 107),
    ("bagpI", 109),
    ("bagpS", 109),
    ("shawm", 111),
    ("steel", 114),
];

/// The programme of a code, or of a number after `#`.
pub(super) fn program(code: &str) -> Option<u8> {
    if let Some(number) = code.strip_prefix('#') {
        return number.parse().ok().filter(|&program: &u8| program < 128);
    }
    PROGRAMS.iter().find(|(known, _)| *known == code).map(|&(_, program)| program)
}

/// What is written after `*I` for a programme: its code, or its number after `#`.
pub(super) fn code(program: u8) -> String {
    let program = program.min(127);
    let known = PROGRAMS.iter().find(|&&(_, number)| number == program);
    known.map_or_else(|| format!("#{program}"), |(code, _)| (*code).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_programme_comes_back() {
        for number in 0..128 {
            assert_eq!(program(&code(number)), Some(number));
        }
        assert_eq!((program("soprn"), code(52)), (Some(52), "vox".to_owned()));
        assert_eq!((program("#128"), program("nose")), (None, None));
    }
}
