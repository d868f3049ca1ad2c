//! From words to a query.

use super::ast::{Expr, Function, Item, Literal, Operator, Order, Path, Select};
use super::lex::{Lexed, Token, lex, unexpected};
use super::literal::bare;
use crate::error::ApiError;

type Parsed<T> = Result<T, ApiError>;

/// A query may be this long (SOQL and SOSL Reference, limits).
const LENGTH_MAX: usize = 100_000;

/// Reads one SELECT; MALFORMED_QUERY with the place where it went wrong.
pub fn parse(query: &str) -> Parsed<Select> {
    if query.chars().count() > LENGTH_MAX {
        return Err(ApiError::bad(
            "MALFORMED_QUERY",
            "SOQL statements cannot be longer than 100000 characters.",
        ));
    }
    let mut parser = Parser { query, tokens: lex(query)?, next: 0 };
    let select = parser.select()?;
    match parser.tokens.get(parser.next) {
        None => Ok(select),
        Some(_) => Err(parser.unexpected()),
    }
}

struct Parser<'a> {
    query: &'a str,
    tokens: Vec<Lexed>,
    next: usize,
}

impl Parser<'_> {
    fn select(&mut self) -> Parsed<Select> {
        self.expect("select")?;
        let mut items = vec![self.item()?];
        while self.sign(",") {
            items.push(self.item()?);
        }
        self.expect("from")?;
        let object = self.path()?.steps.join(".");
        let filter = if self.word("where") { Some(self.any()?) } else { None };
        let mut group = Vec::new();
        if self.word("group") {
            self.expect("by")?;
            group.push(self.path()?);
            while self.sign(",") {
                group.push(self.path()?);
            }
        }
        let mut order = Vec::new();
        if self.word("order") {
            self.expect("by")?;
            order.push(self.order()?);
            while self.sign(",") {
                order.push(self.order()?);
            }
        }
        let limit = if self.word("limit") { Some(self.count()?) } else { None };
        let offset = if self.word("offset") { self.count()? } else { 0 };
        let all_rows = self.word("all");
        if all_rows {
            self.expect("rows")?;
        }
        Ok(Select { items, object, filter, group, order, limit, offset, all_rows })
    }

    fn item(&mut self) -> Parsed<Item> {
        let path = self.path()?;
        if !self.sign("(") {
            return Ok(Item::Field(path));
        }
        let name = path.steps.join(".").to_lowercase();
        if name == "count" && self.sign(")") {
            return Ok(Item::CountAll);
        }
        let function = match &*name {
            "count" => Function::Count,
            "count_distinct" => Function::CountDistinct,
            "sum" => Function::Sum,
            "avg" => Function::Avg,
            "min" => Function::Min,
            "max" => Function::Max,
            "fields" => {
                let which = self.path()?.steps.join(".").to_lowercase();
                self.close()?;
                return Ok(Item::Fields(which));
            }
            _ => return Err(unexpected(self.query, path.at, &name)),
        };
        let of = self.path()?;
        self.close()?;
        let alias = match self.peek_word() {
            Some(word) if !matches!(&*word.to_lowercase(), "from") => {
                Some(self.path()?.steps.join("."))
            }
            _ => None,
        };
        Ok(Item::Aggregate { function, of, alias })
    }

    fn order(&mut self) -> Parsed<Order> {
        let path = self.path()?;
        let descending = self.word("desc");
        if !descending {
            self.word("asc");
        }
        let mut nulls_last = false;
        if self.word("nulls") {
            nulls_last = self.word("last");
            if !nulls_last {
                self.expect("first")?;
            }
        }
        Ok(Order { path, descending, nulls_last })
    }

    /// Conditions joined by OR, or by AND: the two do not mix without parentheses.
    fn any(&mut self) -> Parsed<Expr> {
        let first = self.one()?;
        for (word, make) in [("and", Expr::And as fn(Vec<Expr>) -> Expr), ("or", Expr::Or)] {
            if self.peeks(word) {
                let mut all = vec![first];
                while self.word(word) {
                    all.push(self.one()?);
                }
                if self.peeks("and") || self.peeks("or") {
                    return Err(self.unexpected());
                }
                return Ok(make(all));
            }
        }
        Ok(first)
    }

    fn one(&mut self) -> Parsed<Expr> {
        if self.word("not") {
            return Ok(Expr::Not(Box::new(self.one()?)));
        }
        if self.sign("(") {
            let inner = self.any()?;
            self.close()?;
            return Ok(inner);
        }
        let path = self.path()?;
        let negated = self.word("not");
        if negated || self.peeks("in") {
            self.expect("in")?;
            return Ok(Expr::In { path, negated, values: self.list()? });
        }
        let operator = self.operator()?;
        Ok(Expr::Compare { path, operator, value: self.literal()? })
    }

    fn operator(&mut self) -> Parsed<Operator> {
        if self.word("like") {
            return Ok(Operator::Like);
        }
        let table = [
            ("=", Operator::Equal),
            ("!=", Operator::NotEqual),
            ("<>", Operator::NotEqual),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ];
        let found = table.iter().find(|(sign, _)| self.sign(sign)).map(|(_, operator)| *operator);
        found.ok_or_else(|| self.unexpected())
    }

    fn list(&mut self) -> Parsed<Vec<Literal>> {
        if !self.sign("(") {
            return Err(self.unexpected());
        }
        let mut values = vec![self.literal()?];
        while self.sign(",") {
            values.push(self.literal()?);
        }
        self.close()?;
        Ok(values)
    }

    fn literal(&mut self) -> Parsed<Literal> {
        let value = match self.tokens.get(self.next).map(|t| &t.token) {
            Some(Token::Text(text)) => Some(Literal::Text(text.clone())),
            Some(Token::Word(word)) => bare(word),
            _ => None,
        };
        let value = value.ok_or_else(|| self.unexpected())?;
        self.next += 1;
        Ok(value)
    }

    fn count(&mut self) -> Parsed<usize> {
        let number = self.peek_word().and_then(|w| w.parse().ok());
        let number = number.ok_or_else(|| self.unexpected())?;
        self.next += 1;
        Ok(number)
    }

    fn path(&mut self) -> Parsed<Path> {
        let Some(Lexed { token: Token::Word(word), at }) = self.tokens.get(self.next) else {
            return Err(self.unexpected());
        };
        let steps: Vec<_> = word.split('.').map(str::to_owned).collect();
        let named = steps.iter().all(|s| s.starts_with(|c: char| c.is_ascii_alphabetic()));
        if !named {
            return Err(self.unexpected());
        }
        let path = Path { steps, at: *at };
        self.next += 1;
        Ok(path)
    }

    fn peek_word(&self) -> Option<&str> {
        match &self.tokens.get(self.next)?.token {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    fn peeks(&self, keyword: &str) -> bool {
        self.peek_word().is_some_and(|w| w.eq_ignore_ascii_case(keyword))
    }

    /// Takes the keyword if it is next.
    fn word(&mut self, keyword: &str) -> bool {
        let found = self.peeks(keyword);
        self.next += usize::from(found);
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Lexed { token: Token::Sign(s), .. }) if *s == sign);
        self.next += usize::from(found);
        found
    }

    fn close(&mut self) -> Parsed<()> {
        if self.sign(")") { Ok(()) } else { Err(self.unexpected()) }
    }

    fn expect(&mut self, keyword: &str) -> Parsed<()> {
        if self.word(keyword) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> ApiError {
        match self.tokens.get(self.next) {
            None => ApiError::bad("MALFORMED_QUERY", "unexpected token: '<EOF>'"),
            Some(Lexed { token, at }) => {
                let what = match token {
                    Token::Word(word) | Token::Text(word) => word,
                    Token::Sign(sign) => *sign,
                };
                unexpected(self.query, *at, what)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_query_says_where() {
        for (query, column) in [
            ("SELEC Id FROM Lead", "Column:1\n"),
            ("SELECT Id FRM Lead", "Column:11\n"),
            ("SELECT Id FROM Lead WHERE Name ~ 'a'", "Column:32\n"),
            ("SELECT Id FROM Lead WHERE a = 1 AND b = 2 OR c = 3", "Column:43\n"),
            ("SELECT Id FROM Lead WHERE Name = 'open", "Column:34\n"),
            ("SELECT Id, FROM Lead", "Column:17\n"),
            ("SELECT Id FROM Lead LIMIT many", "Column:27\n"),
        ] {
            let error = parse(query).unwrap_err();
            assert_eq!((error.status, error.code), (400, "MALFORMED_QUERY"), "{query}");
            assert!(error.message.contains(column), "{query}: {}", error.message);
        }
        assert_eq!(parse("SELECT Id FROM").unwrap_err().message, "unexpected token: '<EOF>'");
    }

    #[test]
    fn every_clause_is_read() {
        let select = parse(
            "select Id, Person__r.Key__c from X__c where (not Name like 'a\\'%') and (A__c in ('x', null) or B__c >= 2026-01-31T10:00:00Z) order by Name desc nulls last, Id limit 5 offset 10 all rows",
        )
        .unwrap();
        assert_eq!((select.limit, select.offset, select.all_rows), (Some(5), 10, true));
        assert!(
            select.order[0].descending && select.order[0].nulls_last && !select.order[1].descending
        );
        let Some(Expr::And(all)) = select.filter else { panic!("{:?}", select.filter) };
        assert!(matches!(&all[0], Expr::Not(_)));
        assert!(matches!(&all[1], Expr::Or(two) if two.len() == 2));
    }
}
