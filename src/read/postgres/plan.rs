//! `Plan`: the statements that read a table, each a task for one connection.
//!
//! ```text
//! --word with an index     a COPY for each batch of words
//! pages known              a COPY for each range of pages; the last range has no end
//! no pages (a view, ...)   one COPY
//! ```

use std::sync::Arc;

use serde_json::Value;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::columns::Columns;
use super::failure::Failure;
use super::relation::{Part, Relation};
use super::sql;
use crate::parse::Format;

/// What a count needs of a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) needs_years: bool,
    pub(crate) needs_volumes: bool,
    /// The only words that count, if the server can compare them.
    pub(crate) words: Option<Arc<[String]>>,
}

/// A statement for one connection.
#[derive(Debug)]
pub(super) struct Task {
    /// `COPY ... TO STDOUT`.
    pub(super) copy: String,
    /// The bytes of the table that are done with it, for progress.
    pub(super) stored: u64,
}

pub(super) struct Plan {
    pub(super) format: Format,
    pub(super) tasks: Vec<Task>,
    /// Whether the tasks look words up.
    pub(super) looks_up: bool,
}

/// The number of pages of a range: 8 MiB. Each COPY takes about a millisecond to begin.
const PAGES: u64 = 1024;
/// The smallest number of pages of a range, so that a small table is shared, too.
const MIN_PAGES: u64 = 32;
/// The number of ranges for each connection, so that all end at about the same time.
const RANGES_PER_CONNECTION: u64 = 4;
/// The largest number of words in a query.
const MAX_BATCH: usize = 256;
/// The number of batches for each connection.
const BATCHES_PER_CONNECTION: usize = 8;
/// With more words, the statements of all ranges would be longer than the rows that they save.
const MAX_FILTERED: usize = 10_000;
/// The same for servers before version 14, which compare each row with each word.
const MAX_COMPARED: usize = 10;

impl Plan {
    /// The tasks for `connections`. `bytes` is the table's length for progress.
    ///
    /// # Errors
    /// When the server refuses to explain a query, as for lack of a permission.
    pub(super) async fn new(
        client: &Client,
        relation: &Relation,
        request: &Request,
        connections: usize,
        bytes: u64,
    ) -> Result<Self, Failure> {
        let select = Select::new(&relation.columns, request);
        let max_filtered = if relation.hashes_lists { MAX_FILTERED } else { MAX_COMPARED };
        let look_ups = match &request.words {
            Some(words) if relation.columns.is_exact => select.look_ups(client, relation, words, connections).await?,
            _ => None,
        };
        let looks_up = look_ups.is_some();
        let copies = look_ups.unwrap_or_else(|| {
            let filtered = request.words.as_ref().filter(|words| words.len() <= max_filtered);
            select.scans(relation, connections, filtered)
        });
        let mut tasks: Vec<Task> = copies.into_iter().map(|copy| Task { copy, stored: 0 }).collect();
        // Each task stands for the same part of the progress, and all together for the whole.
        let number = tasks.len() as u64;
        let until = |task: u64| (u128::from(bytes) * u128::from(task) / u128::from(number.max(1))) as u64;
        for (place, task) in (0..).zip(&mut tasks) {
            task.stored = until(place + 1) - until(place);
        }
        Ok(Self { format: select.format, tasks, looks_up })
    }
}

/// The columns that a request needs, and the format of their lines.
struct Select<'a> {
    columns: &'a Columns,
    /// The expressions, the ngram first.
    expressions: Vec<&'a str>,
    format: Format,
}

impl<'a> Select<'a> {
    fn new(columns: &'a Columns, request: &Request) -> Self {
        let (ngram, count) = (columns.ngram.as_str(), columns.match_count.as_str());
        let (expressions, format) = match &columns.year {
            Some(year) if request.needs_years => {
                // The format has a volume_count in each row.
                let volumes = columns.volume_count.as_deref().filter(|_| request.needs_volumes).unwrap_or("0");
                (vec![ngram, year, count, volumes], Format::V2)
            }
            _ => (vec![ngram, count], Format::Counts),
        };
        Self { columns, expressions, format }
    }

    /// COPY for each range of each part.
    fn scans(&self, relation: &Relation, connections: usize, words: Option<&Arc<[String]>>) -> Vec<String> {
        let among = words.map(|words| self.among(words));
        let parts = relation.parts.iter().flat_map(|part| {
            let pages = part.pages.unwrap_or(0);
            let size = (pages / (connections as u64 * RANGES_PER_CONNECTION)).clamp(MIN_PAGES, PAGES);
            ranges(part, size).into_iter().map(|range| (&part.from, range))
        });
        parts
            .map(|(from, range)| {
                let conditions: Vec<String> = range.into_iter().chain(among.clone()).collect();
                self.copy(from, &conditions)
            })
            .collect()
    }

