//! Ctrl-C: the first asks the work to end where it stands, the second ends the program.

use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Begins to listen. Where the system doesn't let us, Ctrl-C ends the program at once, as it does without us.
pub(crate) fn listen() {
    let heard = || {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    };
    let _ = ctrlc::set_handler(heard);
}

/// Whether Ctrl-C was heard.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}
