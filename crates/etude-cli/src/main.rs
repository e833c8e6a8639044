//! Étude on the command line. This floor alone prints, reads the environment and the clock.

mod convert;
mod evaluate;
mod generate;
mod listen;
mod models;
mod play;
mod remake;
mod report;
mod show;
mod train;

mod drawing;
mod library;
mod made;
mod recipe;

mod failure;
mod input;
mod interrupt;
mod save;
mod terminal;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::process::ExitCode;

/// Trainings take and give back large arrays many times a second; this allocator keeps them at hand.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Make art with machine learning on your own machine: chorales, folk tunes, melodies, texts.
#[derive(Debug, Parser)]
#[command(name = "etude", version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

/// What can be done.
#[derive(Debug, Subcommand)]
enum Verb {
    Generate(generate::Generate),
    Evaluate(evaluate::Evaluate),
    Report(report::Report),
    Train(train::Train),
    Convert(convert::Convert),
    Show(show::Show),
    Play(play::Play),
    Listen(listen::Listen),
    Models(models::Models),
    Remake(remake::Remake),
}

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 failure, 2 usage, 3 bad input file, 4 the constraints can't be met, 130 interrupted.";

fn main() -> ExitCode {
    let cli = Cli::parse();
    interrupt::listen();
    let done = match &cli.verb {
        Verb::Generate(verb) => verb.run(),
        Verb::Evaluate(verb) => verb.run(),
        Verb::Report(verb) => verb.run(),
        Verb::Train(verb) => verb.run(),
        Verb::Convert(verb) => verb.run(),
        Verb::Show(verb) => verb.run(),
        Verb::Play(verb) => verb.run(),
        Verb::Listen(verb) => verb.run(),
        Verb::Models(verb) => verb.run(),
        Verb::Remake(verb) => verb.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { code, message }) => {
            terminal::say(&format!("error: {message}"));
            ExitCode::from(code)
        }
    }
}
