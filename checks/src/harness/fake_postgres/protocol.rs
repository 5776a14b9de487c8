//! The conversation on one connection. pgwire defines the messages; this module decides when to send which.

use super::login::log_in;
use super::statement::Statement;
use super::wire::{Wire, error};
use super::{Shared, State};
use pgwire::messages::data::{NoData, ParameterDescription};
use pgwire::messages::extendedquery as extended;
use pgwire::messages::response::{ReadyForQuery, TransactionStatus};
use pgwire::messages::{PgWireBackendMessage as Say, PgWireFrontendMessage as Heard};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use tokio::net::TcpStream;

/// Serves a client until one side hangs up.
pub async fn converse(stream: TcpStream, shared: Arc<Shared>) -> Option<()> {
    let mut wire = Wire::new(stream);
    log_in(&mut wire, &shared).await?;
    let mut session = Session {
        shared,
        status: TransactionStatus::Idle,
        statements: HashMap::new(),
        portals: HashMap::new(),
    };
    let mut skips = false;
    loop {
        let replies = match wire.receive().await? {
            Heard::Terminate(_) => return None,
            Heard::Query(query) => session.query(&query.query).await,
            Heard::Sync(_) => {
                skips = false;
                vec![session.ready()]
            }
            // After an error everything is ignored until the client sends `Sync`.
            _ if skips => vec![],
            heard => session.step(heard).await.unwrap_or_else(|error| {
                skips = true;
                vec![error]
            }),
        };
        wire.send(&replies).await?;
    }
}

struct Session {
    shared: Arc<Shared>,
    status: TransactionStatus,
    /// Parsed statements by name, with the types of their parameters.
    statements: HashMap<Option<String>, (Statement, Vec<u32>)>,
    /// Bound portals by name.
    portals: HashMap<Option<String>, (Statement, extended::Bind)>,
}

impl Session {
    fn ready(&self) -> Say {
        Say::ReadyForQuery(ReadyForQuery::new(self.status))
    }

    /// The simple protocol: everything in one message.
    async fn query(&mut self, sql: &str) -> Vec<Say> {
        let statements = Statement::all(sql, &[]);
        let mut replies = Vec::new();
        match self.arrive(&statements).await {
            Ok(()) => {
                for statement in &statements {
                    replies.extend(statement.description(&[]));
                    replies.extend(statement.result(None));
                }
            }
            Err(error) => replies.push(error),
        }
        replies.push(self.ready());
        replies
    }

    /// The extended protocol: one step per message.
    async fn step(&mut self, heard: Heard) -> Result<Vec<Say>, Say> {
        let unknown = || error("ERROR", "26000", "no statement or portal has that name");
        let no_data = || Say::NoData(NoData::new());
        Ok(match heard {
            Heard::Parse(parse) => {
                let statement = Statement::all(&parse.query, &parse.type_oids).swap_remove(0);
                self.statements
                    .insert(parse.name, (statement, parse.type_oids));
                vec![Say::ParseComplete(extended::ParseComplete::new())]
            }
            Heard::Bind(bind) => {
                let parsed = self.statements.get(&bind.statement_name);
                let (statement, _) = parsed.ok_or_else(unknown)?;
                self.portals
                    .insert(bind.portal_name.clone(), (statement.clone(), bind));
                vec![Say::BindComplete(extended::BindComplete::new())]
            }
            Heard::Describe(it) if it.target_type == extended::TARGET_TYPE_BYTE_STATEMENT => {
                let (statement, types) = self.statements.get(&it.name).ok_or_else(unknown)?;
                let parameters = ParameterDescription::new(types.clone());
                let description = statement.description(&[]).unwrap_or_else(no_data);
                vec![Say::ParameterDescription(parameters), description]
            }
            Heard::Describe(it) => {
                let (statement, bind) = self.portals.get(&it.name).ok_or_else(unknown)?;
                let formats = &bind.result_column_format_codes;
                vec![statement.description(formats).unwrap_or_else(no_data)]
            }
            Heard::Execute(it) => {
                let (statement, bind) = self.portals.remove(&it.name).ok_or_else(unknown)?;
                self.arrive(std::slice::from_ref(&statement)).await?;
                statement.result(Some(&bind))
            }
            // A closed name may stay in the map: it can be assigned again all the same.
            Heard::Close(_) => vec![Say::CloseComplete(extended::CloseComplete::new())],
            _ => vec![],
        })
    }

    /// Counts the statements, and returns when they may be answered, or with the error to send instead.
    async fn arrive(&mut self, statements: &[Statement]) -> Result<(), Say> {
        let shared = &self.shared;
        let questions = statements
            .iter()
            .filter(|statement| statement.is_question)
            .count();
        shared.questions.fetch_add(questions, Relaxed);
        shared.statements.fetch_add(statements.len(), Relaxed);
        if self.status == TransactionStatus::Transaction
            && statements.iter().all(|statement| statement.is_setting)
        {
            shared.left_open.fetch_add(1, Relaxed);
        }
        // Clients send their settings right after the login, and migrate once: a state that accepts logins accepts that too.
        if !statements
            .iter()
            .all(|it| it.is_setting || it.is_preparation)
        {
            shared.unanswered.fetch_add(statements.len(), Relaxed);
            let mut state = shared.state.subscribe();
            let answered = |state: &State| match state {
                State::Hanging => false,
                State::Stalling => questions == 0,
                State::Locked => !statements.iter().any(|it| it.is_reading),
                _ => true,
            };
            let slow = match &*state.borrow() {
                State::Slow(pause) if questions > 0 => Some(*pause),
                _ => None,
            };
            if let Some(pause) = slow {
                tokio::time::sleep(pause).await;
            }
            let state = state.wait_for(answered).await;
            shared.unanswered.fetch_sub(statements.len(), Relaxed);
            if let Ok(State::Failing(message)) = state.as_deref() {
                if self.status == TransactionStatus::Transaction {
                    self.status = TransactionStatus::Error;
                }
                return Err(error("ERROR", "58030", message));
            }
        }
        for after in statements.iter().filter_map(|statement| statement.after) {
            self.status = after;
        }
        Ok(())
    }
}
