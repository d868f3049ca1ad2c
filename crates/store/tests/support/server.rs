//! The PostgreSQL server the tests were given.

/// `PUENTE_TEST_POSTGRES`: URL of a server where databases may be created.
pub fn server() -> Option<String> {
    let server = std::env::var("PUENTE_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    if server.is_none() {
        println!("skipped: PUENTE_TEST_POSTGRES does not name a PostgreSQL server");
    }
    server
}

/// Statements of the test itself, beside the store.
pub async fn run(url: &str, sql: &str) {
    let connected = tokio_postgres::connect(url, tokio_postgres::NoTls).await;
    let (client, connection) = connected.expect("the server answers");
    let connection = tokio::spawn(connection);
    client.batch_execute(sql).await.expect(sql);
    drop(client);
    connection.await.expect("it ends").expect("it ends well");
}

/// The one value that a query answers, as text.
#[allow(dead_code, reason = "not every suite asks")]
pub async fn ask(url: &str, sql: &str) -> String {
    let connected = tokio_postgres::connect(url, tokio_postgres::NoTls).await;
    let (client, connection) = connected.expect("the server answers");
    let connection = tokio::spawn(connection);
    let value = client.query_one(sql, &[]).await.expect(sql).get(0);
    drop(client);
    connection.await.expect("it ends").expect("it ends well");
    value
}
