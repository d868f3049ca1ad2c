//! A place in a JSON body that knows its own path.

use serde_json::Value;

use crate::graph::Wrong;

#[derive(Clone, Debug)]
pub struct At<'a> {
    pub value: &'a Value,
    path: String,
}

impl<'a> At<'a> {
    pub fn new(value: &'a Value, path: impl Into<String>) -> Self {
        Self { value, path: path.into() }
    }

    /// `interactive['action']['buttons']`, as Meta's details spell it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value under `key`; absent and null are the same.
    pub fn get(&self, key: &str) -> Option<At<'a>> {
        let value = self.value.get(key).filter(|v| !v.is_null())?;
        Some(Self::new(value, format!("{}['{key}']", self.path)))
    }

    pub fn need(&self, key: &str) -> Result<At<'a>, Wrong> {
        self.get(key).ok_or_else(|| {
            Wrong::with(131008, format!("Required parameter {}['{key}'] is missing.", self.path))
        })
    }

    pub fn invalid(&self, why: &str) -> Wrong {
        Wrong::with(131009, format!("Param {} {why}", self.path))
    }

    pub fn text(&self) -> Result<&'a str, Wrong> {
        self.value
            .as_str()
            .ok_or_else(|| Wrong::with(100, format!("Param {} must be a string.", self.path)))
    }

    /// Text of `min` to `max` characters (not bytes).
    pub fn sized(&self, min: usize, max: usize) -> Result<&'a str, Wrong> {
        let text = self.text()?;
        let length = text.chars().count();
        if length < min || length > max {
            let why = format!("length invalid. Min length: {min}, Max length: {max}");
            return Err(self.invalid(&why));
        }
        Ok(text)
    }

    pub fn need_sized(&self, key: &str, min: usize, max: usize) -> Result<&'a str, Wrong> {
        self.need(key)?.sized(min, max)
    }

    pub fn may_sized(&self, key: &str, max: usize) -> Result<(), Wrong> {
        self.get(key).map_or(Ok(()), |at| at.sized(0, max).map(drop))
    }

    pub fn list(&self, min: usize, max: usize) -> Result<Vec<At<'a>>, Wrong> {
        let Some(items) = self.value.as_array() else {
            return Err(Wrong::with(100, format!("Param {} must be an array.", self.path)));
        };
        if items.len() < min || items.len() > max {
            return Err(self.invalid(&format!("must hold {min} to {max} items")));
        }
        let at = |(nth, value)| Self::new(value, format!("{}[{nth}]", self.path));
        Ok(items.iter().enumerate().map(at).collect())
    }

    pub fn object(&self) -> Result<(), Wrong> {
        match self.value.is_object() {
            true => Ok(()),
            false => Err(Wrong::with(100, format!("Param {} must be a JSON object.", self.path))),
        }
    }

    /// Refuses keys that the page does not know.
    pub fn only(&self, known: &[&str]) -> Result<(), Wrong> {
        self.object()?;
        let keys = self.value.as_object().into_iter().flat_map(|o| o.keys());
        match keys.into_iter().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => {
                let why = format!("Unexpected key \"{key}\" on param \"{}\".", self.path);
                Err(Wrong::with(100, why))
            }
        }
    }

    pub fn absent(&self, key: &str, why: &str) -> Result<(), Wrong> {
        self.get(key).map_or(Ok(()), |at| Err(at.invalid(why)))
    }
}
