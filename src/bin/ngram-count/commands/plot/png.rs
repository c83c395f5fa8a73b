//! The picture as PNG: renders the SVG.
//!
//! A font is part of the program, so the same chart gives the same bytes on each machine, even without system fonts.
//! This font has the letters of Latin, Greek, Cyrillic and some more scripts. Other letters come from the system's
//! fonts.

use std::io;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Source;
use resvg::usvg::{Options, Tree};

/// The scale from the SVG's pixels to those of the PNG, for fine screens and for print.
const SCALE: f32 = 2.0;

/// Renders an SVG document.
///
/// # Errors
/// When the text is not an SVG document, or there is no memory for the picture.
pub(crate) fn png(svg: &str) -> io::Result<Vec<u8>> {
    let mut options = Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_font_source(Source::Binary(Arc::new(dejavu::sans::regular())));
    if svg.chars().any(is_rare) {
        fonts.load_system_fonts();
    }
    let tree = Tree::from_str(svg, &options).map_err(other)?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or_else(|| other("the picture is too large"))?;
    let mut picture = Pixmap::new(size.width(), size.height()).ok_or_else(|| other("the picture is too large"))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
    picture.encode_png().map_err(other)
}

/// Whether the program's own font may lack a letter.
fn is_rare(letter: char) -> bool {
    !matches!(letter, '\0'..='\u{6FF}' | '\u{1D00}'..='\u{2BFF}' | '\u{FB00}'..='\u{FEFF}' | '\u{FFFD}')
}

fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::other(error)
}
