//! Our four kinds of value on PostgreSQL's wire.

use std::error::Error;

use deadpool_postgres::tokio_postgres::types::private::BytesMut;
use deadpool_postgres::tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::sql::V;

type Refused = Box<dyn Error + Sync + Send>;

impl ToSql for V {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Refused> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::I(n) => n.to_sql(ty, out),
            Self::T(text) => text.to_sql(ty, out),
            Self::B(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::TEXT | Type::BYTEA)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for V {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Refused> {
        Ok(match *ty {
            Type::INT8 => Self::I(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::I(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::I(bool::from_sql(ty, raw)?.into()),
            Type::TEXT => Self::T(String::from_sql(ty, raw)?),
            _ => Self::B(Vec::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Refused> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::BOOL | Type::TEXT | Type::BYTEA)
    }
}
