//! The same expectation of the answers to different clients.

use std::thread;

use super::{Question, exchanges::only_difference};
use crate::{
    check::Failure,
    harness::{
        clients::{self, Client},
        http::{ANSWER_LIMIT, Answer, NoAnswer},
        threads::joined,
    },
};

/// The number of clients that ask at the same time: a service that takes a second for an answer should not cost a minute.
const AT_A_TIME: usize = 8;

impl<'a> Question<'a> {
    /// The same request, as this client writes it.
    pub fn by(&self, client: &Client) -> Question<'a> {
        self.with_command(&client.command(self.method, self.path))
    }

    /// Expects the same of the answer to every client. A plain curl has been answered as expected already.
    pub fn expect_by_each_client(
        &self,
        expect: impl Fn(&Question, Result<Answer, NoAnswer>) -> Result<(), Failure> + Sync,
    ) -> Result<(), Failure> {
        self.each_client(|client| {
            let answer = self.program.ask_as(client, self.method, self.path);
            expect(&self.by(client), answer)
        })
        .or_else(|failure| {
            // Is it the client, or the number of requests? A plain curl request tells.
            let again = self.program.ask(self.method, self.path, ANSWER_LIMIT);
            expect(self, again).map_err(|failure| {
                self.repeated(
                    100,
                    Failure {
                        expected: format!("{}, every time", failure.expected),
                        ..failure
                    },
                )
                .perhaps("the first requests were answered as expected: something counts them, or remembers")
            })?;
            Err(failure)
        })
    }

    /// Expects `HEAD` to be answered as `GET` is, to each client: both may change in between, but not twice.
    pub fn expect_head_matches_by_each_client(&self) -> Result<(), Failure> {
        self.each_client(|client| {
            self.expect_both(client)
                .or_else(|_| self.expect_both(client))
        })
    }

    fn expect_both(&self, client: &Client) -> Result<(), Failure> {
        match self.program.ask_as(client, "GET", self.path) {
            Ok(get) => {
                let answer = self.program.ask_as(client, "HEAD", self.path);
                let head = self.with_head().by(client);
                head.expect_head_matches(&get, answer)
            }
            // The checks of GET report that.
            Err(_) => Ok(()),
        }
    }

    /// The first failure in the order of the clients, not of the answers.
    fn each_client(
        &self,
        look: impl Fn(&Client) -> Result<(), Failure> + Sync,
    ) -> Result<(), Failure> {
        let one = |client: &Client| {
            look(client).map_err(|failure| failure.perhaps(only_difference(&client.curl)))
        };
        let together = |clients: &[Client]| {
            thread::scope(|scope| {
                let asking: Vec<_> = clients
                    .iter()
                    .map(|client| scope.spawn(|| one(client)))
                    .collect();
                let looks = asking.into_iter();
                let mut looks = looks.map(joined);
                looks.try_for_each(|result| result)
            })
        };
        clients::all().chunks(AT_A_TIME).try_for_each(together)
    }

    /// A failure that shows only after several requests: its commands send this many.
    pub fn repeated(&self, times: usize, failure: Failure) -> Failure {
        let command = self.command();
        let one = command.replace("curl -i", "curl -is");
        Failure {
            how: failure.how.replace(
                &command,
                &format!("for i in $(seq {times}); do {one}; echo; done"),
            ),
            ..failure
        }
    }

    /// The commands, with the request for `of` repeated this many times, and then one for `path`.
    pub fn repeated_before(&self, of: &str, times: usize, path: &str) -> String {
        let command = self.command();
        let then = command.replace(of, path);
        let one = command.replace("curl -i", "curl -is");
        let commands = format!("for i in $(seq {times}); do {one}; echo; done\n{then}");
        self.how.replace(&command, &commands)
    }

    /// The line with curl among the commands.
    pub(super) fn command(&self) -> String {
        let mut lines = self.how.lines();
        lines
            .find(|line| line.starts_with("curl "))
            .unwrap_or_default()
            .to_owned()
    }
}
