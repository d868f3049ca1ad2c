-- How satisfied customers are once their case is closed. A version never changes;
-- version 0 is the program's own and has no row.
CREATE TABLE survey (
    tenant  TEXT    NOT NULL REFERENCES tenant (id),
    version BIGINT  NOT NULL,
    text    TEXT    NOT NULL,
    made_at BIGINT  NOT NULL,
    made_by TEXT    NOT NULL,
    PRIMARY KEY (tenant, version)
);

-- The one that is in use.
CREATE TABLE survey_active (
    tenant  TEXT    NOT NULL PRIMARY KEY REFERENCES tenant (id),
    version BIGINT  NOT NULL,
    at      BIGINT  NOT NULL,
    actor   TEXT    NOT NULL
);

-- A closed case whose customer is to be asked, was asked, or is not asked: one
-- row for a case, so that it is asked about once.
CREATE TABLE survey_case (
    tenant       TEXT    NOT NULL,
    id           BYTEA   NOT NULL,
    case_id      TEXT    NOT NULL,
    conversation BYTEA   NOT NULL,
    lane         BYTEA   NOT NULL,
    person       BYTEA   NOT NULL,
    number       TEXT    NOT NULL,
    noticed_at   BIGINT  NOT NULL,
    closed_at    BIGINT  NOT NULL,
    state        TEXT    NOT NULL, -- waiting, asked, answered, skipped
    due_at       BIGINT  NOT NULL, -- waiting: looked at again; else: written to the case again
    reason       TEXT,             -- skipped: why
    version      BIGINT,           -- of the file by which it was asked
    message      BYTEA,
    asked_at     BIGINT,
    scale        TEXT,             -- csat, nps
    answer_hours BIGINT,
    comment_minutes BIGINT,
    score        BIGINT,
    answered_at  BIGINT,
    comment      BYTEA,             -- sealed, person
    heard        BIGINT  NOT NULL DEFAULT 0, -- rises with each answer and comment
    written      BIGINT  NOT NULL DEFAULT 0, -- up to which the case has them
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, case_id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) WITH (fillfactor = 70);
CREATE INDEX survey_case_waiting ON survey_case (tenant, due_at) WHERE state = 'waiting';
CREATE INDEX survey_case_unwritten ON survey_case (tenant, due_at) WHERE written < heard;
CREATE INDEX survey_case_person ON survey_case (tenant, person, asked_at);
CREATE INDEX survey_case_noticed ON survey_case (tenant, noticed_at, id);
CREATE INDEX survey_case_answered ON survey_case (tenant, answered_at, id);

-- The question that was asked here last: what an answer is held against.
ALTER TABLE lane ADD COLUMN survey BYTEA;
