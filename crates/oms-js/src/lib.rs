//! How values cross between a page and the core: arguments and answers are plain JavaScript objects, and nothing throws.

mod answer;
mod read;

pub use answer::give;
pub use read::json;
