use super::*;

struct Pem {
    folder: tempfile::TempDir,
}

impl Pem {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn issue(&self) {
        let issued = rcgen::generate_simple_self_signed(vec!["puente.example".to_owned()]).unwrap();
        std::fs::write(self.path("cert.pem"), issued.cert.pem()).unwrap();
        std::fs::write(self.path("key.pem"), issued.signing_key.serialize_pem()).unwrap();
    }

    fn open(&self) -> Result<Tls, TlsError> {
        Tls::open(&self.path("cert.pem"), &self.path("key.pem"))
    }
}

#[test]
fn a_renewed_certificate_is_taken_and_a_broken_one_is_not() {
    let pem = Pem::new();
    pem.issue();
    let tls = pem.open().unwrap();
    let mut last = None;
    assert!(!tls.reload(&mut last).unwrap(), "the first look changes nothing");
    assert!(!tls.reload(&mut last).unwrap());

    pem.issue();
    let old = tls.config.load_full();
    assert!(tls.reload(&mut last).unwrap());
    let new = tls.config.load_full();
    assert!(!Arc::ptr_eq(&old, &new));

    std::fs::write(pem.path("cert.pem"), "half a certi").unwrap();
    assert!(matches!(tls.reload(&mut last), Err(TlsError::NoCertificate(_))));
    std::fs::remove_file(pem.path("key.pem")).unwrap();
    assert!(matches!(tls.reload(&mut last), Err(TlsError::Unreadable(..))));
    assert!(Arc::ptr_eq(&new, &tls.config.load_full()), "the good one stays in force");

    pem.issue();
    assert!(tls.reload(&mut last).unwrap());
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let (one, other) = (Pem::new(), Pem::new());
    one.issue();
    other.issue();
    let mixed = Tls::open(&one.path("cert.pem"), &other.path("key.pem"));
    assert!(matches!(mixed, Err(TlsError::Unusable(_))));
    let swapped = Tls::open(&one.path("key.pem"), &one.path("cert.pem"));
    assert!(matches!(swapped, Err(TlsError::NoCertificate(_))));
    assert!(matches!(
        Tls::open(&one.path("none"), &one.path("key.pem")),
        Err(TlsError::Unreadable(..))
    ));
}
