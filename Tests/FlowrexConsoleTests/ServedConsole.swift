import Testing

/// What starts programs, one test at a time: a sign-in costs a password's hash, and many at once
/// would wait for one another longer than a request may.
@Suite(.serialized) struct ServedConsole {}
