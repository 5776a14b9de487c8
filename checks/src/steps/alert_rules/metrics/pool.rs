//! The connections to the database.

use std::ops::Range;

/// The pool of one instance. Each list has a value for each minute.
pub struct Connections {
    /// How many there may be.
    pub max: f64,
    pub open: Vec<f64>,
    pub in_use: Vec<f64>,
}

impl Connections {
    /// Two of four open connections are in use.
    pub fn new(max: f64, minutes: usize) -> Connections {
        Connections {
            max,
            open: vec![4.0; minutes],
            in_use: vec![2.0; minutes],
        }
    }

    /// In these minutes so many are open, and so many of them in use.
    pub fn are(&mut self, open: f64, in_use: f64, minutes: Range<usize>) {
        self.open[minutes.clone()].fill(open);
        self.in_use[minutes].fill(in_use);
    }

    /// In these minutes each connection that there may be is in use.
    pub fn are_used_up(&mut self, minutes: Range<usize>) {
        self.are(self.max, self.max, minutes);
    }
}
