//! Values from JSON, without serde: what serde derives for the types of a till is twice what a bundle may have.
//!
//! A reader of a struct asks for each member by name, so that it is one call a member. What nobody asked for is refused, as
//! the API refuses it. A test holds every reader here against the one that serde derives.

mod order;
mod till;

pub(crate) use till::Rights;

use alloc::collections::BTreeMap;
use core::str::FromStr;

use oms_api::decode;
use oms_api::problem::Problem;
use oms_core::json::{Mismatch, Step, Tree};
use oms_core::value::{
    Amount, CartId, Channel, Country, Currency, Day, Digest, Label, LocationId, Malformed, OrderId, Quantity, Sku,
    Timestamp,
};

/// Something that JSON stands for.
pub(crate) trait Read: Sized {
    /// From a value.
    fn read(tree: Tree) -> Result<Self, Mismatch>;

    /// Where there is none.
    fn missing(name: &str) -> Result<Self, Mismatch> {
        Err(Mismatch::new(format!("missing field `{name}`")))
    }
}

/// A value from JSON.
pub(crate) fn json<T: Read>(bytes: &[u8]) -> Result<T, Problem> {
    T::read(decode::parsed(bytes)?).map_err(|mismatch| decode::problem(&mismatch))
}

/// What is left of an object.
pub(crate) struct Members(Vec<(String, Tree)>);

impl Members {
    pub(crate) fn of(tree: Tree) -> Result<Self, Mismatch> {
        match tree {
            Tree::Object(members) => Ok(Self(members)),
            Tree::Null
            | Tree::Truth(_)
            | Tree::Natural(_)
            | Tree::Integer(_)
            | Tree::Fraction(_)
            | Tree::Text(_)
            | Tree::List(_) => Err(tree.misfit(&"an object")),
        }
    }

    #[inline(never)]
    fn find(&mut self, name: &str) -> Option<Tree> {
        let place = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.swap_remove(place).1)
    }

    pub(crate) fn take<T: Read>(&mut self, name: &str) -> Result<T, Mismatch> {
        match self.find(name) {
            Some(tree) => T::read(tree).map_err(|mismatch| inside(mismatch, name)),
            None => T::missing(name),
        }
    }

    /// Nothing may be left.
    pub(crate) fn end(self) -> Result<(), Mismatch> {
        match self.0.first() {
            Some((name, _)) => Err(Mismatch::new(format!("unknown field `{name}`"))),
            None => Ok(()),
        }
    }

    /// The only member: a kind and what it is of.
    pub(crate) fn only(tree: Tree) -> Result<(String, Tree), Mismatch> {
        match <[_; 1]>::try_from(Self::of(tree)?.0) {
            Ok([member]) => Ok(member),
            Err(_) => Err(Mismatch::new("an object with one member is needed".to_owned())),
        }
    }

    pub(crate) fn all(self) -> impl Iterator<Item = (String, Tree)> {
        self.0.into_iter()
    }
}

#[cold]
#[inline(never)]
fn inside(mismatch: Mismatch, name: &str) -> Mismatch {
    mismatch.within(Step::Member(name.to_owned()))
}

/// Readers of structs: every member, with the type it is read as where that is another one.
macro_rules! objects {
    ($($name:ty { $($field:ident $(: $via:ident)?),* })+) => {$(
        impl $crate::read::Read for $name {
            fn read(tree: ::oms_core::json::Tree) -> Result<Self, ::oms_core::json::Mismatch> {
                let mut members = $crate::read::Members::of(tree)?;
                let value = Self { $($field: $crate::read::objects!(@ members $field $($via)?)),* };
                members.end()?;
                Ok(value)
            }
        }
    )+};
    (@ $members:ident $field:ident) => { $members.take(stringify!($field))? };
    (@ $members:ident $field:ident $via:ident) => { $members.take::<$via>(stringify!($field))?.0 };
}
pub(crate) use objects;

/// Readers of words.
macro_rules! words {
    ($($name:ty { $($word:literal => $value:expr),+ $(,)? })+) => {$(
        impl $crate::read::Read for $name {
            fn read(tree: ::oms_core::json::Tree) -> Result<Self, ::oms_core::json::Mismatch> {
                let text: String = $crate::read::Read::read(tree)?;
                match text.as_str() {
                    $($word => Ok($value),)+
                    _ => Err($crate::read::unknown(&text)),
                }
            }
        }
    )+};
}
pub(crate) use words;

/// A word that is none of those known.
#[cold]
pub(crate) fn unknown(word: &str) -> Mismatch {
    Mismatch::new(format!("unknown variant `{word}`"))
}

