//! What a stranger sends: every part of the request that is free to choose is drawn.

use super::{METHODS, PATH, sending::Request};
use crate::harness::random::random_word;

/// A header of each kind that services like to count by: `*` is drawn. A request has every third of them.
const HEADERS: [&str; 33] = [
    "User-Agent: *",
    "Referer: http://*.example/",
    "X-Request-Id: *",
    "X-Forwarded-For: 2001:db8::1, *",
    "Accept-Language: *",
    "X-Forwarded-Host: *.example",
    "X-Forwarded-Proto: *",
    "X-Forwarded-Prefix: /*",
    "X-Forwarded-Uri: /*",
    "Forwarded: for=*;host=*.example;proto=*",
    "X-Real-IP: *",
    "X-HTTP-Method-Override: *",
    "X-HTTP-Method: *",
    "X-Method-Override: *",
    "X-Original-URL: /*",
    "X-Rewrite-URL: /*",
    "Accept: text/*",
    "Accept-Encoding: *",
    "Content-Type: text/*",
    "Origin: https://*.example",
    "Authorization: Bearer *",
    "Cookie: session=*",
    "From: *@example.com",
    "Via: 1.1 *",
    "Traceparent: 00-*",
    "X-Correlation-Id: *",
    "X-Client-Id: *",
    "X-Tenant-Id: *",
    "X-User-Id: *",
    "X-Api-Key: *",
    "X-Api-Version: *",
    "Sec-CH-UA-Platform: *",
    "X-*: *",
];

/// No method, path, query or header of it was ever there before, but some are nearly usual.
pub fn request(number: usize) -> Request {
    let word = random_word();
    Request {
        method: method(number, &word),
        path: match number % 9 {
            0 => format!("/{word}"),
            1 => format!("/{word}/../%2e%2e/{}.php?{word}={word}", random_word()),
            2 => format!("/readings/{word}"),
            3 => format!("/health?{word}"),
            4 => format!("/health/{word}"),
            5 => format!("//{word}//"),
            6 => format!("/readings/{word}/{word}.{word}"),
            7 => format!("/index.{word}"),
            _ => format!("{PATH}/{word}?name[]={word}"),
        },
        headers: headers(number, &word),
    }
}

/// Half of them are inventions: words, or known methods with other letters.
fn method(number: usize, word: &str) -> String {
    let known = METHODS[number / 4 % METHODS.len()];
    match number % 8 {
        0 => word.to_owned(),
        4 => word[1..8].to_uppercase(),
        1 => format!("GET-{word}"),
        5 => capitals(&word[1..6]),
        _ => known.to_owned(),
    }
}

/// Five capital letters, one for each digit.
fn capitals(digits: &str) -> String {
    let letter = |digit: char| {
        let digit = digit.to_digit(16).unwrap_or_default();
        char::from_u32(u32::from('A') + digit).unwrap_or('A')
    };
    digits.chars().map(letter).collect()
}

fn headers(number: usize, word: &str) -> String {
    let host = format!("Host: {word}.example\r\n");
    let others = HEADERS.iter().skip(number % 3).step_by(3);
    others.fold(host, |headers, header| {
        format!("{headers}{}\r\n", header.replace('*', word))
    })
}
