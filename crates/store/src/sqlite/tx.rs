//! Statements on one connection.

use model::Ambient;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, Statement, ToSql};

use super::fault::fault;
use crate::StoreError;
use crate::sql::{Row, V};

pub(crate) struct SqliteTx {
    conn: Connection,
    ambient: Ambient,
}

impl SqliteTx {
    pub fn new(conn: Connection, ambient: Ambient) -> Self {
        Self { conn, ambient }
    }

    pub fn connection(&self) -> &Connection {
        &self.conn
    }

    pub fn exec(&mut self, sql: &'static str, args: &[V]) -> Result<u64, StoreError> {
        let mut statement = self.bound(sql, args)?;
        Ok(statement.raw_execute().map_err(fault)? as u64)
    }

    /// The same statement for each list of arguments.
    pub fn exec_each(
        &mut self,
        sql: &'static str,
        lists: impl Iterator<Item = Vec<V>>,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(sql).map_err(fault)?;
        for args in lists {
            bind(&mut statement, sql, &args)?;
            statement.raw_execute().map_err(fault)?;
        }
        Ok(())
    }

    pub fn rows(&mut self, sql: &'static str, args: &[V]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.bound(sql, args)?;
        let width = statement.column_count();
        let mut rows = statement.raw_query();
        let mut out = vec![];
        while let Some(row) = rows.next().map_err(fault)? {
            let mut values = Vec::with_capacity(width);
            for column in 0..width {
                values.push(match row.get_ref(column).map_err(fault)? {
                    ValueRef::Null => V::Null,
                    ValueRef::Integer(n) => V::I(n),
                    ValueRef::Text(text) => V::T(String::from_utf8_lossy(text).into_owned()),
                    ValueRef::Blob(bytes) => V::B(bytes.to_vec()),
                    ValueRef::Real(_) => {
                        return Err(StoreError::Broken("a stored value is a float".into()));
                    }
                });
            }
            out.push(values);
        }
        Ok(out)
    }

    /// A statement without arguments or answer: transaction control.
    pub fn control(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.exec(sql, &[]).map(drop)
    }

    /// `Full` when the log had no room for the commit record, so that it is
    /// none; `Broken` when nobody knows.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        let done = self.conn.prepare_cached("COMMIT").and_then(|mut s| s.raw_execute());
        done.map(drop).map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Full(error.to_string()),
            _ => StoreError::Broken(error.to_string()),
        })
    }

    pub fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.conn.execute_batch(sql).map_err(fault)
    }

    /// Whether a transaction is open. Some errors end it behind our back.
    pub fn stands(&self) -> bool {
        !self.conn.is_autocommit()
    }

    /// The handed-in clock, so that simulated time reaches the leases.
    pub fn now(&self) -> i64 {
        self.ambient.now().0
    }

    fn bound(&self, sql: &'static str, args: &[V]) -> Result<CachedStatement<'_>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql).map_err(fault)?;
        bind(&mut statement, sql, args)?;
        Ok(statement)
    }
}

fn bind(statement: &mut Statement<'_>, sql: &str, args: &[V]) -> Result<(), StoreError> {
    debug_assert_eq!(statement.parameter_count(), args.len(), "{sql}");
    for (at, value) in args.iter().enumerate() {
        debug_assert_eq!(
            statement.parameter_name(at + 1),
            Some(format!("${}", at + 1).as_str()),
            "arguments are numbered in ascending order of first use: {sql}"
        );
        statement.raw_bind_parameter(at + 1, value).map_err(fault)?;
    }
    Ok(())
}

impl ToSql for V {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Value::Null),
            Self::I(n) => ToSqlOutput::Owned(Value::Integer(*n)),
            Self::T(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::B(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}
