//! What stands before the music: title, composer, recipe, and the list of parts.

use super::document::RECIPE_FIELD;
use super::markup::Markup;
use crate::score::Score;

/// Writes everything up to the first part.
pub(super) fn write_header(markup: &mut Markup, score: &Score) {
    if !score.title.is_empty() {
        markup.open("work", &[]);
        markup.leaf("work-title", &[], &score.title);
        markup.close("work");
    }
    markup.open("identification", &[]);
    if !score.composer.is_empty() {
        markup.leaf("creator", &[("type", "composer")], &score.composer);
    }
    markup.open("encoding", &[]);
    markup.leaf("software", &[], "Étude");
    markup.close("encoding");
    if !score.recipe.is_empty() {
        markup.open("miscellaneous", &[]);
        markup.leaf("miscellaneous-field", &[("name", RECIPE_FIELD)], &score.recipe);
        markup.close("miscellaneous");
    }
    markup.close("identification");
    markup.open("part-list", &[]);
    for (index, part) in score.parts.iter().enumerate() {
        let id = format!("P{}", index + 1);
        let instrument = format!("{id}-I1");
        // Channel 10 is for drums; with more parts than channels they share.
        let channel = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16][index % 15];
        markup.open("score-part", &[("id", &id)]);
        markup.leaf("part-name", &[], &part.name);
        markup.open("score-instrument", &[("id", &instrument)]);
        markup.leaf("instrument-name", &[], &part.name);
        markup.close("score-instrument");
        markup.open("midi-instrument", &[("id", &instrument)]);
        markup.leaf("midi-channel", &[], &channel.to_string());
        markup.leaf("midi-program", &[], &(u32::from(part.program) + 1).to_string());
        markup.close("midi-instrument");
        markup.close("score-part");
    }
    markup.close("part-list");
}
