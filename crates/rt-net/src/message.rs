//! Commands: the command set of every DIMSE message (PS3.7 section 6.3 and annex E).
//!
//! Units: none. Frame: none.

use crate::data_set::DataSet;
use crate::error::NetError;
use crate::status::Status;
use rt_model::provenance::Tag;
use rt_model::uid::Uid;

/// The longest command set that is read; real ones have some 200 bytes.
pub const MAX_COMMAND: usize = 1 << 14;

const GROUP_LENGTH: Tag = Tag::new(0, 0x0000);
const AFFECTED_CLASS: Tag = Tag::new(0, 0x0002);
const REQUESTED_CLASS: Tag = Tag::new(0, 0x0003);
const COMMAND_FIELD: Tag = Tag::new(0, 0x0100);
const MESSAGE_ID: Tag = Tag::new(0, 0x0110);
const RESPONDED_TO: Tag = Tag::new(0, 0x0120);
const PRIORITY: Tag = Tag::new(0, 0x0700);
const DATA_SET_TYPE: Tag = Tag::new(0, 0x0800);
const STATUS: Tag = Tag::new(0, 0x0900);
const OFFENDING_ELEMENT: Tag = Tag::new(0, 0x0901);
const ERROR_COMMENT: Tag = Tag::new(0, 0x0902);
const AFFECTED_INSTANCE: Tag = Tag::new(0, 0x1000);
const REQUESTED_INSTANCE: Tag = Tag::new(0, 0x1001);
const EVENT_TYPE: Tag = Tag::new(0, 0x1002);
const ACTION_TYPE: Tag = Tag::new(0, 0x1008);

/// Command Data Set Type: none follows.
const NO_DATA_SET: u16 = 0x0101;
/// Command Data Set Type: one follows (any value but the one above).
const DATA_SET: u16 = 0x0001;
/// Priority: medium.
const MEDIUM: u16 = 0x0000;
/// The bit that makes a response of a command field.
const RESPONSE: u16 = 0x8000;

/// What a command asks for or answers, without the bit that marks responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// C-STORE
    Store,
    /// C-FIND
    Find,
    /// C-ECHO
    Echo,
    /// N-EVENT-REPORT
    EventReport,
    /// N-ACTION
    Action,
    /// C-CANCEL
    Cancel,
    /// Another one; the command field.
    Other(u16),
}

impl Operation {
    const fn field(self) -> u16 {
        match self {
            Self::Store => 0x0001,
            Self::Find => 0x0020,
            Self::Echo => 0x0030,
            Self::EventReport => 0x0100,
            Self::Action => 0x0130,
            Self::Cancel => 0x0FFF,
            Self::Other(field) => field,
        }
    }

    const fn of(field: u16) -> Self {
        match field & !RESPONSE {
            0x0001 => Self::Store,
            0x0020 => Self::Find,
            0x0030 => Self::Echo,
            0x0100 => Self::EventReport,
            0x0130 => Self::Action,
            0x0FFF => Self::Cancel,
            field => Self::Other(field),
        }
    }
}

/// A command set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    set: DataSet,
    /// What it asks for or answers.
    pub operation: Operation,
    /// It answers.
    pub is_response: bool,
    /// Message ID, or the one it answers.
    pub message_id: u16,
    /// A data set follows.
    pub has_data: bool,
}

impl Command {
    fn new(operation: Operation, is_response: bool, message_id: u16, has_data: bool) -> Self {
        let mut set = DataSet::default();
        set.put_u16(COMMAND_FIELD, operation.field() | if is_response { RESPONSE } else { 0 });
        set.put_u16(if is_response { RESPONDED_TO } else { MESSAGE_ID }, message_id);
        set.put_u16(DATA_SET_TYPE, if has_data { DATA_SET } else { NO_DATA_SET });
        Self { set, operation, is_response, message_id, has_data }
    }

    /// C-ECHO request.
    #[must_use]
    pub fn echo(message_id: u16) -> Self {
        let mut command = Self::new(Operation::Echo, false, message_id, false);
        command.set.put_uid(AFFECTED_CLASS, &crate::uids::uid(crate::uids::VERIFICATION));
        command
    }

