//! Lines of stdin, one after the other while they come.

use super::lines::MOST_BYTES;
use std::io::{BufRead, Read};
use std::sync::mpsc::{Receiver, sync_channel};

/// The lines of stdin, read beside, so that Ctrl-C is heard while none comes.
pub(super) fn stdin_lines() -> Receiver<std::result::Result<String, String>> {
    let (send, receive) = sync_channel(1024);
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        loop {
            let mut bytes = Vec::new();
            let most = MOST_BYTES as u64 + 1;
            match stdin.by_ref().take(most).read_until(b'\n', &mut bytes) {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
            let line = match bytes.len() > MOST_BYTES {
                true => {
                    skip_line(&mut stdin);
                    Err(format!("found more than {} bytes, expected a frame", MOST_BYTES))
                }
                false => String::from_utf8(bytes).map_err(|_| "found bytes that are no UTF-8".to_owned()),
            };
            if send.send(line).is_err() {
                break;
            }
        }
    });
    receive
}

/// Reads on to the end of the line, keeping nothing.
fn skip_line(stdin: &mut impl BufRead) {
    while let Ok(bytes) = stdin.fill_buf() {
        let end = bytes.iter().position(|&byte| byte == b'\n');
        let used = end.map_or(bytes.len(), |end| end + 1);
        stdin.consume(used);
        if end.is_some() || used == 0 {
            break;
        }
    }
}
