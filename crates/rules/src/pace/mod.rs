//! Pace within what Meta allows, on handed-in monotonic time in milliseconds.

mod bucket;
mod window;

pub use bucket::Bucket;
pub use window::Window;
