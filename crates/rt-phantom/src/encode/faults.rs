//! Encoded data sets made wrong on purpose: the bytes that rt-dicom writes are walked element by element and
//! written again, with the lengths of sequences stated as most planning systems do, and with a fault where a
//! test asks for one.
//!
//! Units: bytes. Frame: none.

use super::Encoding;
use rt_dicom::{DataSet, PathError, Place, TransferSyntax, Value, Vr, tags};
use rt_model::provenance::Tag;

const UNDEFINED: u32 = u32::MAX;
const ITEM: Tag = Tag::new(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag::new(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag::new(0xFFFE, 0xE0DD);

/// What is wrong with one element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    at: Place,
    kind: FaultKind,
}

#[derive(Debug, Clone, PartialEq)]
enum FaultKind {
    /// The length field says this, whatever the value's length is.
    DeclaredLength(u32),
    /// The element stands a second time behind itself, with this value.
    Repeated(Value),
}

impl Fault {
    /// The length field of an element says `length`.
    pub(crate) fn declared_length(data: &DataSet, path: &str, length: u32) -> Result<Self, PathError> {
        Self::new(data, path, FaultKind::DeclaredLength(length))
    }

    /// An element occurs twice.
    pub(crate) fn repeated(data: &DataSet, path: &str, value: Value) -> Result<Self, PathError> {
        Self::new(data, path, FaultKind::Repeated(value))
    }

    fn new(data: &DataSet, path: &str, kind: FaultKind) -> Result<Self, PathError> {
        Ok(Self { at: data.locate(path)?, kind })
    }
}

/// Writes an encoded data set again, with faults.
pub(super) struct Rewriter<'a> {
    rest: &'a [u8],
    out: Vec<u8>,
    syntax: TransferSyntax,
    undefined_lengths: bool,
    faults: &'a [Fault],
    /// Where the walk is.
    steps: Vec<(Tag, usize)>,
}

impl<'a> Rewriter<'a> {
    /// `bytes` are a sound data set with sequences of undefined length.
    pub(super) fn new(bytes: &'a [u8], encoding: &Encoding, faults: &'a [Fault]) -> Self {
        let out = Vec::with_capacity(bytes.len());
        let (syntax, undefined_lengths) = (encoding.syntax, encoding.undefined_lengths);
        Self { rest: bytes, out, syntax, undefined_lengths, faults, steps: Vec::new() }
    }

    pub(super) fn data_set(mut self) -> Vec<u8> {
        while !self.rest.is_empty() {
            let tag = self.tag();
            self.element(tag);
        }
        self.out
    }

    fn element(&mut self, tag: Tag) {
        let (vr, length) = self.vr_and_length();
        let here = |fault: &&Fault| fault.at.tag == tag && fault.at.steps == self.steps;
        let (mut declared, mut repeated) = (None, None);
        for fault in self.faults.iter().filter(here) {
            match &fault.kind {
                FaultKind::DeclaredLength(length) => declared = Some((fault.at.vr, *length)),
                FaultKind::Repeated(value) => repeated = Some((fault.at.vr, value)),
            }
        }
        match (length, declared) {
            (UNDEFINED, _) if tag == tags::PIXEL_DATA => {
                self.header(tag, vr, declared.map_or(UNDEFINED, |(_, length)| length));
                self.fragments();
            }
            (UNDEFINED, _) => {
                self.header(tag, vr, UNDEFINED);
                self.sequence(tag, declared.map(|(_, length)| length));
            }
            (length, None) => self.value(tag, vr, length, length),
            // The value representation is the element's own: a wrong length may be short enough for it.
            (length, Some((vr, declared))) => self.value(tag, vr, declared, length),
        }
        if let Some((vr, value)) = repeated {
            let mut second = DataSet::default();
            second.put_as(tag, vr, value.clone());
            self.out.extend(second.encode(self.syntax).expect("phantoms hold what can be written"));
        }
    }

    fn value(&mut self, tag: Tag, vr: Vr, declared: u32, length: u32) {
        self.header(tag, vr, declared);
        let value = self.take(length as usize);
        self.out.extend_from_slice(value);
    }

