//! Files: forms in, bytes out, documents, versions and links.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use sim_kit::Outlet;

use crate::client::{BASE, Client};

const KEY: &str = "Puente_Media_Key__c";

fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut form = Vec::new();
    for (head, body) in parts {
        form.extend(format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes());
        form.extend(*body);
        form.extend(b"\r\n");
    }
    form.extend(b"--b--\r\n");
    form
}

const ENTITY: &str = "name=\"entity_content\"\r\nContent-Type: application/json";
const DATA: &str = "name=\"VersionData\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg";

async fn post(c: &Client, form: Vec<u8>) -> (u16, Value) {
    let request = Request::post(format!("{}{BASE}/sobjects/ContentVersion", c.host))
        .header("authorization", format!("Bearer {}", c.token))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Bytes::from(form))
        .unwrap();
    let answer = c.outlet.call(request).await.unwrap();
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
}

async fn upload(c: &Client, entity: Value, bytes: &[u8]) -> (u16, Value) {
    post(c, form(&[(ENTITY, entity.to_string().as_bytes()), (DATA, bytes)])).await
}

#[tokio::test(start_paused = true)]
async fn a_form_makes_version_document_and_links_and_the_bytes_come_back() {
    let c = Client::new().await;
    let lead = c.sim.create("Lead", json!({ "LastName": "Ana", "Company": "Ana" })).unwrap();
    let case = c.sim.create("Case", json!({})).unwrap();
    let entity = json!({ "Title": "Photo", "PathOnClient": "photo.jpg",
        "FirstPublishLocationId": lead, KEY: "med_1" });
    let (status, made) = upload(&c, entity.clone(), b"\xff\xd8\xff pixels").await;
    assert_eq!((status, &made["success"]), (201, &json!(true)), "{made}");
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with("068"));
    let row = c.get(&format!("/sobjects/ContentVersion/{id}")).await.body;
    let document = row["ContentDocumentId"].as_str().unwrap().to_owned();
    assert!(document.starts_with("069"));
    for (field, want) in [
        ("ContentSize", json!(10)),
        ("FileExtension", json!("jpg")),
        ("VersionNumber", json!("1")),
        ("IsLatest", json!(true)),
        ("Checksum", json!("168cb6f333f072c93d16890cbbd3e60a")),
        ("VersionData", json!(format!("{BASE}/sobjects/ContentVersion/{id}/VersionData"))),
    ] {
        assert_eq!(row[field], want, "{field}");
    }
    let request = Request::get(format!("{}{}", c.host, row["VersionData"].as_str().unwrap()))
        .header("authorization", format!("Bearer {}", c.token))
        .body(Bytes::new());
    let bytes = c.outlet.call(request.unwrap()).await.unwrap();
    assert_eq!(&bytes.body()[..], b"\xff\xd8\xff pixels");
    assert_eq!(c.sim.file(id).unwrap(), bytes.body());

    let on = |entity: &str| {
        let rows = c.sim.rows("ContentDocumentLink").into_iter();
        rows.filter(|row| row["LinkedEntityId"] == *entity).count()
    };
    assert_eq!((on(&lead), on(&case)), (1, 0));
    let link = json!({ "ContentDocumentId": document, "LinkedEntityId": case });
    assert_eq!(c.call("POST", "/sobjects/ContentDocumentLink", link.clone()).await.status, 201);
    let twice = c.call("POST", "/sobjects/ContentDocumentLink", link).await;
    assert_eq!(twice.body[0]["errorCode"], "DUPLICATE_VALUE");
    assert!(twice.body[0]["message"].as_str().unwrap().contains("already linked"));
    assert_eq!(on(&case), 1);

    let (status, again) = upload(&c, entity, b"other").await;
    assert_eq!((status, &again[0]["errorCode"]), (400, &json!("DUPLICATE_VALUE")));
    let newer = json!({ "PathOnClient": "photo.jpg", "ContentDocumentId": document, KEY: "med_1" });
    let (status, newer) = upload(&c, newer, b"retouched").await;
    assert_eq!(status, 201, "a person's new version does not answer to the key: {newer}");
    let versions = c.sim.rows("ContentVersion");
    assert_eq!(versions.len(), 2);
    assert_eq!((&versions[0]["IsLatest"], &versions[1][KEY]), (&json!(false), &Value::Null));
    assert_eq!(c.sim.count("ContentDocument"), 1);
    assert_eq!(c.sim.count("ContentDocumentLink"), 3, "owner, lead, case");
}

#[tokio::test(start_paused = true)]
async fn forms_that_are_not_as_documented_are_refused() {
    let c = Client::new().await;
    let entity = json!({ "PathOnClient": "a.jpg" }).to_string();
    let entity = entity.as_bytes();
    let plain = "name=\"entity_content\"";
    let other = "name=\"entity\"\r\nContent-Type: application/json";
    let body = "name=\"Body\"; filename=\"a.jpg\"";
    for (parts, code) in [
        (vec![(ENTITY, entity)], "INVALID_MULTIPART_REQUEST"),
        (vec![(DATA, &b"x"[..])], "INVALID_MULTIPART_REQUEST"),
        (vec![(DATA, b"x"), (ENTITY, entity)], "INVALID_MULTIPART_REQUEST"),
        (vec![(plain, entity), (DATA, b"x")], "INVALID_MULTIPART_REQUEST"),
        (vec![(other, entity), (DATA, b"x")], "INVALID_MULTIPART_REQUEST"),
        (vec![(ENTITY, entity), (body, b"x")], "INVALID_MULTIPART_REQUEST"),
        (vec![(ENTITY, b"{}"), (DATA, b"x")], "REQUIRED_FIELD_MISSING"),
        (vec![(ENTITY, b"{\"Nope\":1}"), (DATA, b"x")], "INVALID_FIELD"),
        (vec![(ENTITY, b"{"), (DATA, b"x")], "JSON_PARSER_ERROR"),
    ] {
        let (status, answer) = post(&c, form(&parts)).await;
        assert_eq!((status, &answer[0]["errorCode"]), (400, &json!(code)), "{answer}");
    }
    assert_eq!(c.sim.count("ContentVersion"), 0);
    let bare = c.call("POST", "/sobjects/ContentDocument", json!({ "Title": "x" })).await;
    assert_eq!(bare.body[0]["errorCode"], "INVALID_TYPE_FOR_OPERATION");
    let query = "/query?q=SELECT+Id+FROM+ContentDocumentLink";
    assert_eq!(c.get(query).await.body[0]["errorCode"], "MALFORMED_QUERY");
}

#[tokio::test(start_paused = true)]
async fn base64_is_taken_and_storage_is_counted() {
    let c = Client::new().await;
    let body = |data: &str| json!({ "PathOnClient": "a.txt", "VersionData": data });
    let made = c.call("POST", "/sobjects/ContentVersion", body("aG9sYQ==")).await;
    assert_eq!(c.sim.file(&made.id()).unwrap(), "hola");
    let wrong = c.call("POST", "/sobjects/ContentVersion", body("not base64!")).await;
    assert_eq!(wrong.body[0]["errorCode"], "JSON_PARSER_ERROR");
    c.sim.set_knobs(|knobs| knobs.file_bytes_max = Some(6));
    let full = c.call("POST", "/sobjects/ContentVersion", body("aG9sYQ==")).await;
    assert_eq!(full.body[0]["errorCode"], "STORAGE_LIMIT_EXCEEDED");
}
