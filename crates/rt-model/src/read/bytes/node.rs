//! A data set or sequence item with its place: values by attribute, children by sequence.
//!
//! Optional values that cannot be read count as absent and leave a finding; required ones are errors.
//!
//! Units: as the attributes have them. Frame: as the attributes have it.

use super::charset::Charset;
use super::dictionary::keyword;
use super::element::Element;
use super::element_header::Form;
use super::encoding::Encoding;
use super::items::Items;
use super::level::{self, Level};
use super::limits::{MAX_DEPTH, MAX_ITEMS};
use super::notes::Notes;
use super::number;
use crate::finding::{Code, Severity, files};
use crate::provenance::{self, Provenance};
use crate::read::error::{ReadError, ReadErrorKind};
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use std::rc::Rc;

/// A data set or item.
#[derive(Debug)]
pub(in crate::read) struct Node<'a, 's> {
    level: Level<'a>,
    charset: Rc<Charset>,
    place: Place<'s>,
    depth: usize,
    notes: &'s Notes,
}

/// Where a node lies: its sequence and item number inside its parent.
#[derive(Debug, Clone, Copy)]
enum Place<'s> {
    Root,
    Item { parent: &'s Place<'s>, sequence: Tag, index: usize },
}

impl Place<'_> {
    fn path(&self, tag: Option<Tag>) -> String {
        let mut path = match self {
            Self::Root => String::new(),
            Self::Item { parent, sequence, index } => format!("{}[{index}]", parent.path(Some(*sequence))),
        };
        if let Some(tag) = tag {
            if !path.is_empty() {
                path.push_str(" > ");
            }
            path.push_str(&keyword(tag));
        }
        path
    }
}

impl<'a, 's> Node<'a, 's> {
    /// The outermost data set in `bytes`.
    pub(in crate::read) fn root(
        bytes: &'a [u8],
        encoding: Encoding,
        notes: &'s Notes,
    ) -> Result<Self, ReadError> {
        Self::read(bytes, encoding, Rc::default(), Place::Root, 0, notes)
    }

    fn read(
        bytes: &'a [u8],
        encoding: Encoding,
        charset: Rc<Charset>,
        place: Place<'s>,
        depth: usize,
        notes: &'s Notes,
    ) -> Result<Self, ReadError> {
        let level = level::level(bytes, encoding, depth).map_err(|error| {
            error.placed(|tag| place_at(notes, &place, tag.map(|tag| Tag(tag.group, tag.element))))
        })?;
        let mut node = Self { level, charset, place, depth, notes };
        for tag in &node.level.odd {
            node.warn(files::ODD_LENGTH, *tag, "expected an even length, found an odd one");
        }
        for tag in &node.level.repeated {
            node.warn(
                files::DUPLICATE_ATTRIBUTE,
                *tag,
                "expected one element, found another: the first one counts",
            );
        }
        if node.level.trailing > 0 {
            let text = format!("expected the end of the file, found {} more bytes", node.level.trailing);
            notes.add(Severity::Info, files::TRAILING_BYTES, || node.at(None), text);
        }
        node.read_charset();
        Ok(node)
    }

    fn read_charset(&mut self) {
        let Some(element) = self.level.find(tags::SPECIFIC_CHARACTER_SET) else {
            return;
        };
        let text = String::from_utf8_lossy(element.value);
        let (charset, unknown) = Charset::new(text.split('\\').map(|term| term.trim_matches([' ', '\0'])));
        for term in unknown {
            self.warn(
                files::UNKNOWN_CHARACTER_SET,
                tags::SPECIFIC_CHARACTER_SET,
                format!("expected a defined term, found {term:?}: its text is read as UTF-8 where it is that, else as Latin-1"),
            );
        }
        self.charset = Rc::new(charset);
    }

    /// This node, or one attribute of it, as a place.
    pub(in crate::read) fn at(&self, tag: Option<Tag>) -> Provenance {
        place_at(self.notes, &self.place, tag)
    }

