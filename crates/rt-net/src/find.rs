//! C-FIND: what does a node have?
//!
//! Units: none. Frame: none.

use crate::association::{Association, Next};
use crate::client::{one_context, succeeded};
use crate::data_set::DataSet;
use crate::error::{NetError, NetErrorKind, Waited};
use crate::message::{Command, Operation};
use crate::node::Node;
use crate::status::Status;
use crate::uids::{STUDY_ROOT_FIND, uid};
use rt_model::provenance::Tag;
use rt_model::uid::Uid;

/// Answers to one query at most.
pub const FIND_LIMIT: usize = 100_000;

const QUERY_LEVEL: Tag = Tag::new(0x0008, 0x0052);

/// The level of a query in the study root model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Studies
    Study,
    /// Series of one study
    Series,
    /// Instances of one series
    Image,
}

impl Level {
    const fn term(self) -> &'static str {
        match self {
            Self::Study => "STUDY",
            Self::Series => "SERIES",
            Self::Image => "IMAGE",
        }
    }
}

/// A query: keys with a value are matched, keys without one are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What is looked for.
    pub level: Level,
    /// Tags and values; an empty value asks for the attribute.
    pub keys: Vec<(Tag, String)>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    data_set: DataSet,
}

impl Match {
    /// A text of the answer; `None` where the peer gives none.
    #[must_use]
    pub fn text(&self, tag: Tag) -> Option<String> {
        self.data_set.text(tag)
    }

    /// An identifier of the answer; `None` where the peer gives none.
    #[must_use]
    pub fn uid(&self, tag: Tag) -> Option<Uid> {
        self.data_set.uid(tag)
    }
}

/// Asks a node and returns its answers.
///
/// # Errors
/// Where no association comes about, the peer does not answer queries, fails, or has more than [`FIND_LIMIT`]
/// answers.
pub async fn find(node: &Node, query: &Query) -> Result<Vec<Match>, NetError> {
    let mut found = find_all(node, std::slice::from_ref(query)).await?;
    Ok(found.pop().unwrap_or_default())
}

/// Asks several queries on one association; the answers are in their order.
pub(crate) async fn find_all(node: &Node, queries: &[Query]) -> Result<Vec<Vec<Match>>, NetError> {
    let mut association = Association::request(node, vec![one_context(STUDY_ROOT_FIND)]).await?;
    let mut found = Vec::with_capacity(queries.len());
    for query in queries {
        match ask(&mut association, query).await {
            Ok(matches) => found.push(matches),
            Err(error) => {
                association.abort().await;
                return Err(error);
            }
        }
    }
    association.release().await;
    Ok(found)
}

async fn ask(association: &mut Association, query: &Query) -> Result<Vec<Match>, NetError> {
    let context = association.context_of(STUDY_ROOT_FIND)?;
    let mut identifier = DataSet::default();
    for (tag, value) in &query.keys {
        identifier.put_text(*tag, value);
    }
    identifier.put_text(QUERY_LEVEL, query.level.term());
    let message_id = association.next_message_id();
    association.send(context, &Command::find(message_id, &uid(STUDY_ROOT_FIND)), Some(&identifier)).await?;
    let mut matches = Vec::new();
    loop {
        let Next::Command(context, response) = association.next(Waited::Response).await? else {
            return Err(association.wrong("expected an answer to the query, found a release request"));
        };
        if !response.is_response || response.operation != Operation::Find || response.message_id != message_id
        {
            return Err(association.wrong("expected an answer to the query, found another command"));
        }
        if !response.status().is_some_and(Status::is_pending) {
            if response.has_data {
                association.data_set(context).await?;
            }
            succeeded(association, &response)?;
            return Ok(matches);
        }
        if !response.has_data {
            return Err(association.wrong("expected the data set of an answer, found none"));
        }
        if matches.len() == FIND_LIMIT {
            return Err(NetError::new(NetErrorKind::TooMany { limit: FIND_LIMIT })
                .at_peer(association.connection.peer()));
        }
        matches.push(Match { data_set: association.data_set(context).await? });
    }
}
