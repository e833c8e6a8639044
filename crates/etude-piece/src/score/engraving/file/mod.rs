//! Pages of ink as files.

mod document;
mod picture;
mod raster;
mod stamp;

pub(super) use document::pdf;
pub use document::recipe_of_pdf;
pub(super) use picture::svg;
pub(crate) use raster::KEYWORD;
pub(super) use raster::png;
pub use raster::recipe_of_png;
