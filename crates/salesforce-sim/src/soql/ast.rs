//! What a query says, before it is known whether that makes sense.

/// A name with the place where it stands, from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub steps: Vec<String>,
    pub at: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Field(Path),
    /// `COUNT()`
    CountAll,
    Aggregate {
        function: Function,
        of: Path,
        alias: Option<String>,
    },
    /// `FIELDS(ALL)`, `FIELDS(STANDARD)`, `FIELDS(CUSTOM)`
    Fields(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Count,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Null,
    Text(String),
    Number(f64),
    Bool(bool),
    /// `2026-01-31`
    Date(String),
    /// `2026-01-31T10:00:00Z`
    DateTime(String),
    /// `TODAY`, `LAST_N_DAYS:30`
    Range(String),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Compare { path: Path, operator: Operator, value: Literal },
    In { path: Path, negated: bool, values: Vec<Literal> },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub path: Path,
    pub descending: bool,
    pub nulls_last: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    pub items: Vec<Item>,
    pub object: String,
    pub filter: Option<Expr>,
    pub group: Vec<Path>,
    pub order: Vec<Order>,
    pub limit: Option<usize>,
    pub offset: usize,
    pub all_rows: bool,
}
