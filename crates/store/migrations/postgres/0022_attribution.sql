-- To what a person's next sale is owed: the first touch stays until the sale is won.
CREATE TABLE attribution (
    tenant TEXT    NOT NULL,
    person BYTEA   NOT NULL,
    touch  TEXT    NOT NULL, -- ad:ID, post:ID, campaign:ID, button:ID
    at     BIGINT  NOT NULL,
    PRIMARY KEY (tenant, person),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);

-- Opportunities that puente made, and what became of them.
CREATE TABLE deal (
    tenant       TEXT    NOT NULL,
    conversation BYTEA   NOT NULL,
    record       TEXT    NOT NULL,
    person       BYTEA   NOT NULL,
    number       TEXT    NOT NULL,
    made_at      BIGINT  NOT NULL,
    touch        TEXT,
    is_won       BIGINT  NOT NULL DEFAULT 0,
    closed_at    BIGINT,
    amount       BIGINT,           -- in hundredths
    PRIMARY KEY (tenant, conversation),
    UNIQUE (tenant, record),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);
CREATE INDEX deal_closed ON deal (tenant, closed_at, conversation) WHERE closed_at IS NOT NULL;
CREATE INDEX deal_person ON deal (tenant, person);