    /// C-STORE request.
    #[must_use]
    pub fn store(message_id: u16, sop_class: &Uid, sop_instance: &Uid) -> Self {
        let mut command = Self::new(Operation::Store, false, message_id, true);
        command.set.put_uid(AFFECTED_CLASS, sop_class);
        command.set.put_uid(AFFECTED_INSTANCE, sop_instance);
        command.set.put_u16(PRIORITY, MEDIUM);
        command
    }

    /// C-FIND request.
    #[must_use]
    pub fn find(message_id: u16, sop_class: &Uid) -> Self {
        let mut command = Self::new(Operation::Find, false, message_id, true);
        command.set.put_uid(AFFECTED_CLASS, sop_class);
        command.set.put_u16(PRIORITY, MEDIUM);
        command
    }

    /// N-ACTION request.
    #[must_use]
    pub fn action(message_id: u16, sop_class: &Uid, sop_instance: &Uid, action_type: u16) -> Self {
        let mut command = Self::new(Operation::Action, false, message_id, true);
        command.set.put_uid(REQUESTED_CLASS, sop_class);
        command.set.put_uid(REQUESTED_INSTANCE, sop_instance);
        command.set.put_u16(ACTION_TYPE, action_type);
        command
    }

    /// N-EVENT-REPORT request.
    #[must_use]
    pub fn event_report(message_id: u16, sop_class: &Uid, sop_instance: &Uid, event_type: u16) -> Self {
        let mut command = Self::new(Operation::EventReport, false, message_id, true);
        command.set.put_uid(AFFECTED_CLASS, sop_class);
        command.set.put_uid(AFFECTED_INSTANCE, sop_instance);
        command.set.put_u16(EVENT_TYPE, event_type);
        command
    }

    /// The response to this request, without a data set.
    #[must_use]
    pub fn response(&self, status: Status) -> Self {
        let mut response = Self::new(self.operation, true, self.message_id, false);
        for (from, to) in [
            (AFFECTED_CLASS, AFFECTED_CLASS),
            (AFFECTED_INSTANCE, AFFECTED_INSTANCE),
            (REQUESTED_CLASS, AFFECTED_CLASS),
            (REQUESTED_INSTANCE, AFFECTED_INSTANCE),
        ] {
            if let Some(uid) = self.set.uid(from) {
                response.set.put_uid(to, &uid);
            }
        }
        for tag in [EVENT_TYPE, ACTION_TYPE] {
            if let Some(number) = self.set.u16(tag) {
                response.set.put_u16(tag, number);
            }
        }
        response.set.put_u16(STATUS, status.0);
        response
    }

    /// Affected or Requested SOP Class UID.
    #[must_use]
    pub fn sop_class(&self) -> Option<Uid> {
        self.set.uid(AFFECTED_CLASS).or_else(|| self.set.uid(REQUESTED_CLASS))
    }

    /// Affected or Requested SOP Instance UID.
    #[must_use]
    pub fn sop_instance(&self) -> Option<Uid> {
        self.set.uid(AFFECTED_INSTANCE).or_else(|| self.set.uid(REQUESTED_INSTANCE))
    }

