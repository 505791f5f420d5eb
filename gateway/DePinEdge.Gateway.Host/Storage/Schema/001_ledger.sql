-- The ledger's first shape: one row for each turn, compact records inside (the reasons are measured in the storage notes).
CREATE TABLE turn (
    seq          INTEGER PRIMARY KEY,       -- 1, 2, 3, ... without gaps
    first_record INTEGER NOT NULL,
    n            INTEGER NOT NULL,
    ts           INTEGER NOT NULL,          -- UTC milliseconds
    head         BLOB    NOT NULL,          -- 32 bytes: the record chain after the last record
    body         BLOB    NOT NULL
);

-- Whole durable state after a turn, in parts that may be written over several turns; whole when `parts` rows are there.
CREATE TABLE snapshot (
    turn   INTEGER NOT NULL,
    part   INTEGER NOT NULL,
    parts  INTEGER NOT NULL,
    digest BLOB    NOT NULL,                -- SHA-256 of the whole snapshot
    body   BLOB    NOT NULL,
    PRIMARY KEY (turn, part)
) WITHOUT ROWID;

CREATE TABLE epoch (
    epoch     INTEGER PRIMARY KEY,
    last_turn INTEGER NOT NULL,
    head      BLOB    NOT NULL,
    root      BLOB    NOT NULL
);

-- Filled when an epoch is sealed: what history queries read. Never touched per task.
CREATE TABLE account_epoch (
    epoch      INTEGER NOT NULL,
    account    TEXT    NOT NULL,
    cumulative INTEGER NOT NULL,
    held       INTEGER NOT NULL,
    PRIMARY KEY (epoch, account)
) WITHOUT ROWID;

-- Programs, inputs, results and secrets, outside the record chain.
CREATE TABLE blob (
    key    TEXT PRIMARY KEY,
    digest BLOB NOT NULL,                   -- first 16 bytes of SHA-256(key | bytes): finds a damaged row
    bytes  BLOB NOT NULL
);