    /// The condition that a row has one of the words.
    fn among(&self, words: &[String]) -> String {
        let Columns { ngram_column, ngram_type, .. } = self.columns;
        format!("{ngram_column} = ANY ({}::{ngram_type}[])", sql::array(words))
    }

    /// COPY for batches of words; `None` without an index, and if these words are about all rows of the table.
    ///
    /// COPY takes no parameters, so the words stand in the statement. Prepared queries, two at a time on each connection,
    /// took 0.65 s of the program's processor time for 50,000 words of 60 rows each, as each row is a message to be
    /// taken apart. COPY takes 0.2 s, and the plan of a statement 0.2 ms of the server's.
    async fn look_ups(
        &self,
        client: &Client,
        relation: &Relation,
        words: &[String],
        connections: usize,
    ) -> Result<Option<Vec<String>>, Failure> {
        let size = (words.len() / (connections * BATCHES_PER_CONNECTION)).clamp(1, MAX_BATCH);
        let batches: Vec<String> = words.chunks(size).map(|batch| self.among(batch)).collect();
        let Some(first) = batches.first() else { return Ok(Some(Vec::new())) };
        let mut copies = Vec::new();
        for Part { from, .. } in &relation.parts {
            let whole = self.query(from, &[]);
            let batch = explain(client, &format!("{whole} WHERE {first}")).await?;
            let all = explain(client, &whole).await?;
            // The costs that the server expects are those of a disk: an index that is in memory is far faster.
            if !batch.uses_index || batch.rows * batches.len() as f64 > all.rows {
                return Ok(None);
            }
            copies.extend(batches.iter().map(|among| self.copy(from, std::slice::from_ref(among))));
        }
        Ok(Some(copies))
    }

    fn copy(&self, from: &str, conditions: &[String]) -> String {
        format!("COPY ({}) TO STDOUT", self.query(from, conditions))
    }

    fn query(&self, from: &str, conditions: &[String]) -> String {
        let where_ = if conditions.is_empty() { "" } else { " WHERE " };
        format!("SELECT {} FROM {from}{where_}{}", self.expressions.join(", "), conditions.join(" AND "))
    }
}

/// The conditions that tile a part's pages in ranges of `size` pages. The last range has no end, because pages may come.
fn ranges(part: &Part, size: u64) -> Vec<Option<String>> {
    let Some(pages) = part.pages.filter(|pages| *pages > size) else { return vec![None] };
    let page = |number: u64| format!("'({number},0)'::tid");
    let starts = (0..pages).step_by(usize::try_from(size).unwrap_or(usize::MAX));
    starts
        .map(|start| {
            let begin = format!("ctid >= {}", page(start));
            let end = start + size;
            Some(if end < pages { format!("{begin} AND ctid < {}", page(end)) } else { begin })
        })
        .collect()
}

/// What the server thinks of a query.
struct Estimate {
    rows: f64,
    uses_index: bool,
}

async fn explain(client: &Client, query: &str) -> Result<Estimate, Failure> {
    let unexpected = || Failure::new("the server explains a query in an unknown way");
    let answer = client.simple_query(&format!("EXPLAIN (FORMAT JSON) {query}")).await?;
    let text = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let plan: Value = text.and_then(|text| serde_json::from_str(text).ok()).ok_or_else(unexpected)?;
    let plan = plan.pointer("/0/Plan").ok_or_else(unexpected)?;
    let rows = plan["Plan Rows"].as_f64().ok_or_else(unexpected)?;
    Ok(Estimate { rows, uses_index: uses_index(plan) })
}

/// Whether a node of a plan, or one below it, reads an index.
fn uses_index(plan: &Value) -> bool {
    plan["Node Type"].as_str().is_some_and(|node| node.contains("Index"))
        || plan["Plans"].as_array().is_some_and(|plans| plans.iter().any(uses_index))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(pages: Option<u64>) -> Part {
        Part { from: "t".into(), pages, bytes: None }
    }

    #[test]
    fn ranges_tile_the_pages_and_the_last_has_no_end() {
        let found: Vec<String> = ranges(&part(Some(5)), 2).into_iter().flatten().collect();
        let expected = [
            "ctid >= '(0,0)'::tid AND ctid < '(2,0)'::tid",
            "ctid >= '(2,0)'::tid AND ctid < '(4,0)'::tid",
            "ctid >= '(4,0)'::tid",
        ];
        assert_eq!(found, expected);
        assert_eq!(ranges(&part(Some(4)), 2).len(), 2);
    }

    #[test]
    fn a_small_part_and_one_without_pages_are_one_range() {
        for pages in [None, Some(0), Some(2)] {
            assert_eq!(ranges(&part(pages), 2), [None]);
        }
    }
}
