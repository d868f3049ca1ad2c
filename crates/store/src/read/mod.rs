//! Reads: each answers one question from one snapshot. The tenant comes first.

mod access;
mod alert;
mod budget;
mod bulk;
mod campaign;
mod consent;
mod conversation;
mod cost;
mod deal;
mod depths;
mod due;
mod feed;
mod hold;
mod item;
mod journal;
mod key;
mod lane;
mod letters;
mod mapping;
mod media;
mod member;
mod message;
mod metrics;
mod mirror;
mod outbox;
mod person;
mod record;
mod report;
mod state;
mod survey;
mod sync;
mod template;
mod version;

pub use mirror::MirrorRange;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::StoreError;
use crate::cx::Cx;
use crate::sql::Cols;

/// Each row through a conversion that may need keys.
async fn every<T, F>(cx: &mut Cx, rows: Vec<Cols>, mut convert: F) -> Result<Vec<T>, StoreError>
where
    F: for<'a> FnMut(&'a mut Cx, Cols) -> BoxFuture<'a, Result<T, StoreError>>,
{
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(convert(cx, row).await?);
    }
    Ok(out)
}

/// Each row through a conversion that needs nothing else.
fn plain<T>(
    rows: Vec<Cols>,
    convert: impl Fn(&mut Cols) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    rows.into_iter().map(|mut row| convert(&mut row)).collect()
}

fn first<T>(mut rows: Vec<T>) -> Option<T> {
    if rows.is_empty() { None } else { Some(rows.swap_remove(0)) }
}

/// Names the future of a read.
fn boxed<'a, T>(
    read: impl Future<Output = Result<T, StoreError>> + Send + 'a,
) -> BoxFuture<'a, Result<T, StoreError>> {
    read.boxed()
}
