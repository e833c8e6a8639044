//! `etude models`: what is built in, and what can be trained.

use crate::failure::Result;
use crate::terminal::put;
use clap::Args;
use etude::catalogue::{BUILT_IN, MODELS, Setting};
use etude::shelf::Opened;

/// List the models that are built in, and the kinds that can be trained, with their settings
#[derive(Debug, Args)]
pub(crate) struct Models {}

impl Models {
    /// Prints the list.
    pub(crate) fn run(&self) -> Result {
        let mut text = String::from("built in\n");
        for (index, built_in) in BUILT_IN.iter().enumerate() {
            let opened = Opened::from_bytes(built_in.bytes, built_in.name)?;
            let card = opened.card();
            let default = if index == 0 { " (the default)" } else { "" };
            text.push_str(&format!("  {}{default}: {}\n", built_in.name, card.summary));
        }
        if BUILT_IN.is_empty() {
            text.push_str("  none\n");
        }
        for entry in &MODELS {
            text.push_str(&format!(
                "\n{}: {}, {}\n  {}\n",
                entry.name, entry.family, entry.art, entry.summary
            ));
            text.push_str(&listed("train", &(entry.settings)()));
            text.push_str(&listed("generate", &(entry.wishes)()));
        }
        put(text.as_bytes())
    }
}

/// What a verb's `--set` takes.
fn listed(verb: &str, settings: &[Setting]) -> String {
    if settings.is_empty() {
        return String::new();
    }
    let width = settings.iter().map(|s| s.name.len() + s.default.len() + 1).max().unwrap_or(0);
    let line = |s: &Setting| format!("    {:width$}  {}\n", format!("{}={}", s.name, s.default), s.meaning);
    format!("  etude {verb} --set\n{}", settings.iter().map(line).collect::<String>())
}
