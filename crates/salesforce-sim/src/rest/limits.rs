//! Limits and record counts.

use serde_json::{Value, json};

use super::{Call, Usage};
use crate::org::Org;

/// `GET /limits`
pub fn limits(org: &Org, usage: &mut Usage, now_ms: i64, batches: u64) -> Value {
    let limit = |max: u64, used: u64| json!({ "Max": max, "Remaining": max.saturating_sub(used) });
    // 2 KB a row; without a limit, ten gigabytes.
    let storage_max = org.knobs.storage_rows_max.map_or(10_240, |rows| rows as u64 / 512);
    json!({
        "DailyApiRequests": limit(usage.max, usage.used(now_ms)),
        "DailyBulkApiBatches": limit(15_000, batches),
        "DailyBulkV2QueryJobs": limit(10_000, 0),
        "DataStorageMB": limit(storage_max, org.rows_stored() as u64 / 512),
        "FileStorageMB": limit(10_240, 0),
        "HourlyPublishedPlatformEvents": limit(50_000, 0),
        "DailyDeliveredPlatformEvents": limit(10_000, 0),
        "DailyAsyncApexExecutions": limit(250_000, 0),
        "StreamingApiConcurrentClients": limit(20, 0),
    })
}

/// `GET /limits/recordCount?sObjects=A,B`; objects without rows are left out.
pub fn record_count(org: &Org, call: &Call) -> Value {
    let wanted: Option<Vec<String>> = call
        .param("sObjects")
        .map(|names| names.split(',').map(|n| n.trim().to_lowercase()).collect());
    let counts: Vec<_> = org
        .schema
        .objects()
        .filter(|o| wanted.as_ref().is_none_or(|w| w.contains(&o.name.to_lowercase())))
        .map(|o| (o.name.clone(), org.table(o).len()))
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| json!({ "count": count, "name": &*name }))
        .collect();
    json!({ "sObjects": counts })
}
