//! What a statement asks for, and how a database without tables answers it.

use super::sql::{is_word, split};
use bytes::{BufMut, BytesMut};
use pgwire::messages::PgWireBackendMessage as Say;
use pgwire::messages::data::{DataRow, FORMAT_CODE_BINARY, FieldDescription, RowDescription};
use pgwire::messages::extendedquery::Bind;
use pgwire::messages::response::{CommandComplete, EmptyQueryResponse, TransactionStatus};

/// The OIDs of some PostgreSQL types.
const BOOL: u32 = 16;
const INT8: u32 = 20;
const INT4: u32 = 23;
const TEXT: u32 = 25;
const VARCHAR: u32 = 1043;

/// One statement.
#[derive(Clone, Default)]
pub struct Statement {
    /// It only asks for a sign of life: `SELECT 1`, a comment, or a semicolon.
    pub is_question: bool,
    /// It changes a setting of the session.
    pub is_setting: bool,
    /// It is about the rows of the table of the readings.
    pub is_reading: bool,
    /// It belongs to a migration, or begins or ends a transaction.
    pub is_preparation: bool,
    /// The state of the transaction after it, if it begins or ends one.
    pub after: Option<TransactionStatus>,
    /// Name and type of the column that it selects. Only a question gets a row as well.
    column: Option<(String, u32)>,
    /// Its command tag; empty if there is nothing to do.
    done: String,
}

impl Statement {
    /// The statements of `sql`, at least one. `types` are those of the parameters, where declared.
    pub fn all(sql: &str, types: &[u32]) -> Vec<Statement> {
        let read = |text: &String| Statement::read(text, types);
        split(sql).iter().map(read).collect()
    }

    fn read(text: &str, types: &[u32]) -> Statement {
        let statement = Statement::of(text, types);
        let creates = text.starts_with("create") || text.contains("schema_migrations");
        Statement {
            is_reading: text.contains("readings") && !creates,
            is_preparation: creates || statement.after.is_some(),
            ..statement
        }
    }

    fn of(text: &str, types: &[u32]) -> Statement {
        let mut statement = Statement::default();
        let mut words = text.split(|c: char| !is_word(c));
        let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        statement.done = match first {
            "" if text.is_empty() => {
                statement.is_question = true;
                String::new()
            }
            "" | "select" | "with" | "values" | "table" | "show" => return query(text, types),
            "begin" | "start" => "BEGIN".into(),
            "commit" | "end" => "COMMIT".into(),
            "rollback" | "abort" => "ROLLBACK".into(),
            "insert" => "INSERT 0 1".into(),
            "update" | "delete" | "copy" => first.to_uppercase() + " 0",
            "create" | "alter" | "drop" => format!("{first} {second}").to_uppercase(),
            _ => first.to_uppercase(),
        };
        statement.is_setting = first == "set";
        statement.after = match statement.done.as_str() {
            "BEGIN" => Some(TransactionStatus::Transaction),
            "ROLLBACK" if text.contains(" to ") => Some(TransactionStatus::Transaction),
            "COMMIT" | "ROLLBACK" => Some(TransactionStatus::Idle),
            _ => None,
        };
        statement
    }

    /// The description of its rows, if it can have any.
    pub fn description(&self, formats: &[i16]) -> Option<Say> {
        let (name, of) = self.column.as_ref()?;
        let column = FieldDescription::new(name.clone(), 0, 0, *of, -1, -1, format(formats));
        Some(Say::RowDescription(RowDescription::new(vec![column])))
    }

    /// Its result, with the bound parameters.
    pub fn result(&self, bind: Option<&Bind>) -> Vec<Say> {
        let done = Say::CommandComplete(CommandComplete::new(self.done.clone()));
        match self.column {
            Some((_, of)) if self.is_question => vec![Say::DataRow(one(of, bind)), done],
            None if self.is_question => vec![Say::EmptyQueryResponse(EmptyQueryResponse::new())],
            _ => vec![done],
        }
    }
}

/// A query is a question if the first thing that it selects is 1 or a bound parameter, without a table.
fn query(text: &str, types: &[u32]) -> Statement {
    let list = text.split(" from ").next().unwrap_or("");
    let value = list.trim_start_matches("select").trim_start();
    let value = value.trim_start_matches("cast").trim_start_matches('(');
    let of = match value.split(|c| !is_word(c) && c != '$').next() {
        Some("1") if list.contains("int8") || list.contains("bigint") => Some(INT8),
        Some("1") => Some(INT4),
        Some("true") => Some(BOOL),
        Some("$1") => Some(types.first().copied().filter(|of| *of != 0).unwrap_or(TEXT)),
        _ => None,
    };
    let name = list.rsplit([' ', '.']).next().unwrap_or("");
    let name = name.trim_matches('"');
    let is_name = name.chars().all(is_word) && !name.starts_with(char::is_numeric);
    let is_question = of.is_some() && list.len() == text.len();
    Statement {
        is_question,
        column: Some((
            if is_name { name } else { "?column?" }.into(),
            of.unwrap_or(VARCHAR),
        )),
        done: if is_question { "SELECT 1" } else { "SELECT 0" }.into(),
        ..Statement::default()
    }
}

/// The first format code that a client requests or sends.
fn format(codes: &[i16]) -> i16 {
    codes.first().copied().unwrap_or_default()
}

/// The row that answers a question: 1, or the bound value.
fn one(of: u32, bind: Option<&Bind>) -> DataRow {
    let asked = bind.map_or(0, |bind| format(&bind.result_column_format_codes));
    let bound = bind.filter(|bind| format(&bind.parameter_format_codes) == asked);
    let value = match bound.and_then(|bind| bind.parameters.first()) {
        Some(value) => value.as_deref(), // the same type in the same format
        None => Some(match of {
            BOOL if asked == FORMAT_CODE_BINARY => &[1][..],
            INT4 if asked == FORMAT_CODE_BINARY => &[0, 0, 0, 1],
            INT8 if asked == FORMAT_CODE_BINARY => &[0, 0, 0, 0, 0, 0, 0, 1],
            BOOL => b"t",
            _ => b"1",
        }),
    };
    let mut row = BytesMut::new();
    row.put_i32(value.map_or(-1, |value| value.len() as i32));
    row.extend_from_slice(value.unwrap_or_default());
    DataRow::new(row, 1)
}
