-- How satisfied customers are once their case is closed. A version never changes;
-- version 0 is the program's own and has no row.
CREATE TABLE survey (
    tenant  TEXT    NOT NULL REFERENCES tenant (id),
    version INTEGER NOT NULL,
    text    TEXT    NOT NULL,
    made_at INTEGER NOT NULL,
    made_by TEXT    NOT NULL,
    PRIMARY KEY (tenant, version)
) STRICT, WITHOUT ROWID;

-- The one that is in use.
CREATE TABLE survey_active (
    tenant  TEXT    NOT NULL PRIMARY KEY REFERENCES tenant (id),
    version INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- A closed case whose customer is to be asked, was asked, or is not asked: one
-- row for a case, so that it is asked about once.
CREATE TABLE survey_case (
    tenant       TEXT    NOT NULL,
    id           BLOB    NOT NULL,
    case_id      TEXT    NOT NULL,
    conversation BLOB    NOT NULL,
    lane         BLOB    NOT NULL,
    person       BLOB    NOT NULL,
    number       TEXT    NOT NULL,
    noticed_at   INTEGER NOT NULL,
    closed_at    INTEGER NOT NULL,
    state        TEXT    NOT NULL, -- waiting, asked, answered, skipped
    due_at       INTEGER NOT NULL, -- waiting: looked at again; else: written to the case again
    reason       TEXT,             -- skipped: why
    version      INTEGER,          -- of the file by which it was asked
    message      BLOB,
    asked_at     INTEGER,
    scale        TEXT,             -- csat, nps
    answer_hours INTEGER,
    comment_minutes INTEGER,
    score        INTEGER,
    answered_at  INTEGER,
    comment      BLOB,             -- sealed, person
    heard        INTEGER NOT NULL DEFAULT 0, -- rises with each answer and comment
    written      INTEGER NOT NULL DEFAULT 0, -- up to which the case has them
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, case_id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX survey_case_waiting ON survey_case (tenant, due_at) WHERE state = 'waiting';
CREATE INDEX survey_case_unwritten ON survey_case (tenant, due_at) WHERE written < heard;
CREATE INDEX survey_case_person ON survey_case (tenant, person, asked_at);
CREATE INDEX survey_case_noticed ON survey_case (tenant, noticed_at, id);
CREATE INDEX survey_case_answered ON survey_case (tenant, answered_at, id);

-- The question that was asked here last: what an answer is held against.
ALTER TABLE lane ADD COLUMN survey BLOB;
