//! One way to write down a shape of Meta's of which any key may be missing, of
//! another type, or joined by keys we do not know.

/// Fields by how they are read: `text`, `int`, `real`, `flag`, `time` give
/// `Option`s; `part` an `Option` of another shape, `list` a `Vec` of one.
macro_rules! shape {
    ($($(#[$doc:meta])* $name:ident {
        $(text { $($(#[$text_doc:meta])* $text:ident $(as $text_key:literal)?),* $(,)? })?
        $(int { $($(#[$int_doc:meta])* $int:ident $(as $int_key:literal)?),* $(,)? })?
        $(real { $($(#[$real_doc:meta])* $real:ident $(as $real_key:literal)?),* $(,)? })?
        $(flag { $($(#[$flag_doc:meta])* $flag:ident $(as $flag_key:literal)?),* $(,)? })?
        $(time { $($(#[$time_doc:meta])* $time:ident $(as $time_key:literal)?),* $(,)? })?
        $(part { $($(#[$part_doc:meta])* $part:ident $(as $part_key:literal)? : $part_of:ty),* $(,)? })?
        $(list { $($(#[$list_doc:meta])* $list:ident $(as $list_key:literal)? : $list_of:ty),* $(,)? })?
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $($($(#[$text_doc])*
            #[serde($(rename = $text_key,)? deserialize_with = "crate::wire::lenient::text")]
            pub $text: Option<String>,)*)?
            $($($(#[$int_doc])*
            #[serde($(rename = $int_key,)? deserialize_with = "crate::wire::lenient::int")]
            pub $int: Option<i64>,)*)?
            $($($(#[$real_doc])*
            #[serde($(rename = $real_key,)? deserialize_with = "crate::wire::lenient::real")]
            pub $real: Option<f64>,)*)?
            $($($(#[$flag_doc])*
            #[serde($(rename = $flag_key,)? deserialize_with = "crate::wire::lenient::flag")]
            pub $flag: Option<bool>,)*)?
            $($($(#[$time_doc])*
            #[serde($(rename = $time_key,)? deserialize_with = "crate::wire::lenient::time")]
            pub $time: Option<model::UnixMs>,)*)?
            $($($(#[$part_doc])*
            #[serde($(rename = $part_key,)? deserialize_with = "crate::wire::lenient::part")]
            pub $part: Option<$part_of>,)*)?
            $($($(#[$list_doc])*
            #[serde($(rename = $list_key,)? deserialize_with = "crate::wire::lenient::list")]
            pub $list: Vec<$list_of>,)*)?
        }
    )*};
}

pub(crate) use shape;
