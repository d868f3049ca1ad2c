//! Is it the org that was meant, and does it speak our version?

use salesforce::faults::local::WRONG_ORG;
use salesforce::{Client, ids};

use super::said::{Said, told};
use super::scene::Org;
use crate::config::Salesforce;

pub async fn check(org: &Org<'_>) -> Said {
    let client = match (&org.client, &org.refused) {
        (Ok(client), _) => client,
        (_, Some(fault)) if fault.code.as_str() == WRONG_ORG => {
            return Said::fail(
                told(fault),
                "Setup > Company Information shows the org id: sign in to the right org, or set \
                 tenant.salesforce.org_id to the new one on purpose",
            );
        }
        (Err(why), _) => return Said::skip(why),
    };
    let name = match named(client).await {
        Ok(name) => name,
        Err(said) => return said,
    };
    let config = &org.tenant.salesforce;
    let mut remarks = Vec::new();
    remarks.extend(version(client, config).await);
    if config.org_id.is_none()
        && let Some(id) = client.tokens().org_id()
    {
        remarks.push(Said::warn(
            format!("{name} is not named in the configuration: is it the right one? puente keeps to the first it signs in to"),
            format!("tenant.salesforce.org_id = \"{id}\""),
        ));
    }
    Said::sum(format!("{name}, pinned; API {}", config.api_version), remarks)
}

/// `Acme (00D..., sandbox)`
async fn named(client: &Client) -> Result<String, Said> {
    let query = "SELECT Id, Name, IsSandbox FROM Organization LIMIT 1";
    let page = client.query(query, 1).await.map_err(|fault| Said::of(&fault))?;
    let row = page.rows.first();
    let name = row.and_then(|row| row.text("Name")).unwrap_or("org");
    let id = client.tokens().org_id().and_then(|id| ids::record_id(id.as_str()));
    let id = id.as_ref().map_or("", |id| id.as_str());
    let kind = match row.and_then(|row| row.flag("IsSandbox")) {
        Some(true) => ", sandbox",
        _ => "",
    };
    Ok(format!("{name} ({id}{kind})"))
}

async fn version(client: &Client, config: &Salesforce) -> Option<Said> {
    let offered = match client.versions().await {
        Ok(offered) => offered,
        Err(fault) => return Some(Said::of(&fault)),
    };
    let ours = config.api_version.trim_start_matches('v');
    if offered.iter().any(|v| v.version == ours) {
        return None;
    }
    let newest = offered.last().map_or("none", |v| v.version.as_str());
    Some(Said::fail(
        format!("the org does not offer API {} (newest: {newest})", config.api_version),
        format!("tenant.salesforce.api_version = \"v{newest}\", or leave it out"),
    ))
}
