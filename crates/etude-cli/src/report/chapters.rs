//! The three chapters of the page, one for each requirement.

pub(super) mod flexibility;
pub(super) mod generalisation;
pub(super) mod statistics;

/// A chapter's opening: what it is called, and the question that it answers.
fn opening(title: &str, question: &str) -> String {
    format!("<section>\n<h2>{title}</h2>\n<p class=\"question\">{question}</p>\n")
}

/// A heading with a sentence that says what is shown and how to read it.
fn topic(title: &str, how_to_read: &str) -> String {
    format!("<h3>{title}</h3>\n<p>{how_to_read}</p>\n")
}

/// Plots side by side, in columns of a class.
fn panels(columns: &str, plots: &[String]) -> String {
    format!("<figure class=\"panels {columns}\">\n{}\n</figure>\n", plots.join("\n"))
}

/// One plot by itself.
fn figure(plot: &str) -> String {
    format!("<figure>\n{plot}\n</figure>\n")
}

/// What is missing without a corpus.
fn needs_corpus(what: &str) -> String {
    format!(
        "<p class=\"note\">{what} need the corpus's own figures, which this model file doesn't carry: name the corpus by \
         <code>--corpus</code>.</p>\n"
    )
}
