//! The theme of all pictures, for plot and bench: colours, fonts and text styles.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The colour of text and axes.
pub(super) const INK: RGBColor = RGBColor(51, 51, 51);
/// The colour of grid lines.
pub(super) const GRID: RGBColor = RGBColor(221, 221, 221);
/// The colours of lines: blue, red, green, purple, orange, teal, brown, grey, violet, olive, rose, dark blue-green. The
/// chart in the terminal has the same order.
pub(super) const COLORS: [RGBColor; 12] = [
    RGBColor(0x1F, 0x77, 0xB4),
    RGBColor(0xD6, 0x27, 0x28),
    RGBColor(0x2C, 0xA0, 0x2C),
    RGBColor(0x94, 0x67, 0xBD),
    RGBColor(0xFF, 0x7F, 0x0E),
    RGBColor(0x17, 0xBE, 0xCF),
    RGBColor(0x8C, 0x56, 0x4B),
    RGBColor(0x7F, 0x7F, 0x7F),
    RGBColor(0x5A, 0x4F, 0xCF),
    RGBColor(0xBC, 0xBD, 0x22),
    RGBColor(0xE3, 0x77, 0xC2),
    RGBColor(0x1B, 0x4D, 0x5C),
];

/// The fonts of an SVG. The first is part of this program.
const FONTS: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

/// The divisor by which plotters scales font sizes.
const FONT_SCALE: f64 = 1.24;

/// The colour of a line, by its number from 0.
pub(super) fn color(number: usize) -> RGBColor {
    COLORS[number % COLORS.len()]
}

/// A style of text: its size, its colour, and its anchor.
pub(super) fn text_style(size: f64, color: RGBColor, horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
    (FONTS, size * FONT_SCALE).into_font().color(&color).pos(Pos::new(horizontal, vertical))
}
