use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::TryStreamExt;
use model::Chance;

use super::*;

struct Counting(AtomicU64);

impl Chance for Counting {
    fn fill(&self, out: &mut [u8]) {
        let n = self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes();
        out.iter_mut().zip(n.iter().cycle()).for_each(|(o, n)| *o = *n);
    }
}

fn chance() -> Counting {
    Counting(AtomicU64::new(1))
}

const ID: MediaId = MediaId::from_bytes([7; 16]);

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 31 % 251) as u8).collect()
}

async fn store(spool: &Spool, id: MediaId, bytes: &[u8], step: usize) -> io::Result<Spooled> {
    let room = spool.reserve(bytes.len() as u64).expect("there is room");
    let mut writer = spool.writer(id, room, &chance())?;
    for part in bytes.chunks(step) {
        writer.push(part).await?;
    }
    writer.finish().await
}

async fn load(spool: &Spool, id: MediaId, key: &SpoolKey) -> io::Result<Vec<u8>> {
    let flow = spool.read(id, key)?;
    let length = flow.length;
    let all = flow.pieces.try_fold(Vec::new(), |mut all, piece| async move {
        all.extend_from_slice(&piece);
        Ok(all)
    });
    let all = all.await?;
    assert_eq!(length, Some(all.len() as u64), "the length is told before");
    Ok(all)
}

#[tokio::test]
async fn files_come_back_whole_whatever_their_length_and_parts() {
    let dir = tempfile::tempdir().unwrap();
    for spool in [Spool::in_memory(1 << 20), Spool::on_disk(dir.path(), 1 << 20).unwrap()] {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5] {
            for step in [1_000, PIECE, 400_000] {
                let bytes = content(length);
                let spooled = store(&spool, ID, &bytes, step).await.unwrap();
                assert_eq!(spooled.bytes, length as u64);
                let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes);
                assert_eq!(spooled.sha256, digest.as_ref());
                assert_eq!(load(&spool, ID, &spooled.key).await.unwrap(), bytes, "{length}");
                assert_eq!(spool.bytes_used(), length as u64, "the former one is replaced");
            }
        }
        spool.remove(ID).unwrap();
        spool.remove(ID).unwrap();
        assert_eq!((spool.bytes_used(), spool.has(ID)), (0, false));
        let gone = load(&spool, ID, &[0; 32]).await.unwrap_err();
        assert_eq!(gone.kind(), io::ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn at_rest_it_is_sealed_whole_and_bound_to_its_id() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::on_disk(dir.path(), 1 << 20).unwrap();
    let bytes = [b"CUSTOMER".repeat(PIECE / 8), content(PIECE + 9)].concat();
    let spooled = store(&spool, ID, &bytes, 9_999).await.unwrap();
    let path = dir.path().join(format!("{ID}.spool"));
    let sealed = std::fs::read(&path).unwrap();
    assert!(!sealed.windows(8).any(|at| at == b"CUSTOMER"));
    let damaged = async |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        load(&spool, ID, &spooled.key).await.is_err()
    };
    for at in [0, PIECE / 2, PIECE + TAG, sealed.len() - 1] {
        let mut bent = sealed.clone();
        bent[at] ^= 1;
        assert!(damaged(&bent).await, "byte {at} was bent");
    }
    for length in [0, TAG, PIECE + TAG, 2 * (PIECE + TAG), sealed.len() - 1] {
        assert!(damaged(&sealed[..length]).await, "cut to {length}");
    }
    let (first, second) = (&sealed[..PIECE + TAG], &sealed[PIECE + TAG..2 * (PIECE + TAG)]);
    let swapped = [second, first, &sealed[2 * (PIECE + TAG)..]].concat();
    assert!(damaged(&swapped).await);
    std::fs::write(&path, &sealed).unwrap();
    assert_eq!(load(&spool, ID, &spooled.key).await.unwrap(), bytes);
    assert!(load(&spool, ID, &[9; 32]).await.is_err(), "another key");
    let other = MediaId::from_bytes([8; 16]);
    std::fs::copy(&path, dir.path().join(format!("{other}.spool"))).unwrap();
    assert!(load(&spool, other, &spooled.key).await.is_err(), "another file's id");
}

#[tokio::test]
async fn room_is_bounded_and_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::on_disk(dir.path(), 100).unwrap();
    let room = spool.reserve(60).unwrap();
    assert!(spool.reserve(41).is_none());
    drop(room);
    assert!(spool.reserve(101).is_none());
    let mut writer = spool.writer(ID, spool.reserve(10).unwrap(), &chance()).unwrap();
    writer.push(&[1; 10]).await.unwrap();
    assert_eq!(writer.push(&[1]).await.unwrap_err().kind(), io::ErrorKind::StorageFull);
    drop(writer);
    assert_eq!((spool.bytes_used(), spool.ids()), (0, vec![]));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing half written stays");

    store(&spool, ID, &[5; 30], 30).await.unwrap();
    std::fs::write(dir.path().join(format!("{ID}.part")), b"of a dead process").unwrap();
    let again = Spool::on_disk(dir.path(), 100).unwrap();
    assert_eq!(again.ids(), vec![ID]);
    assert_eq!(again.bytes_used(), 30 + TAG as u64);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}