    fn sequence(&mut self, sequence: Tag, declared: Option<u32>) {
        let start = self.out.len();
        for number in 0.. {
            let tag = self.tag();
            self.take(4);
            if tag == SEQUENCE_END {
                break;
            }
            self.bare_header(ITEM, UNDEFINED);
            let item_start = self.out.len();
            self.steps.push((sequence, number));
            loop {
                let tag = self.tag();
                if tag == ITEM_END {
                    self.take(4);
                    break;
                }
                self.element(tag);
            }
            self.steps.pop();
            self.end(ITEM_END, item_start);
        }
        self.end(SEQUENCE_END, start);
        if let Some(length) = declared {
            self.patch(start, length);
        }
    }

    /// Ends a sequence or item by its delimiter, or by stating its length.
    fn end(&mut self, delimiter: Tag, start: usize) {
        if self.undefined_lengths {
            self.bare_header(delimiter, 0);
        } else {
            let length = u32::try_from(self.out.len() - start).expect("sequences are below 4 GiB");
            self.patch(start, length);
        }
    }

    fn fragments(&mut self) {
        loop {
            let tag = self.tag();
            let length = self.double_word();
            self.bare_header(tag, length);
            if tag == SEQUENCE_END {
                return;
            }
            let fragment = self.take(length as usize);
            self.out.extend_from_slice(fragment);
        }
    }

    fn take(&mut self, bytes: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    fn word(&mut self) -> u16 {
        let bytes = self.take(2).try_into().expect("two bytes were taken");
        if self.is_big() { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }

    fn double_word(&mut self) -> u32 {
        let bytes = self.take(4).try_into().expect("four bytes were taken");
        if self.is_big() { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }

    fn tag(&mut self) -> Tag {
        let group = self.word();
        Tag::new(group, self.word())
    }

    fn vr_and_length(&mut self) -> (Vr, u32) {
        if !self.syntax.is_explicit() {
            return (Vr::UN, self.double_word());
        }
        let letters = self.take(2).try_into().expect("two bytes were taken");
        let vr = Vr::from_letters(letters).expect("rt-dicom writes value representations of the standard");
        if vr.has_short_length() {
            return (vr, self.word().into());
        }
        self.take(2);
        (vr, self.double_word())
    }

    fn is_big(&self) -> bool {
        self.syntax == TransferSyntax::ExplicitBig
    }

    fn put_word(&mut self, word: u16) {
        let bytes = if self.is_big() { word.to_be_bytes() } else { word.to_le_bytes() };
        self.out.extend_from_slice(&bytes);
    }

    fn put_double_word(&mut self, word: u32) {
        let bytes = if self.is_big() { word.to_be_bytes() } else { word.to_le_bytes() };
        self.out.extend_from_slice(&bytes);
    }

    fn header(&mut self, tag: Tag, vr: Vr, length: u32) {
        if !self.syntax.is_explicit() {
            return self.bare_header(tag, length);
        }
        self.put_word(tag.group);
        self.put_word(tag.element);
        match u16::try_from(length) {
            Ok(short) if vr.has_short_length() => {
                self.out.extend_from_slice(&vr.letters());
                self.put_word(short);
            }
            _ => {
                let vr = if vr.has_short_length() { Vr::UN } else { vr };
                self.out.extend_from_slice(&vr.letters());
                self.put_word(0);
                self.put_double_word(length);
            }
        }
    }

    /// Tag and 32-bit length alone: implicit VR, and items everywhere.
    fn bare_header(&mut self, tag: Tag, length: u32) {
        self.put_word(tag.group);
        self.put_word(tag.element);
        self.put_double_word(length);
    }

    /// Fills the 32-bit length field just before `start`.
    fn patch(&mut self, start: usize, length: u32) {
        let bytes = if self.is_big() { length.to_be_bytes() } else { length.to_le_bytes() };
        self.out[start - 4..start].copy_from_slice(&bytes);
    }
}
