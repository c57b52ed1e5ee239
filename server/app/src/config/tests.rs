//! Where settings come from, and which are refused.

use super::{commands::CommandLine, *};
use clap::CommandFactory;
use std::{ffi::OsString, io::Write};

fn load(arguments: &[&str]) -> Result<Settings, ConfigError> {
    let arguments = std::iter::once("studyrooms").chain(arguments.iter().copied()).map(OsString::from);
    match Command::load(arguments)? {
        Command::Serve(settings) => Ok(*settings),
        other => panic!("not serve: {other:?}"),
    }
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn serve_is_the_default_command() {
    let bare = load(&["--listen", "127.0.0.1:4000"]).unwrap();
    let named = load(&["serve", "--listen", "127.0.0.1:4000"]).unwrap();
    assert_eq!((bare.listen, bare.store.data_dir), (named.listen, named.store.data_dir));
}

#[test]
fn flags_win_over_the_file_and_the_file_over_defaults() {
    let file = file("listen = \"127.0.0.1:4001\"\ndata-dir = \"/var/rooms\"\nturn-urls = [\"stun:a:1\", \"stun:b:2\"]");
    let path = file.path().to_str().unwrap();
    for command in [
        &["--config", path, "--listen", "127.0.0.1:4002"][..],
        &["serve", "--config", path, "--listen", "127.0.0.1:4002"],
    ] {
        let settings = load(command).unwrap();
        assert_eq!(settings.listen.port(), 4002);
        assert_eq!(settings.store.data_dir, PathBuf::from("/var/rooms"));
        assert_eq!(settings.turn_urls, ["stun:a:1", "stun:b:2"]);
    }
}

// SPEC 11.7
#[test]
fn a_setting_nobody_knows_is_refused_by_name() {
    let file = file("colour = \"blue\"");
    let error = load(&["--config", file.path().to_str().unwrap()]).unwrap_err().to_string();
    assert!(error.contains("colour: no such setting"), "{error}");
    assert!(load(&["--colour", "blue"]).unwrap_err().to_string().contains("--colour"));
}

// SPEC 11.7
#[test]
fn settings_that_do_not_go_together_are_refused_by_name() {
    let error = |arguments: &[&str]| load(arguments).unwrap_err().to_string();
    assert!(error(&["--turn-urls", "turn:a:3478"]).starts_with("TURN_URLS: TURN_SECRET"));
    assert!(error(&["--mongodb-db", "rooms"]).starts_with("MONGODB_DB: MONGODB_URI"));
    assert!(error(&["--redis-ca-file", "ca.pem"]).starts_with("REDIS_CA_FILE: REDIS_URL"));
    assert!(error(&["--redis-ca-file", "ca.pem", "--redis-url", "redis://a"]).starts_with("REDIS_CA_FILE: REDIS_URL"));
    assert!(error(&["--s3-endpoint", "http://a"]).starts_with("S3_ENDPOINT: S3_BUCKET must"));
    assert!(error(&["--s3-bucket", "b"]).starts_with("S3_BUCKET: S3_ENDPOINT"));
    assert!(error(&["--s3-public-endpoint", "http://a"]).starts_with("S3_PUBLIC_ENDPOINT: S3_ENDPOINT"));
    assert!(error(&["--max-file-mib", "0"]).starts_with("MAX_FILE_MIB: at least 1"));
    assert!(error(&["--tls-cert", "a"]).starts_with("TLS_CERT: TLS_KEY"));
    assert!(error(&["--tls-key", "a"]).starts_with("TLS_KEY: TLS_CERT"));
    let two = ["--tls-self-signed", "--tls-cert", "a", "--tls-key", "b"];
    assert!(error(&two).starts_with("TLS_SELF_SIGNED: TLS_CERT"));
    let both = ["--turn-listen", "127.0.0.1:0", "--turn-urls", "stun:a"];
    assert!(error(&both).starts_with("TURN_LISTEN: TURN_URLS"));
    for ports in ["80-90", "5000", "5001-5000", "a-b"] {
        assert!(error(&["--turn-relay-ports", ports]).contains("--turn-relay-ports"), "{ports}");
    }
    assert!(error(&["--turn-secret", "s"]).starts_with("TURN_SECRET: TURN_URLS"));
    assert!(error(&["--turn-urls", "http://a"]).starts_with("TURN_URLS: each must begin"));
    assert!(error(&["--jwt-secret", "short"]).starts_with("JWT_SECRET: at least"));
    assert!(error(&["--rate-limit-factor", "0"]).starts_with("RATE_LIMIT_FACTOR: must be"));
    assert!(error(&["--rate-limit-factor", "nan"]).starts_with("RATE_LIMIT_FACTOR: must be"));
    assert!(error(&["--trusted-proxies", "10.0.0.1,nobody"]).contains("--trusted-proxies"));
    let twice = "id=google,client-id=a,client-secret=b";
    assert!(error(&["--oidc", twice, "--oidc", twice]).starts_with("OIDC_PROVIDERS: two"));
    assert!(error(&["--public-url", "ftp://a"]).starts_with("PUBLIC_URL: must begin"));
    for path in ["https://a/rooms", "https://a/?x", "https://a/#x"] {
        assert!(error(&["--public-url", path]).starts_with("PUBLIC_URL: must end with the host"), "{path}");
    }
    assert!(load(&["--public-url", "https://a/"]).is_ok() && load(&["--public-url", "https://a"]).is_ok());
}

#[test]
fn webhooks_need_a_secret_and_addresses_of_http() {
    let error = |arguments: &[&str]| load(arguments).unwrap_err().to_string();
    let to = ["--webhook-urls", "https://a.example/hook"];
    let secret = ["--webhook-secret", "a secret that no one can guess"];
    assert!(error(&to).starts_with("WEBHOOK_URLS: WEBHOOK_SECRET"));
    assert!(error(&[&to[..], &["--webhook-secret", "short"]].concat()).starts_with("WEBHOOK_SECRET: at least 24"));
    assert!(error(&[&to[..], &["--webhook-secret", "whsec_!"]].concat()).starts_with("WEBHOOK_SECRET: must be base64"));
    assert!(error(&[&secret[..], &["--webhook-urls", "ftp://a"]].concat()).starts_with("WEBHOOK_URLS: each"));
    assert!(error(&[&secret[..], &to, &["--webhook-urls", to[1]]].concat()).starts_with("WEBHOOK_URLS: the same"));
    assert!(error(&["--webhook-types", "message,drawn"]).starts_with("WEBHOOK_TYPES: each"));
    assert!(error(&["--webhook-timeout", "0"]).starts_with("WEBHOOK_TIMEOUT: must be"));
    assert!(error(&["--webhook-first-retry", "nan"]).starts_with("WEBHOOK_FIRST_RETRY: must be"));
    let told = load(&[&secret[..], &["--webhook-urls", "https://a/,,http://b/"]].concat()).unwrap();
    assert_eq!(told.webhooks.telling().unwrap().unwrap().urls.len(), 2);
    assert!(load(&["--webhook-urls", ""]).unwrap().webhooks.telling().unwrap().is_none());
}

#[test]
fn a_worker_listens_only_where_it_is_told_itself() {
    let file = file("listen = \"127.0.0.1:4001\"\nwebhook-types = [\"message\"]");
    let worker = |more: &[&str]| {
        let words = ["studyrooms", "worker", "--config", file.path().to_str().unwrap()];
        match Command::load(words.iter().chain(more).map(OsString::from)) {
            Ok(Command::Worker(work)) => work.listen,
            other => panic!("not worker: {other:?}"),
        }
    };
    assert_eq!(worker(&[]), None);
    assert_eq!(worker(&["--listen", "127.0.0.1:4003"]).unwrap().port(), 4003);
}

#[test]
fn a_file_serves_every_command_with_what_concerns_it() {
    let file = file("listen = \"127.0.0.1:4001\"\ndata-dir = \"/var/rooms\"");
    let words = ["studyrooms", "export", "abc", "--config", file.path().to_str().unwrap()];
    let Ok(Command::Export(export)) = Command::load(words.map(OsString::from)) else { panic!("not export") };
    assert_eq!((export.room.as_str(), export.store.data_dir), ("abc", PathBuf::from("/var/rooms")));
}

#[test]
fn a_room_whose_id_begins_like_a_flag_can_be_written_out() {
    for words in
        [["export", "-TrayR_IQ", "--data-dir", "/var/rooms"], ["export", "--data-dir", "/var/rooms", "-TrayR_IQ"]]
    {
        let words = std::iter::once("studyrooms").chain(words).map(OsString::from);
        let Ok(Command::Export(export)) = Command::load(words) else { panic!("not export") };
        assert_eq!((export.room.as_str(), export.store.data_dir), ("-TrayR_IQ", PathBuf::from("/var/rooms")));
    }
}

#[test]
fn every_setting_is_documented() {
    let command = CommandLine::command();
    for argument in command.get_arguments().filter(|argument| argument.get_id() != "help") {
        assert!(argument.get_help().is_some(), "{} has no help", argument.get_id());
    }
}

#[test]
fn sites_to_sign_in_at_are_tables_of_the_file() {
    let file = file(concat!(
        "[[oidc]]\nid = \"google\"\nclient-id = \"a\"\nclient-secret = \"b\"\n",
        "[[oidc]]\nid = \"github\"\nclient-id = \"c\"\nclient-secret = \"d\"\ntrust-email = true\n"
    ));
    let settings = load(&["--config", file.path().to_str().unwrap()]).unwrap();
    let providers = settings.providers().unwrap().into_iter().map(|provider| (provider.id, provider.trust_email));
    assert_eq!(providers.collect::<Vec<_>>(), [("google".into(), false), ("github".into(), true)]);
}
