use super::Config;

/// The default file with every example line switched on.
fn full() -> String {
    let lines = super::DEFAULT.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest) if rest.starts_with('[') || is_setting(rest) => rest,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_setting(line: &str) -> bool {
    let key = line.split(" = ").next().unwrap_or_default();
    line.contains(" = ") && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

#[test]
fn the_default_file_is_valid_as_it_is_and_with_every_example() {
    assert!(Config::parse(super::DEFAULT).is_ok());
    let config = Config::parse(&full()).unwrap();
    assert_eq!(config.tenants[0].numbers[0].app, "main");
    assert_eq!(config.apps[0].meta_app_id.as_deref(), Some("634000000000001"));
}

#[test]
fn mistakes_are_told_with_field_and_cure() {
    for (from, to, told) in [
        ("id = \"acme\"", "id = \"Acme Inc\"", "tenant.id"),
        ("app = \"main\"", "app = \"other\"", "tenant.number.app"),
        ("\"106540000000001\"", "\"+525512345678\"", "phone_number_id"),
        ("url = \"sqlite:puente.db\"", "url = \"mysql://x\"", "store.url"),
        ("\"https://bridge.example.com\"", "\"http://x\"", "server.public_url"),
        ("messages_per_second = 80", "messages_per_second = 8000", "messages_per_second"),
        ("daily_calls_percent = 80", "daily_calls_percent = 0", "daily_calls_percent"),
        ("daily_calls_max = 100000", "daily_calls_max = 0", "daily_calls_max"),
        ("at_once = 4", "at_once = 0", "media.at_once"),
        ("unix:/run/clamav/clamd.ctl", "clamd", "media.clamav"),
        ("shutdown_seconds = 20", "shutdown_second = 20", "unknown field"),
        ("template = \"order_update\"", "template = \"*_update\"", "tenant.uncertain.template"),
        ("\"America/Mexico_City\"", "\"America/Nowhere\"", "tenant.time_zone"),
        ("then = \"resend\"", "then = \"retry\"", "unknown variant"),
        ("marketing = \"required\"", "marketing = \"maybe\"", "unknown variant"),
        ("[\"cancelar\"]", "[\"🛑\"]", "tenant.consent.stop_words"),
    ] {
        let text = full().replace(from, to);
        let error = format!("{:#}", Config::parse(&text).unwrap_err());
        assert!(error.contains(told), "{to}: {error}");
    }
}
