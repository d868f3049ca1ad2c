//! Queries, page by page.

use model::Fault;

use super::Client;
use crate::faults::local;
use crate::subresponse::read_page;
use crate::{Page, Subrequest};

impl Client {
    /// Reads until at least `rows_max` rows are there or the answer ends;
    /// `next` of the returned page tells whether rows remain. Values belong
    /// into the text through [`crate::soql`], names through
    /// [`crate::Names::expand`].
    pub async fn query(&self, soql: &str, rows_max: usize) -> Result<Page, Fault> {
        let first = self.send(&Subrequest::query("q", soql)?).await?.page()?;
        self.rest(first, rows_max).await
    }

    /// [`Self::query`] over deleted, merged and archived records, too.
    pub async fn query_all(&self, soql: &str, rows_max: usize) -> Result<Page, Fault> {
        let first = self.send(&Subrequest::query_all("q", soql)?).await?.page()?;
        self.rest(first, rows_max).await
    }

    /// The page that [`Page::next`] names. A cursor ends after a while: then
    /// the fault is `sf.INVALID_QUERY_LOCATOR` and the query starts again.
    pub async fn query_more(&self, next: &str) -> Result<Page, Fault> {
        // The token goes where this points, so it may not leave the host.
        if !next.starts_with("/services/data/") {
            return Err(local::request(
                format!("nextRecordsUrl: '{next}'"),
                "start the query again",
            ));
        }
        read_page(&self.names, self.read(next.to_owned()).await?)
    }

    async fn rest(&self, mut page: Page, rows_max: usize) -> Result<Page, Fault> {
        while page.rows.len() < rows_max
            && let Some(next) = page.next.take()
        {
            let more = self.query_more(&next).await?;
            page.rows.extend(more.rows);
            page.next = more.next;
        }
        Ok(page)
    }
}