/// Readers of texts that are checked when they are parsed.
macro_rules! texts {
    ($($name:ty)+) => {$(
        impl Read for $name {
            fn read(tree: Tree) -> Result<Self, Mismatch> {
                text(tree)
            }
        }
    )+};
}

texts! { Label Sku LocationId Country Currency Digest OrderId CartId Channel Day }

/// Values by SKU.
pub(crate) fn by_sku<V>(tree: Tree, read: impl Fn(Tree) -> Result<V, Mismatch>) -> Result<BTreeMap<Sku, V>, Mismatch> {
    let mut map = BTreeMap::new();
    for (sku, value) in Members::of(tree)?.all() {
        let value = read(value).map_err(|mismatch| mismatch.within(Step::Member(sku.clone())))?;
        map.insert(sku.parse().map_err(wrong)?, value);
    }
    Ok(map)
}

/// A text that is checked when it is parsed.
pub(crate) fn text<T: FromStr<Err = Malformed>>(tree: Tree) -> Result<T, Mismatch> {
    String::read(tree)?.parse().map_err(wrong)
}

#[cold]
fn wrong(malformed: Malformed) -> Mismatch {
    Mismatch::new(malformed.to_string())
}

impl Read for String {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        if let Tree::Text(text) = tree { Ok(text) } else { Err(tree.misfit(&"a string")) }
    }
}

impl Read for bool {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        if let Tree::Truth(truth) = tree { Ok(truth) } else { Err(tree.misfit(&"a boolean")) }
    }

    fn missing(_: &str) -> Result<Self, Mismatch> {
        Ok(false)
    }
}

impl Read for u64 {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        if let Tree::Natural(number) = tree { Ok(number) } else { Err(tree.misfit(&"a whole number")) }
    }
}

impl Read for i64 {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        let number = match tree {
            Tree::Integer(number) => Some(number),
            Tree::Natural(number) => Self::try_from(number).ok(),
            Tree::Null | Tree::Truth(_) | Tree::Fraction(_) | Tree::Text(_) | Tree::List(_) | Tree::Object(_) => None,
        };
        number.ok_or_else(|| tree.misfit(&"a whole number"))
    }
}

/// Readers of numbers by way of larger ones.
macro_rules! numbers {
    ($($name:ty: $larger:ty),+) => {$(
        impl Read for $name {
            fn read(tree: Tree) -> Result<Self, Mismatch> {
                <$larger>::read(tree)?.try_into().map_err(|_| wrong(Malformed::OutOfRange))
            }
        }
    )+};
}

numbers! { u32: u64, usize: u64, i32: i64, Amount: i64, Timestamp: i64, Quantity: u64 }

impl<T: Read> Read for Option<T> {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        if let Tree::Null = tree { Ok(None) } else { T::read(tree).map(Some) }
    }

    fn missing(_: &str) -> Result<Self, Mismatch> {
        Ok(None)
    }
}

impl<T: Read> Read for Box<T> {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        T::read(tree).map(Self::new)
    }
}

/// What is left of a list; one and the same for every kind of element.
struct Elements {
    rest: alloc::vec::IntoIter<Tree>,
    index: usize,
}

impl Elements {
    fn of(tree: Tree) -> Result<Self, Mismatch> {
        let Tree::List(list) = tree else { return Err(tree.misfit(&"a list")) };
        Ok(Self { rest: list.into_iter(), index: 0 })
    }

    #[inline(never)]
    fn next(&mut self) -> Option<Tree> {
        self.index = self.index.saturating_add(1);
        self.rest.next()
    }

    #[cold]
    #[inline(never)]
    fn here(&self, mismatch: Mismatch) -> Mismatch {
        mismatch.within(Step::Element(self.index.saturating_sub(1)))
    }
}

/// A list that is missing is empty.
impl<T: Read> Read for Vec<T> {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        let mut elements = Elements::of(tree)?;
        let mut values = Self::new();
        while let Some(element) = elements.next() {
            match T::read(element) {
                Ok(value) => values.push(value),
                Err(mismatch) => return Err(elements.here(mismatch)),
            }
        }
        Ok(values)
    }

    fn missing(_: &str) -> Result<Self, Mismatch> {
        Ok(Self::new())
    }
}

/// A quantity as a decimal; elsewhere it is whole thousandths.
pub(crate) struct Decimal(pub(crate) Quantity);

impl Read for Decimal {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        text(tree).map(Self)
    }
}

/// Something that is taken as it is and read later.
pub(crate) struct Raw(pub(crate) Tree);

impl Read for Raw {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        Ok(Self(tree))
    }
}
