//! A database that holds many messages, for measurements of what their number
//! costs: copies of messages that came in the usual way.

use std::path::Path;

use rusqlite::Connection;

use super::fault::fault;
use crate::StoreError;

/// Rows of one statement; what has been told between two is exact.
const STEP: u64 = 50_000;

/// Writes `count` more messages into a file that [`crate::Store::open_sqlite`]
/// has made, that holds some messages and that nobody has open. Each is a copy
/// of one of those with an id of its own. Afterwards all are done everywhere:
/// Salesforce shows them. `told` hears how many there are.
pub fn prefill_messages(
    database: &Path,
    count: u64,
    told: impl FnMut(u64),
) -> Result<(), StoreError> {
    fill(database, count, told).map_err(fault)
}

fn fill(database: &Path, count: u64, mut told: impl FnMut(u64)) -> Result<(), rusqlite::Error> {
    let conn = Connection::open(database)?;
    // what is measured comes later, on connections of the store
    conn.execute_batch(
        "PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA foreign_keys = OFF; \
         CREATE TEMP TABLE sample AS SELECT m.*, ROW_NUMBER() OVER (ORDER BY m.seq) - 1 AS nth, \
             s.root FROM message m JOIN sync_write s \
             ON s.tenant = m.tenant AND s.id = m.id AND s.object = 2; \
         CREATE UNIQUE INDEX temp.sample_nth ON sample (nth)",
    )?;
    let mut done = 0;
    while done < count {
        let step = STEP.min(count - done);
        let copies = conn.unchecked_transaction()?;
        for sql in [MESSAGES, ITEMS, SHOWN] {
            copies.prepare_cached(sql)?.execute((done as i64, step as i64))?;
        }
        copies.commit()?;
        done += step;
        told(done);
    }
    conn.execute_batch(
        "UPDATE sync_write SET sent = wanted, done = wanted; \
         UPDATE record_link SET state = 'linked'; \
         PRAGMA wal_checkpoint(TRUNCATE)",
    )?;
    Ok(())
}

/// Every copy of this step beside the message it is a copy of. Ids are older
/// than any that this version of the layout gives now, and ascend.
macro_rules! copies {
    ($insert:literal) => {
        concat!(
            "WITH RECURSIVE n (i) AS \
             (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 + ?2 - 1), \
             c AS (SELECT unhex(printf('00%014x%016x', i, nth)) AS copy, i, sample.* \
             FROM n CROSS JOIN sample ON nth = i % (SELECT COUNT(*) FROM sample)) ",
            $insert
        )
    };
}

const MESSAGES: &str = copies!(
    "INSERT INTO message (tenant, id, conversation, person, lane, number, direction, kind, \
         record_key, state_key, journal, sent_at, received_at, late, body) \
     SELECT tenant, copy, conversation, person, lane, number, direction, kind, \
         printf('%016x', i), CASE WHEN state_key IS NULL THEN NULL ELSE randomblob(16) END, \
         journal, sent_at, received_at, late, body FROM c"
);

const ITEMS: &str = copies!(
    "INSERT INTO item (tenant, app, journal, ordinal, kind, number, state, received_at, at, \
         person, message) \
     SELECT tenant, 'main', COALESCE(journal, 0), 0, 'message', number, 'done', received_at, \
         sent_at, person, copy FROM c"
);

const SHOWN: &str = copies!(
    "INSERT INTO sync_write (tenant, object, id, root, wanted, sent, done, due_at, first_wanted_at) \
     SELECT tenant, 2, copy, root, 1, 1, 1, received_at, received_at FROM c"
);
