use crate::world::World;

#[tokio::test]
async fn the_reference_page_needs_no_other_host() {
    let world = World::new().await;
    let page = world.get("/docs", "").await;
    assert_eq!(page.status, 200);
    assert!(page.head("content-security-policy").contains("script-src 'self'"));
    for part in ["/docs/docs.js", "/docs/docs.css"] {
        assert!(page.text().contains(part));
        let answer = world.get(part, "").await;
        assert_eq!(answer.status, 200, "{part}");
        let scheme = answer.text().contains("http://") || answer.text().contains("https://");
        assert!(!scheme, "{part} names another host");
    }
    let inline = page.text().contains("<style")
        || page.text().contains(" style=")
        || page.text().contains("onclick");
    assert!(!inline, "the policy would block it");
}

#[tokio::test]
async fn the_console_or_its_stand_in_has_a_nonce_of_its_own_each_time() {
    let world = World::new().await;
    let mut nonces = std::collections::BTreeSet::new();
    for path in ["/", "/conversations/con_1"] {
        let page = world.get(path, "").await;
        assert_eq!(page.status, 200, "{path}");
        let policy = page.head("content-security-policy");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert_eq!(nonce.len(), 32);
        assert!(page.text().contains(nonce), "{path}");
        assert_eq!(page.head("cache-control"), "no-store");
        nonces.insert(nonce.to_owned());
    }
    assert_eq!(nonces.len(), 2);
}
