//! Cursors come back as they went out, and anything else is none.

use oms_api::cursor::{AuditCursor, ListCursor};
use oms_core::value::Timestamp;

#[test]
fn a_cursor_comes_back_as_it_went_out() {
    let cursor = ListCursor {
        ascending: true,
        created_at: Timestamp::from_millis(1_291_191_960_000).unwrap(),
        order: "ord_3f01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
    };
    assert_eq!(ListCursor::read(&cursor.write()), Some(cursor));
    for after in [None, Some("85123A".to_owned()), Some("a:b".to_owned()), Some("ä".to_owned())] {
        let cursor = AuditCursor { object: 255, after };
        assert_eq!(AuditCursor::read(&cursor.write()), Some(cursor));
    }
}

#[test]
fn anything_else_is_no_cursor() {
    let good = AuditCursor { object: 1, after: None }.write();
    for text in ["", "x", "zz", "6", "ff", "643a", &format!("{good}0"), &"61".repeat(1000), "é€"] {
        assert_eq!(ListCursor::read(text), None, "{text:?}");
    }
    assert_eq!(AuditCursor::read("61"), None);
}
