//! The table of readings and its two queries. Ready made.

use std::{
    error::Error,
    time::{SystemTime, UNIX_EPOCH},
};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::db::AnyConnection;

/// The most readings in one response.
const LATEST: i64 = 100;

/// The longest name of a sensor, in characters.
const LONGEST_NAME: usize = 100;

diesel::table! {
    readings (id) {
        id -> BigInt,
        sensor -> Text,
        value -> Double,
        recorded_at_ms -> BigInt,
    }
}

/// The body that a sensor sends.
#[derive(Deserialize)]
pub struct NewReading {
    sensor: String,
    value: f64,
}

impl NewReading {
    /// Whether it can be stored, and if not, why.
    pub fn check(&self) -> Result<(), String> {
        if self.sensor.is_empty() || self.sensor.chars().count() > LONGEST_NAME {
            return Err(format!("sensor must have 1 to {LONGEST_NAME} characters"));
        }
        if self.sensor.contains(['/', '\0']) {
            return Err("sensor must not contain a slash or a NUL".to_owned());
        }
        Ok(())
    }
}

/// A reading as it is stored and shown.
#[derive(Insertable, Queryable, Selectable, Serialize)]
#[diesel(table_name = readings)]
pub struct Reading {
    sensor: String,
    value: f64,
    /// Milliseconds since 1970-01-01T00:00Z.
    recorded_at_ms: i64,
}

/// Errors here are only logged, so any error type will do.
pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Stores a reading with the current time.
pub fn insert(connection: &mut AnyConnection, new: NewReading) -> Outcome<Reading> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let reading = Reading {
        sensor: new.sensor,
        value: new.value,
        recorded_at_ms: now.as_millis().try_into()?,
    };
    diesel::insert_into(readings::table)
        .values(&reading)
        .execute(connection)?;
    Ok(reading)
}

/// The latest 100 readings of a sensor, newest first.
pub fn latest(connection: &mut AnyConnection, sensor: &str) -> Outcome<Vec<Reading>> {
    let found = readings::table
        .filter(readings::sensor.eq(sensor))
        .order(readings::id.desc())
        .limit(LATEST)
        .select(Reading::as_select())
        .load(connection)?;
    Ok(found)
}
