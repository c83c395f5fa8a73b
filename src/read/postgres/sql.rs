//! Names and texts within statements, quoted.

use super::address::TableName;

/// The condition that the table `c` in the schema `n` has the name `$1` and the schema `$2`, or is visible without one if
/// `$2` is NULL.
pub(crate) const HAS_NAME: &str =
    "c.relname = $1 AND CASE WHEN $2::text IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = $2 END";

/// A name as an identifier: `my "table"` is `"my ""table"""`.
pub(crate) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as a literal.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Texts as the literal of an array.
pub(super) fn array(texts: &[String]) -> String {
    let escaped = |text: &String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    literal(&format!("{{{}}}", texts.iter().map(escaped).collect::<Vec<_>>().join(",")))
}

/// A table's name as an identifier.
pub(crate) fn table(name: &TableName) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", identifier(schema), identifier(&name.name)),
        None => identifier(&name.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted() {
        let name = TableName { schema: Some("a.b".into()), name: "my \"table\"".into() };
        assert_eq!(table(&name), r#""a.b"."my ""table""""#);
        assert_eq!(literal("don't"), "'don''t'");
        assert_eq!(array(&["don't".into(), r#"a\"b,"#.into()]), r#"'{"don''t","a\\\"b,"}'"#);
    }
}