    /// Status of a response.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.set.u16(STATUS).map(Status)
    }

    /// Event Type ID of an N-EVENT-REPORT.
    #[must_use]
    pub fn event_type(&self) -> Option<u16> {
        self.set.u16(EVENT_TYPE)
    }

    /// Action Type ID of an N-ACTION.
    #[must_use]
    pub fn action_type(&self) -> Option<u16> {
        self.set.u16(ACTION_TYPE)
    }

    /// Error Comment and Offending Element of a response, where the peer gives them.
    #[must_use]
    pub fn comment(&self) -> Option<String> {
        let comment = self.set.text(ERROR_COMMENT);
        let offending: Vec<String> = self
            .set
            .bytes(OFFENDING_ELEMENT)
            .unwrap_or_default()
            .chunks_exact(4)
            .map(|tag| {
                Tag::new(u16::from_le_bytes([tag[0], tag[1]]), u16::from_le_bytes([tag[2], tag[3]]))
                    .to_string()
            })
            .collect();
        match (comment, offending.is_empty()) {
            (comment, true) => comment,
            (None, false) => Some(offending.join(" ")),
            (Some(comment), false) => Some(format!("{comment} {}", offending.join(" "))),
        }
    }

    /// The command set with its group length, in implicit VR little endian.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let elements = self.set.encode();
        let mut group_length = DataSet::default();
        group_length.put_u32(GROUP_LENGTH, elements.len() as u32);
        let mut out = group_length.encode();
        out.extend_from_slice(&elements);
        out
    }

    /// Reads a command set.
    ///
    /// # Errors
    /// [`crate::NetErrorKind::Protocol`] where it is longer than [`MAX_COMMAND`], an element is damaged or of
    /// another group, or the command, its message ID or its data set type is missing.
    pub fn decode(bytes: &[u8]) -> Result<Self, NetError> {
        if bytes.len() > MAX_COMMAND {
            return Err(NetError::protocol(format!(
                "expected a command set of at most {MAX_COMMAND} bytes, found {}",
                bytes.len()
            )));
        }
        let mut set = DataSet::decode(bytes)?;
        // Nothing new is in it, and some peers count wrongly.
        set.remove(GROUP_LENGTH);
        if let Some(tag) = set.tags().find(|tag| tag.group != 0) {
            return Err(NetError::protocol(format!("expected elements of a command, found {tag}")));
        }
        let number = |tag| {
            set.u16(tag)
                .ok_or_else(|| NetError::protocol(format!("expected the command's {tag}, found none")))
        };
        let field = number(COMMAND_FIELD)?;
        let operation = Operation::of(field);
        let is_response = field & RESPONSE != 0;
        // C-CANCEL names the message it is about as a response does.
        let answers = is_response || operation == Operation::Cancel;
        let message_id = number(if answers { RESPONDED_TO } else { MESSAGE_ID })?;
        let has_data = number(DATA_SET_TYPE)? != NO_DATA_SET;
        Ok(Self { operation, is_response, message_id, has_data, set })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uid(text: &str) -> Uid {
        Uid::new(text).unwrap()
    }

    #[test]
    fn commands_read_back() {
        let (class, instance) = (uid("1.2.840.10008.5.1.4.1.1.2"), uid("2.25.1"));
        let requests = [
            Command::echo(1),
            Command::store(2, &class, &instance),
            Command::find(3, &class),
            Command::action(4, &class, &instance, 1),
            Command::event_report(5, &class, &instance, 2),
        ];
        for request in requests {
            assert_eq!(Command::decode(&request.encode()).unwrap(), request);
            let response = Command::decode(&request.response(Status::SUCCESS).encode()).unwrap();
            assert!(response.is_response);
            assert_eq!((response.operation, response.message_id), (request.operation, request.message_id));
            assert_eq!(
                (response.sop_class(), response.status()),
                (request.sop_class(), Some(Status::SUCCESS))
            );
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_standard() {
        let bytes = Command::echo(1).encode();
        let expected: &[u8] = b"\0\0\0\0\x04\0\0\0\x38\0\0\0\
            \0\0\x02\0\x12\0\0\x001.2.840.10008.1.1\0\
            \0\0\x00\x01\x02\0\0\0\x30\0\
            \0\0\x10\x01\x02\0\0\0\x01\0\
            \0\0\x00\x08\x02\0\0\0\x01\x01";
        assert_eq!(bytes, expected);
    }

    #[test]
    fn comments_name_the_offending_elements() {
        let mut response = Command::store(1, &uid("1.2"), &uid("1.3")).response(Status(0xA900));
        response.set.put_text(ERROR_COMMENT, "no rows");
        response.set.put_text(OFFENDING_ELEMENT, "\x28\0\x10\0");
        let back = Command::decode(&response.encode()).unwrap();
        assert_eq!(back.comment().as_deref(), Some("no rows (0028,0010)"));
    }

    #[test]
    fn what_is_no_command_is_refused() {
        let mut other_group = Command::echo(1);
        other_group.set.put_u16(Tag::new(0x0008, 0x0016), 1);
        let whole = Command::echo(1).encode();
        for bytes in [&other_group.encode()[..], &whole[..whole.len() - 10], b"", &[0; MAX_COMMAND + 1]] {
            assert!(Command::decode(bytes).is_err());
        }
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_survived() {
        let bytes = Command::store(9, &uid("1.2.3"), &uid("2.25.9")).encode();
        for end in 0..bytes.len() {
            drop(Command::decode(&bytes[..end]));
        }
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7F, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] = value;
                drop(Command::decode(&changed));
            }
        }
    }
}
