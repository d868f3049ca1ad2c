//! A metadata file as a tree of names, texts and children.

use quick_xml::Reader;
use quick_xml::events::Event;

#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// Reads a whole file; the error says what is wrong, not where.
    pub fn parse(file: &str) -> Result<Self, String> {
        let mut reader = Reader::from_str(file);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().map_err(|e| e.to_string())? {
                Event::Start(tag) => {
                    let name = AsRef::<str>::as_ref(&tag.local_name()).to_owned();
                    open.push(Self { name, ..Self::default() });
                }
                Event::End(_) => {
                    let done = open.pop().ok_or("an element ends that never began")?;
                    open.last_mut().ok_or("more than one root")?.children.push(done);
                }
                Event::Text(text) => last(&mut open)?.text.push_str(text.xml10_content().trim()),
                Event::GeneralRef(entity) => {
                    let name = entity.into_inner();
                    let plain = match &*name {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        "apos" => "'",
                        other => return Err(format!("unknown entity {other}")),
                    };
                    last(&mut open)?.text.push_str(plain);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        open.pop().and_then(|mut top| top.children.pop()).ok_or_else(|| "no root element".into())
    }

    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|c| c.name == name)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The text of a child, or nothing.
    pub fn get(&self, name: &str) -> &str {
        self.child(name).map_or("", |c| &c.text)
    }

    pub fn is(&self, name: &str) -> bool {
        self.get(name) == "true"
    }

    pub fn number(&self, name: &str) -> u32 {
        self.get(name).parse().unwrap_or(0)
    }
}

fn last(open: &mut [Element]) -> Result<&mut Element, String> {
    open.last_mut().ok_or_else(|| "text outside of the root".into())
}
