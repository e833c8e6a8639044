//! Every model, one line each: from here come its command, its help, its row in the README, and the laws it must obey.

mod entry;

pub use entry::{Entry, Load, LoadAuthor, Make, Setting, Train, TrainAuthor};

use crate::drawing::sketch;
use crate::gesture;
use crate::music::chorale::{self, Reading};
use crate::music::{folk, markov, maxent, melody, performance, roll};
use crate::text;
use etude_piece::piece::Kind;

/// All kinds of models.
pub static MODELS: [Entry; 21] = [
    Entry {
        name: "maxent",
        family: "RandomField",
        art: "music",
        summary: "maximum entropy over the voices of a grid (Hadjeres, Sakellariou & Pachet 2016)",
        settings: maxent::settings,
        wishes: maxent::wishes,
        make: Make::Grid {
            train: |corpus, settings, seed, journal| {
                maxent::train(corpus, settings, seed, &mut |share, words| journal.progress(share, words))
            },
            load: maxent::load,
        },
    },
    Entry {
        name: "markov",
        family: "Autoregressive",
        art: "music",
        summary: "counts with back-off over the voices in score order: the honest baseline",
        settings: markov::settings,
        wishes: markov::wishes,
        make: Make::Grid {
            train: |corpus, settings, seed, journal| {
                markov::train(corpus, settings, seed, &mut |share, words| journal.progress(share, words))
            },
            load: markov::load,
        },
    },
    Entry {
        name: "orderless",
        family: "Autoregressive",
        art: "music",
        summary: "voices by networks that read from both sides, given any cells (Uria 2014, Huang et al. 2017)",
        settings: chorale::settings,
        wishes: chorale::wishes,
        make: Make::Grid {
            train: |corpus, settings, seed, journal| {
                chorale::train(Reading::Orderless, corpus, settings, seed, journal)
            },
            load: |card, reader| chorale::load(Reading::Orderless, card, reader),
        },
    },
    Entry {
        name: "deepbach",
        family: "RandomField",
        art: "music",
        summary: "the same networks, each cell given all others (Hadjeres, Pachet & Nielsen 2017)",
        settings: chorale::settings,
        wishes: chorale::wishes,
        make: Make::Grid {
            train: |corpus, settings, seed, journal| {
                chorale::train(Reading::Field, corpus, settings, seed, journal)
            },
            load: |card, reader| chorale::load(Reading::Field, card, reader),
        },
    },
    Entry {
        name: "ngram",
        family: "Autoregressive",
        art: "text",
        summary: "counts of n-grams, smoothed (Kneser & Ney 1995, Chen & Goodman 1999): texts learnt in seconds",
        settings: || text::settings("ngram"),
        wishes: text::wishes,
        make: Make::Author {
            reads: Kind::Text,
            train: |pieces, settings, seed, journal| text::train(pieces, "ngram", settings, seed, journal),
            load: text::load,
        },
    },
    Entry {
        name: "mixing",
        family: "Autoregressive",
        art: "text",
        summary: "context mixing, a model that goes on learning while it reads and writes (Mahoney 2005)",
        settings: || text::settings("mixing"),
        wishes: text::wishes,
        make: Make::Author {
            reads: Kind::Text,
            train: |pieces, settings, seed, journal| text::train(pieces, "mixing", settings, seed, journal),
            load: text::load,
        },
    },
    Entry {
        name: "text-lstm",
        family: "Autoregressive",
        art: "text",
        summary: "recurrent network over characters or words (Graves 2013)",
        settings: || text::settings("lstm"),
        wishes: text::wishes,
        make: Make::Author {
            reads: Kind::Text,
            train: |pieces, settings, seed, journal| text::train(pieces, "lstm", settings, seed, journal),
            load: text::load,
        },
    },
    Entry {
        name: "text-transformer",
        family: "Autoregressive",
        art: "text",
        summary: "small transformer over characters or words (Vaswani et al. 2017)",
        settings: || text::settings("transformer"),
        wishes: text::wishes,
        make: Make::Author {
            reads: Kind::Text,
            train: |pieces, settings, seed, journal| {
                text::train(pieces, "transformer", settings, seed, journal)
            },
            load: text::load,
        },
    },
    Entry {
        name: "folk",
        family: "Autoregressive",
        art: "music",
        summary: "folk tunes in tokens of ABC, every bar of the right length (Sturm et al. 2016)",
        settings: folk::settings,
        wishes: folk::wishes,
        make: Make::Author { reads: Kind::Score, train: folk::train, load: folk::load },
    },
    Entry {
        name: "melody",
        family: "Autoregressive",
        art: "music",
        summary: "melodies over chords, found in any score, continued and completed (Waite et al. 2016)",
        settings: melody::settings,
        wishes: melody::wishes,
        make: Make::Author { reads: Kind::Score, train: melody::train, load: melody::load },
    },
    Entry {
        name: "performance",
        family: "Autoregressive",
        art: "music",
        summary: "every note as it was played, with its time and its force (Oore et al. 2018)",
        settings: performance::settings,
        wishes: performance::wishes,
        make: Make::Author { reads: Kind::Score, train: performance::train, load: performance::load },
    },
    Entry {
        name: "bernoulli",
        family: "Autoregressive",
        art: "music",
        summary: "rolls of frames, each key by itself: the benchmark's first row (Boulanger-Lewandowski et al. 2012)",
        settings: || roll::settings("bernoulli"),
        wishes: || roll::wishes("bernoulli"),
        make: of_rolls(|pieces, settings, seed, journal| {
            roll::train(pieces, "bernoulli", settings, seed, journal)
        }),
    },
    Entry {
        name: "nade",
        family: "Autoregressive",
        art: "music",
        summary: "rolls, each key given the lower ones of its frame (Larochelle & Murray 2011)",
        settings: || roll::settings("nade"),
        wishes: || roll::wishes("nade"),
        make: of_rolls(|pieces, settings, seed, journal| {
            roll::train(pieces, "nade", settings, seed, journal)
        }),
    },
    Entry {
        name: "rnn-nade",
        family: "Autoregressive",
        art: "music",
        summary: "rolls, nade with a recurrent network that remembers (Boulanger-Lewandowski et al. 2012)",
        settings: || roll::settings("rnn-nade"),
        wishes: || roll::wishes("rnn-nade"),
        make: of_rolls(|pieces, settings, seed, journal| {
            roll::train(pieces, "rnn-nade", settings, seed, journal)
        }),
    },
    Entry {
        name: "tied-nade",
        family: "Autoregressive",
        art: "music",
        summary: "rolls, nade with one network for all keys and a memory of the piece; the best of the rolls",
        settings: || roll::settings("tied-nade"),
        wishes: || roll::wishes("tied-nade"),
        make: of_rolls(|pieces, settings, seed, journal| {
            roll::train(pieces, "tied-nade", settings, seed, journal)
        }),
    },
    Entry {
        name: "biaxial",
        family: "Autoregressive",
        art: "music",
        summary: "rolls, recurrent over time and over keys, the same in every key (Johnson 2017)",
        settings: || roll::settings("biaxial"),
        wishes: || roll::wishes("biaxial"),
        make: of_rolls(|pieces, settings, seed, journal| {
            roll::train(pieces, "biaxial", settings, seed, journal)
        }),
    },
    Entry {
        name: "rbm",
        family: "RandomField",
        art: "music",
        summary: "rolls, the keys of a frame by a restricted Boltzmann machine (Hinton 2002, Tieleman 2008)",
        settings: || roll::settings("rbm"),
        wishes: || roll::wishes("rbm"),
        make: of_rolls(|pieces, settings, seed, journal| roll::train(pieces, "rbm", settings, seed, journal)),
    },
    Entry {
        name: "rnn-rbm",
        family: "RandomField",
        art: "music",
        summary: "rolls, rbm with a recurrent network that remembers (Boulanger-Lewandowski et al. 2012)",
        settings: || roll::settings("rnn-rbm"),
        wishes: || roll::wishes("rnn-rbm"),
        make: of_rolls(|pieces, settings, seed, journal| {
            roll::train(pieces, "rnn-rbm", settings, seed, journal)
        }),
    },
    Entry {
        name: "rtrbm",
        family: "RandomField",
        art: "music",
        summary: "rolls, rbm whose hidden units go on into the next frame (Sutskever, Hinton & Taylor 2008)",
        settings: || roll::settings("rtrbm"),
        wishes: || roll::wishes("rtrbm"),
        make: of_rolls(|pieces, settings, seed, journal| {
            roll::train(pieces, "rtrbm", settings, seed, journal)
        }),
    },
    Entry {
        name: "gesture",
        family: "Autoregressive",
        art: "drawing",
        summary: "gestures from a few examples: recognised, followed, drawn anew (Wobbrock et al. 2007, Bevilacqua et al. 2010)",
        settings: gesture::settings,
        wishes: gesture::author::wishes,
        make: Make::Author {
            reads: Kind::Strokes,
            train: gesture::author::train,
            load: gesture::author::load,
        },
    },
    Entry {
        name: "sketch",
        family: "Latent",
        art: "drawing",
        summary: "drawings point by point, finished, varied, mixed by their codes (Ha & Eck 2017)",
        settings: sketch::settings,
        wishes: sketch::wishes,
        make: Make::Author { reads: Kind::Strokes, train: sketch::train, load: sketch::load },
    },
];

/// How an author of rolls is made.
const fn of_rolls(train: TrainAuthor) -> Make {
    Make::Author { reads: Kind::Roll, train, load: roll::load }
}

/// A trained model that is built in.
pub struct BuiltIn {
    /// Its name.
    pub name: &'static str,
    /// Its file.
    pub bytes: &'static [u8],
}

/// The models that ship inside the program, the default first.
pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn { name: "bach", bytes: include_bytes!("../../../models/bach.safetensors") },
    BuiltIn { name: "folk", bytes: include_bytes!("../../../models/folk.safetensors") },
    BuiltIn { name: "jazz", bytes: include_bytes!("../../../models/jazz.safetensors") },
];

/// The entry of a name.
pub fn find(name: &str) -> Option<&'static Entry> {
    MODELS.iter().find(|entry| entry.name == name)
}
