//! Message ids that look like Meta's.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sim_kit::Seed;

use super::Direction;

/// `wamid.` and the base64 of `1C 18 <len> <user> 15 02 00 <dir> 18 <len> <hex> 00`.
pub fn mint(user: &str, direction: Direction, seed: &mut Seed) -> String {
    let (mark, half) = match direction {
        Direction::Out => (0x11, 9),
        Direction::In => (0x12, 10),
    };
    let mut random = [0; 10];
    seed.fill(&mut random);
    let hex: String = random[..half].iter().map(|b| format!("{b:02X}")).collect();
    let mut bytes = vec![0x1c, 0x18, user.len() as u8];
    bytes.extend(user.as_bytes());
    bytes.extend([0x15, 0x02, 0x00, mark, 0x18, hex.len() as u8]);
    bytes.extend(hex.as_bytes());
    bytes.push(0);
    format!("wamid.{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_anatomy_is_the_observed_one() {
        for (direction, mark, hex) in [(Direction::Out, 0x11, 18), (Direction::In, 0x12, 20)] {
            let id = mint("15550001111", direction, &mut Seed::new(1));
            let bytes = STANDARD.decode(id.strip_prefix("wamid.").unwrap()).unwrap();
            assert_eq!(&bytes[..3], [0x1c, 0x18, 11]);
            assert_eq!(&bytes[3..14], b"15550001111");
            assert_eq!(&bytes[14..20], [0x15, 2, 0, mark, 0x18, hex]);
            assert_eq!((bytes.len(), bytes[bytes.len() - 1]), (21 + hex as usize, 0));
        }
    }
}
