//! Answers that are errors: more and less of them, of several kinds, in one instance or in all.

use super::{Scene, each_fails, in_first};

pub const FIVE_PERCENT: Scene = Scene {
    what: "5 % of the answers are 5xx, for 15 minutes",
    how: "status=\"200\" 97000+950x15, status=\"500\" 3000+50x15",
    lasts: 15,
    happens: |world| each_fails(world, "500", 50.0, 15),
};

pub const JUST_ABOVE: Scene = Scene {
    what: "1.1 % of the answers are 5xx, for half an hour",
    how: "status=\"200\" 97000+989x30, status=\"500\" 3000+11x30",
    lasts: 30,
    happens: |world| each_fails(world, "500", 11.0, 30),
};

pub const JUST_BELOW: Scene = Scene {
    what: "0.9 % of the answers are 5xx, for half an hour",
    how: "status=\"200\" 97000+991x30, status=\"500\" 3000+9x30",
    lasts: 30,
    happens: |world| each_fails(world, "500", 9.0, 30),
};

pub const NOT_FOUND: Scene = Scene {
    what: "20 % of the answers are 404 Not Found",
    how: "status=\"200\" 97000+800x30, status=\"404\" 5+200x30",
    lasts: 30,
    happens: |world| each_fails(world, "404", 200.0, 30),
};

pub const UNAVAILABLE: Scene = Scene {
    what: "5 % of the answers are 503 Service Unavailable",
    how: "status=\"200\" 97000+950x15, status=\"503\" 600+50x15",
    lasts: 15,
    happens: |world| each_fails(world, "503", 50.0, 15),
};

pub const GATEWAY: Scene = Scene {
    what: "5 % of the answers are 504 Gateway Timeout",
    how: "status=\"200\" 97000+950x15, status=\"504\" 600+50x15",
    lasts: 15,
    happens: |world| each_fails(world, "504", 50.0, 15),
};

pub const ONE_IS_BAD: Scene = Scene {
    what: "one of two instances fails 2.4 % of its requests: 1.2 % of all",
    how: "instance=\"a\",status=\"500\" 0+24x30, instance=\"b\",status=\"500\" 0x30, of 1000 each",
    lasts: 30,
    happens: |world| world.app[0].fail("500", 24.0, in_first(30)),
};

pub const ONE_IS_HALF_BAD: Scene = Scene {
    what: "one of two instances fails 1.6 % of its requests: 0.8 % of all",
    how: "instance=\"a\",status=\"500\" 0+16x30, instance=\"b\",status=\"500\" 0x30, of 1000 each",
    lasts: 30,
    happens: |world| world.app[0].fail("500", 16.0, in_first(30)),
};
