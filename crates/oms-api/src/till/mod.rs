//! Tills: how they are set up and enrolled, what they upload, and how they are shown.

mod rights;
mod setup;
mod view;

pub use rights::{Lines, grant, recall, revoke};
pub use setup::{EnrollmentCode, change, create, enroll};
pub use view::{
    CatalogItem, CatalogView, EnrolledView, EntriesView, EntryView, ExceptionView, ExceptionsView, RecallView,
    RecalledView, ResultView, StateView, TillView, UploadView, of_refusal, recalls, standing_word,
};