    /// The findings of the file.
    pub(in crate::read) const fn notes(&self) -> &'s Notes {
        self.notes
    }

    /// Keeps a finding that asks for care.
    pub(in crate::read) fn warn(&self, code: Code, tag: Tag, text: impl Into<String>) {
        self.notes.add(Severity::Warning, code, || self.at(Some(tag)), text);
    }

    /// Keeps a finding worth knowing.
    pub(in crate::read) fn info(&self, code: Code, tag: Tag, text: impl Into<String>) {
        self.notes.add(Severity::Info, code, || self.at(Some(tag)), text);
    }

    /// Keeps a finding that makes a part of the object unusable.
    pub(in crate::read) fn spoil(&self, code: Code, tag: Tag, text: impl Into<String>) {
        self.notes.add(Severity::Error, code, || self.at(Some(tag)), text);
    }

    /// An error at an attribute of this node.
    pub(in crate::read) fn error(
        &self,
        kind: ReadErrorKind,
        tag: Tag,
        detail: impl Into<String>,
    ) -> ReadError {
        ReadError::new(kind, detail).placed(|_| self.at(Some(tag)))
    }

    /// The error of an absent attribute.
    pub(in crate::read) fn missing(&self, tag: Tag) -> ReadError {
        self.error(ReadErrorKind::MissingAttribute, tag, "expected a value, found none")
    }

    /// The element, empty or not.
    pub(in crate::read) fn element(&self, tag: Tag) -> Option<&Element<'a>> {
        self.level.find(tag)
    }

    /// Is there an element with `tag`, be it empty.
    pub(in crate::read) fn has(&self, tag: Tag) -> bool {
        self.element(tag).is_some()
    }

    /// Every element, sorted by tag.
    pub(in crate::read) fn elements(&self) -> &[Element<'a>] {
        &self.level.elements
    }

    /// The value's bytes without padding; `None` where absent or empty.
    pub(in crate::read) fn bytes(&self, tag: Tag) -> Option<&'a [u8]> {
        let element = self.element(tag)?;
        let value = number::trim(element.value);
        (element.form == Form::Plain && !value.is_empty()).then_some(value)
    }

    /// The character set in force.
    pub(in crate::read) fn charset(&self) -> &Charset {
        &self.charset
    }

    /// The items of a sequence, in order. An absent or empty sequence has none.
    pub(in crate::read) fn items<'n>(&'n self, tag: Tag) -> Children<'a, 'n>
    where
        's: 'n,
    {
        let items = self
            .element(tag)
            .filter(|element| !element.value.is_empty())
            .map(|element| Items::of(element, self.depth));
        Children {
            items,
            sequence: tag,
            index: 0,
            node: NodeContext {
                charset: &self.charset,
                place: &self.place,
                depth: self.depth,
                notes: self.notes,
            },
        }
    }

    /// The first item of a sequence.
    pub(in crate::read) fn first<'n>(&'n self, tag: Tag) -> Result<Option<Node<'a, 'n>>, ReadError> {
        self.items(tag).next().transpose()
    }
}

fn place_at(notes: &Notes, place: &Place<'_>, tag: Option<Tag>) -> Provenance {
    let path = place.path(tag);
    Provenance {
        path: (!path.is_empty()).then_some(path),
        tag: tag.map(|tag| provenance::Tag::new(tag.0, tag.1)),
        ..notes.place()
    }
}

/// What a node hands to its items.
#[derive(Debug, Clone, Copy)]
struct NodeContext<'n> {
    charset: &'n Rc<Charset>,
    place: &'n Place<'n>,
    depth: usize,
    notes: &'n Notes,
}

/// Walks the items of a sequence.
pub(in crate::read) struct Children<'a, 'n> {
    items: Option<Items<'a>>,
    sequence: Tag,
    index: usize,
    node: NodeContext<'n>,
}

impl<'a, 'n> Iterator for Children<'a, 'n> {
    type Item = Result<Node<'a, 'n>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.items.as_mut()?.next()?;
        let index = self.index;
        self.index += 1;
        let NodeContext { charset, place, depth, notes } = self.node;
        let here = Place::Item { parent: place, sequence: self.sequence, index };
        let result = item.and_then(|item| {
            if depth + 1 > MAX_DEPTH {
                return Err(ReadError::new(
                    ReadErrorKind::TooDeep,
                    format!("expected at most {MAX_DEPTH} nested sequences, found more"),
                ));
            }
            if index >= MAX_ITEMS {
                return Err(ReadError::new(
                    ReadErrorKind::TooLarge,
                    format!("expected at most {MAX_ITEMS} items in a sequence, found more"),
                ));
            }
            if item.mixed {
                let text = "expected an item in explicit VR, found one in implicit VR";
                notes.add(Severity::Warning, files::MIXED_ENCODING, || place_at(notes, &here, None), text);
            }
            Node::read(item.bytes, item.encoding, Rc::clone(charset), here, depth + 1, notes)
        });
        if result.is_err() {
            self.items = None;
        }
        Some(result.map_err(|error| {
            error.placed(|tag| place_at(notes, &here, tag.map(|tag| Tag(tag.group, tag.element))))
        }))
    }
}
